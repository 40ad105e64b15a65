using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Pledges;

/// <summary>Enters a pledge: a public promise by one donor, or by several with a published split.</summary>
internal sealed class RecordPledge : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/pledges", Handle).Writes("RecordPledge", "Pledges",
        "Record a pledge", "A public promise by one donor, or by several with a published split.", Role.Editor);

    /// <param name="Donors">Who promises how much. Partners who publish no split stand together as an organization of type `group`.</param>
    /// <param name="Currency">ISO 4217; the currency of all amounts here.</param>
    /// <param name="Qualifier">How exact the source was: "about" is `approximate`, "more than" `at_least`, "up to" `at_most`.</param>
    /// <param name="FundId">What the money is for; or a recipient, or both, or neither.</param>
    /// <param name="Shared">The source names several countries and no split.</param>
    /// <param name="Sectors">OECD DAC 5-digit purpose codes.</param>
    /// <param name="Restates">The id of an earlier pledge that this one repackages; it then stays out of totals.</param>
    /// <param name="PassedOnFrom">The id of the pledge whose money this passes on; it then stays out of totals.</param>
    public sealed record Request(
        IReadOnlyList<DonorShare>? Donors = null, string? Currency = null, string? Qualifier = null, DateOnly? AnnouncedOn = null, string? DatePrecision = null,
        string? FundId = null, string? RecipientId = null, string? EventId = null, string? Instrument = null, IReadOnlyList<string>? Countries = null,
        bool? Shared = null, IReadOnlyList<string>? Sectors = null, IReadOnlyList<int>? UsageYears = null, string? Earmarking = null, DateOnly? DueOn = null,
        IReadOnlyList<InstalmentRequest>? Instalments = null, LocalizedText? Description = null, LocalizedText? Note = null, string? Restates = null,
        string? PassedOnFrom = null, string? ExternalSystem = null, string? ExternalId = null, IReadOnlyList<CitationRequest>? Citations = null);

    /// <param name="AmountUsd">US dollars as the source gave them; needed for other currencies where no exchange rate is loaded.</param>
    public sealed record DonorShare(string? DonorId = null, decimal? Amount = null, decimal? AmountUsd = null);

    public sealed record InstalmentRequest(DateOnly? DueOn = null, decimal? Amount = null);

    internal sealed class DonorShareRules : AbstractValidator<DonorShare>
    {
        public DonorShareRules()
        {
            RuleFor(s => s.DonorId).Needed().IsSlug();
            RuleFor(s => s.Amount).Needed().IsPositive();
            RuleFor(s => s.AmountUsd).IsPositive();
        }
    }

    internal sealed class InstalmentRules : AbstractValidator<InstalmentRequest>
    {
        public InstalmentRules()
        {
            RuleFor(i => i.DueOn).Needed();
            RuleFor(i => i.Amount).Needed().IsPositive();
        }
    }

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Donors).HasSome().HasAtMost(100);
            RuleFor(r => r.Donors).Must(d => d is null || d.Select(s => s.DonorId).Distinct().Count() == d.Count).Or("repeated",
                "Name each donor once.", "اذكر كل جهة مانحة مرة واحدة.");
            RuleForEach(r => r.Donors).SetValidator(new DonorShareRules());
            RuleFor(r => r.Currency).Needed().IsCurrency();
            RuleFor(r => r.Qualifier).IsOneOf(Words.Qualifiers);
            RuleFor(r => r.AnnouncedOn).Needed();
            RuleFor(r => r.DatePrecision).IsOneOf(Words.DatePrecisions);
            RuleFor(r => r.FundId).IsSlug();
            RuleFor(r => r.RecipientId).IsSlug();
            RuleFor(r => r.EventId).IsSlug();
            RuleFor(r => r.Instrument).Needed().IsOneOf(Words.Instruments);
            RuleFor(r => r.Countries).HasAtMost(250).HasNoRepeats();
            RuleForEach(r => r.Countries).IsCountry();
            RuleFor(r => r.Sectors).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.Sectors).IsSector();
            RuleFor(r => r.UsageYears).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.UsageYears).InclusiveBetween(1945, 2100).Or("out_of_range", "Send a year from 1945 to 2100.", "أرسل سنة من 1945 إلى 2100.");
            RuleFor(r => r.Earmarking).IsOneOf(Words.Earmarkings);
            RuleFor(r => r.Instalments).HasAtMost(100);
            RuleForEach(r => r.Instalments).SetValidator(new InstalmentRules());
            RuleFor(r => r.Description).IsText(4000);
            RuleFor(r => r.Note).IsText(4000);
            RuleFor(r => r.Restates).IsUuid();
            RuleFor(r => r.PassedOnFrom).IsUuid();
            RuleFor(r => r.ExternalSystem).IsText(100);
            RuleFor(r => r.ExternalId).IsText(200).Must((r, id) => (id is null) == (r.ExternalSystem is null)).Or("required",
                "Send externalSystem and externalId together.", "أرسل externalSystem و externalId معا.");
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    private static Task<Recorded<Pledge>> Handle(WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller.Actor, request.Body).Then<Made<Pledge>>(id => GetPledge.Load(write, id, request.View)!));

    internal static Outcome<string> Record(Write write, ChangeLog log, Actor actor, Request request)
    {
        var references = new References(write);
        var faults = references.Faults;
        var announcedOn = request.AnnouncedOn!.Value;
        references.Fund("/fundId", request.FundId);
        references.Organization("/recipientId", request.RecipientId);
        references.Event("/eventId", request.EventId);
        Citations.Check(references, request.Citations);
        CodeRules.NotAfterTomorrow(faults, "/announcedOn", announcedOn, write.At);
        if (request.DueOn is { } dueOn)
        {
            CodeRules.NotFarAhead(faults, "/dueOn", dueOn, write.At);
        }

        var shares = request.Donors!.Select((share, i) =>
        {
            references.Organization($"/donors/{i}/donorId", share.DonorId);
            var minor = CodeRules.Minor(faults, $"/donors/{i}/amount", share.Amount!.Value, request.Currency!);
            return (share.DonorId, Minor: minor, Usd: CodeRules.Usd(faults, write, minor, request.Currency!, share.AmountUsd, announcedOn, $"/donors/{i}/amountUsd"));
        }).ToList();
        var instalments = (request.Instalments ?? []).Select((instalment, i) =>
        {
            CodeRules.NotFarAhead(faults, $"/instalments/{i}/dueOn", instalment.DueOn!.Value, write.At);
            return new StoredInstalment(instalment.DueOn.Value, CodeRules.Minor(faults, $"/instalments/{i}/amount", instalment.Amount!.Value, request.Currency!));
        }).ToList();
        if (instalments.Sum(i => i.AmountMinor) > shares.Sum(s => s.Minor))
        {
            references.Add("/instalments", "out_of_range", "The instalments come to more than the pledge.", "مجموع الأقساط أكبر من التعهد.");
        }

        var header = new NewHeader
        {
            Id = actor.NewId(write.At).ToString("D"),
            Origin = "announced",
            AnnouncedOn = announcedOn,
            FundId = request.FundId,
            RecipientId = request.RecipientId,
            EventId = request.EventId,
            Instrument = request.Instrument,
            Currency = request.Currency,
            Qualifier = request.Qualifier,
            Shared = request.Shared ?? false,
            DatePrecision = request.DatePrecision,
            DueOn = request.DueOn,
            Instalments = instalments,
            Countries = request.Countries ?? [],
            Sectors = request.Sectors ?? [],
            UsageYears = request.UsageYears ?? [],
            Earmarking = request.Earmarking,
            Description = request.Description,
            Note = request.Note,
            RestatesNo = references.Pledge("/restates", request.Restates),
            PassedOnFromNo = references.Pledge("/passedOnFrom", request.PassedOnFrom),
            ExternalSystem = request.ExternalSystem,
            ExternalId = request.ExternalId,
        };
        if (faults.Count > 0)
        {
            return faults;
        }

        if (request.ExternalId is not null && write.First<string>("SELECT id FROM pledge WHERE external_system = @system AND external_id = @id",
                ("@system", request.ExternalSystem), ("@id", request.ExternalId)) is { } existing)
        {
            return Refusal.Conflict("A pledge with that externalSystem and externalId is recorded already.",
                "يوجد تعهد مسجل بقيمتي externalSystem و externalId نفسيهما.", $"/v1/pledges/{existing}");
        }

        var posting = header.Insert(write, actor);
        foreach (var (donorId, minor, usd) in shares)
        {
            posting.Add(actor, new NewEntry("pledge", donorId!, minor, request.Currency!, usd, request.Qualifier ?? "exact", announcedOn,
                request.DatePrecision ?? "day"));
        }

        Citations.Add(write, Citations.OfPledges, posting.Header.No, request.Citations);
        posting.Settle(log.Append(write, actor, "created", "pledge", header.Id, request, pledgeId: header.Id));
        return header.Id;
    }
}
