using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Pledges;
using PledgeTracker.Sources;

namespace PledgeTracker.Contributions;

/// <summary>Enters a commitment or a payment (or that one was released or refunded), on a pledge or directly.</summary>
internal sealed class RecordContribution : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/contributions", Handle).Writes("RecordContribution", "Contributions",
        "Record a contribution",
        "A commitment or a payment, or that one was released or refunded: under a pledge (`pledgeId`), or directly (`donorId` with `fundId` or `recipientId`). " +
        "A recorder enters what its own organization gave or received. The same `externalId` with the same content answers 200 with the record that exists, " +
        "with other content 409. A payment that the other party seems to have recorded already answers 409 `possible_duplicate`: confirm that one, or say `distinctFrom`.",
        Role.Recorder).Refuses(403).Produces<Contribution<LocalizedText>>(200);

    /// <param name="PledgeId">The pledge it fulfils. Without one it is a direct contribution and names donor and destination itself.</param>
    /// <param name="DonorId">Who gives. On a pledge only where several donors pledged together.</param>
    /// <param name="Stage">`commitment` or `payment`; `release` takes back a commitment, `refund` a payment.</param>
    /// <param name="AmountUsd">US dollars as the source gave them; needed for other currencies where no exchange rate is loaded.</param>
    /// <param name="Date">The day it counts from; up to tomorrow.</param>
    /// <param name="ExternalId">Your own number for it, unique in your organization: a second guard against recording it twice.</param>
    /// <param name="PaidBy">The member that paid, where partners pledged as a group.</param>
    /// <param name="PassedOnFrom">The id of the pledge whose money this passes on; it then stays out of totals. Direct contributions only.</param>
    /// <param name="DistinctFrom">The id of a contribution that looks the same and is another.</param>
    public sealed record Request(
        string? PledgeId = null, string? DonorId = null, string? FundId = null, string? RecipientId = null, [property: OneOf(nameof(Words.Instruments))] string? Instrument = null,
        IReadOnlyList<string>? Countries = null, [property: OneOf(nameof(Words.Stages))] string? Stage = null, decimal? Amount = null, string? Currency = null,
        decimal? AmountUsd = null, DateOnly? Date = null, [property: OneOf(nameof(Words.DatePrecisions))] string? DatePrecision = null,
        [property: OneOf(nameof(Words.Qualifiers))] string? Qualifier = null, string? Reference = null, string? ExternalId = null,
        LocalizedText? Note = null, IReadOnlyList<CitationRequest>? Citations = null, string? PaidBy = null, string? PassedOnFrom = null, string? DistinctFrom = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        private const string Taken = "Leave this out: a contribution to a pledge takes it from the pledge.";
        private const string TakenAr = "لا ترسل هذا الحقل: تأخذه المساهمة في تعهد من التعهد نفسه.";

        public Rules()
        {
            RuleFor(r => r.PledgeId).IsUuid();
            RuleFor(r => r.DonorId).IsSlug();
            RuleFor(r => r.DonorId).Must((r, id) => id is not null || r.PledgeId is not null).Or("required",
                "Send pledgeId, or donorId with fundId or recipientId.", "أرسل pledgeId، أو donorId مع fundId أو recipientId.");
            RuleFor(r => r.FundId).IsSlug();
            RuleFor(r => r.FundId).Must((r, id) => id is not null || r.PledgeId is not null || r.RecipientId is not null).Or("required",
                "A contribution without a pledge needs fundId or recipientId.", "تحتاج المساهمة التي لا تستند إلى تعهد إلى fundId أو recipientId.");
            RuleFor(r => r.FundId).Must((r, id) => id is null || r.PledgeId is null).Or("not_allowed", Taken, TakenAr);
            RuleFor(r => r.RecipientId).IsSlug();
            RuleFor(r => r.RecipientId).Must((r, id) => id is null || r.PledgeId is null).Or("not_allowed", Taken, TakenAr);
            RuleFor(r => r.Instrument).IsOneOf(Words.Instruments);
            RuleFor(r => r.Instrument).Must((r, word) => word is null || r.PledgeId is null).Or("not_allowed", Taken, TakenAr);
            RuleFor(r => r.Countries).HasAtMost(250).HasNoRepeats();
            RuleFor(r => r.Countries).Must((r, list) => list is null || r.PledgeId is null).Or("not_allowed", Taken, TakenAr);
            RuleForEach(r => r.Countries).IsCountry();
            RuleFor(r => r.Stage).Needed().IsOneOf(Words.Stages);
            RuleFor(r => r.Amount).Needed().IsPositive();
            RuleFor(r => r.Currency).Needed().IsCurrency();
            RuleFor(r => r.AmountUsd).IsPositive();
            RuleFor(r => r.Date).Needed();
            RuleFor(r => r.DatePrecision).IsOneOf(Words.DatePrecisions);
            RuleFor(r => r.Qualifier).IsOneOf(Words.Qualifiers);
            RuleFor(r => r.Reference).IsText(200);
            RuleFor(r => r.ExternalId).IsText(200);
            RuleFor(r => r.Note).IsText(4000);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
            RuleFor(r => r.PaidBy).IsSlug();
            RuleFor(r => r.PassedOnFrom).IsUuid();
            RuleFor(r => r.PassedOnFrom).Must((r, id) => id is null || r.PledgeId is null).Or("not_allowed", Taken, TakenAr);
            RuleFor(r => r.DistinctFrom).IsUuid();
        }
    }

    private static readonly Rules Shape = new();

    private static Task<Recorded<Contribution<LocalizedText>>> Handle(WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(Shape, write =>
        Duplicates.SameExternalId(write, request.Caller, request.Body) is { } same
            ? same.Then(id => GetContribution.Load(write, id, request.View)! with { Status = 200 })
            : Record(write, log, request.Caller.Actor, request.Body, request.Caller).Then<Made<Contribution<LocalizedText>>>(id => GetContribution.Load(write, id, request.View)!));

    internal static Outcome<string> Record(Write write, ChangeLog log, Actor actor, Request request) => Record(write, log, actor, request, Caller.Local);

    private static Outcome<string> Record(Write write, ChangeLog log, Actor actor, Request request, Caller caller)
    {
        var references = new References(write);
        var faults = references.Faults;
        var date = request.Date!.Value;
        Citations.Check(references, request.Citations);
        references.Organization("/paidBy", request.PaidBy);
        CodeRules.NotAfterTomorrow(faults, "/date", date, write.At);
        var minor = CodeRules.Minor(faults, "/amount", request.Amount!.Value, request.Currency!);
        var usd = CodeRules.Usd(faults, write, minor, request.Currency!, request.AmountUsd, date);
        Posting? posting = null;
        var donorId = request.DonorId;
        if (request.PledgeId is not null)
        {
            posting = references.Posting("/pledgeId", request.PledgeId);
            donorId = posting is null ? null : Promises.FindLine(references, posting, request.DonorId)?.DonorId;
        }
        else
        {
            references.Organization("/donorId", request.DonorId);
            references.Fund("/fundId", request.FundId);
            references.Organization("/recipientId", request.RecipientId);
        }

        if (request.PaidBy is not null && write.First<string>("SELECT type FROM organization WHERE id = @id", ("@id", donorId)) is not (null or "group"))
        {
            references.Add("/paidBy", "not_allowed", "Only a group has a member that pays for it: leave this out.", "لا يدفع عضو إلا عن مجموعة: لا ترسل هذا الحقل.");
        }

        var passedOnFrom = references.Pledge("/passedOnFrom", request.PassedOnFrom);
        if (faults.Count > 0)
        {
            return faults;
        }

        if (posting is not null && ReclassifyPledge.Refused(posting.Header) is { } moved)
        {
            return moved;
        }

        var recipientId = posting is null ? request.RecipientId : posting.Header.RecipientId;
        if (!caller.SpeaksFor(donorId, request.PaidBy, recipientId))
        {
            return new Refusal("forbidden", new(
                $"A recorder of {caller.OrganizationId} enters what {caller.OrganizationId} gave or received.",
                $"يسجل مفتاح {caller.OrganizationId} ما قدمته هذه الجهة أو تلقته."));
        }

        var back = request.Stage is "release" or "refund";
        if (back && TooMuch(posting, donorId!, request.Stage!, minor, request.Currency!) is { } refusal)
        {
            return refusal;
        }

        if (request.Stage == "payment" && Duplicates.ByOtherParty(write, actor, donorId!, posting?.Header.FundId ?? request.FundId, recipientId, minor, request) is { } twin)
        {
            return new Refusal("possible_duplicate", new(
                "Another party has recorded a payment of this amount between the same two within 30 days. Confirm that one, or send its id as distinctFrom.",
                "سجلت جهة أخرى دفعة بهذا المبلغ بين الطرفين نفسيهما خلال 30 يوما. أكد تلك الدفعة أو أرسل معرفها في distinctFrom."), null, $"/v1/contributions/{twin}");
        }

        posting ??= new NewHeader
        {
            Id = actor.NewId(write.At).ToString("D"),
            Origin = "direct",
            AnnouncedOn = date,
            FundId = request.FundId,
            RecipientId = request.RecipientId,
            Instrument = request.Instrument,
            Qualifier = request.Qualifier,
            DatePrecision = request.DatePrecision,
            Countries = request.Countries ?? [],
            PassedOnFromNo = passedOnFrom,
        }.Insert(write, actor);
        var kind = request.Stage is "commitment" or "release" ? "commitment" : "payment";
        var entry = posting.Add(actor, new NewEntry(kind, donorId!, back ? -minor : minor, request.Currency!, back ? usd.Negative : usd,
            request.Qualifier ?? "exact", date, request.DatePrecision ?? "day")
        {
            PaidBy = request.PaidBy,
            Reference = request.Reference,
            ExternalId = request.ExternalId,
            Note = request.Note,
        });
        Citations.Add(write, Citations.OfEntries, entry.No, request.Citations);
        posting.Settle(log.Append(write, actor, "created", "contribution", entry.Id, request, pledgeId: posting.Header.Id));
        return entry.Id;
    }

    // No more can be released or refunded than was committed or paid in that currency.
    private static Refusal? TooMuch(Posting? posting, string donorId, string stage, long minor, string currency)
    {
        var kind = stage == "release" ? "commitment" : "payment";
        var there = posting is null ? 0 : Figures.Live([.. posting.Entries.Where(e => e.DonorId == donorId)])
            .Where(e => e.Kind == kind && e.Currency == currency).Sum(e => e.AmountMinor);
        return minor <= there
            ? null
            : Refusal.Conflict($"Only {Currency.Major(there, currency)} {currency} can be taken back as a {stage}.",
                $"لا يمكن أن يُسترد إلا {Currency.Major(there, currency)} {currency}.");
    }
}
