using System.Linq.Expressions;
using System.Text.Json.Serialization;
using PledgeTracker.Entries;

namespace PledgeTracker.Contributions;

/// <summary>Enters a commitment or a payment (or that one was released or refunded), on a pledge or directly.</summary>
public sealed class RecordContribution : Writes<RecordContribution.Request, Contribution<LocalizedText>>
{
    /// <param name="PledgeId">The pledge it fulfils. Without one it is a direct contribution and names donor and destination itself.</param>
    /// <param name="DonorId">Who gives. On a pledge only where several donors pledged together.</param>
    /// <param name="Stage">`commitment` or `payment`; `release` takes back a commitment, `refund` a payment.</param>
    /// <param name="AmountUsd">US dollars as the source gave them; needed for other currencies where no exchange rate is loaded.</param>
    /// <param name="Settles">On a pledge in another currency: how much of it this settles, in the pledge's currency. Otherwise it counts at the pledge's rate.</param>
    /// <param name="UsdQualifier">How exact the US dollars are, where that differs from the amount: 500 million EUR exactly, about 617 million USD.</param>
    /// <param name="Date">The day it counts from; up to tomorrow.</param>
    /// <param name="ExternalSystem">Whose number `externalId` is, such as `fts`, in capitals or not; where it is left out it is your organization's own.</param>
    /// <param name="ExternalId">Its number there, which no other contribution of yours has: a second guard against recording it twice. One of an `externalSystem` may name a commitment, the payment that it became, and an adjustment, one of each.</param>
    /// <param name="EventId">The event at which it was announced. This and the following are of direct contributions: one to a pledge takes them from the pledge.</param>
    /// <param name="Countries">Where the money goes: codes, or, where the source gives a split, countries with a `share` each, which add up to 100.</param>
    /// <param name="Shared">The source names several countries and no split.</param>
    /// <param name="Sectors">OECD DAC 5-digit purpose codes.</param>
    /// <param name="UsageYears">The years the money is for: it covers what is required for those, whenever it came.</param>
    /// <param name="PaidBy">The member that paid, where partners pledged as a group.</param>
    /// <param name="PassedOnFrom">The id of the pledge whose money this passes on; it then stays out of totals. Direct contributions only.</param>
    /// <param name="DistinctFrom">The id of a contribution that looks the same and is another, several of them, or `all`.</param>
    public sealed record Request(
        string? PledgeId = null, string? DonorId = null, string? FundId = null, string? RecipientId = null, string? Instrument = null,
        [property: JsonConverter(typeof(Json.TextsOrObjects<CountryShare>))] IReadOnlyList<CountryShare>? Countries = null,
        string? Stage = null, decimal? Amount = null, string? Currency = null, decimal? AmountUsd = null,
        DateOnly? Date = null, string? DatePrecision = null, string? Qualifier = null, [property: Identifier] string? Reference = null, [property: Identifier(IsOfSystem = true)] string? ExternalSystem = null,
        [property: Identifier] string? ExternalId = null,
        LocalizedText? Note = null, IReadOnlyList<CitationRequest>? Citations = null, string? PaidBy = null, string? PassedOnFrom = null,
        [property: JsonConverter(typeof(Json.OneOrSeveral))] IReadOnlyList<string>? DistinctFrom = null,
        Settlement? Settles = null, string? UsdQualifier = null, string? EventId = null, bool? Shared = null, IReadOnlyList<string>? Sectors = null,
        IReadOnlyList<int>? UsageYears = null, string? Earmarking = null, LocalizedText? Description = null);

    /// <param name="Amount">Positive, also for a release or a refund.</param>
    /// <param name="Currency">The pledge's.</param>
    public sealed record Settlement(decimal? Amount = null, string? Currency = null);

    public sealed class Rules : Validator<Request>
    {
        private static readonly LocalizedText Taken = new(
            "Leave this out: a contribution to a pledge takes it from the pledge.", "لا ترسل هذا الحقل: تأخذه المساهمة في تعهد من التعهد نفسه.");

        public Rules()
        {
            RuleFor(r => r.PledgeId).IsUuid();
            RuleFor(r => r.DonorId).IsSlug();
            RuleFor(r => r.DonorId).Must((r, id) => id is not null || r.PledgeId is not null).Or("required",
                "Send pledgeId, or donorId with fundId, recipientId or countries.", "أرسل pledgeId، أو donorId مع fundId أو recipientId أو countries.");
            RuleFor(r => r.FundId).IsSlug();
            RuleFor(r => r.FundId).Must((r, id) => id is not null || r.PledgeId is not null || r.RecipientId is not null || r.Countries is { Count: > 0 }).Or("required",
                "A contribution without a pledge needs fundId, recipientId or countries.", "تحتاج المساهمة التي لا تستند إلى تعهد إلى fundId أو recipientId أو countries.");
            RuleFor(r => r.RecipientId).IsSlug();
            RuleFor(r => r.Instrument).IsOneOf(Vocabulary.Instruments);
            RuleFor(r => r.Countries).AreCountries();
            RuleFor(r => r.EventId).IsSlug();
            RuleFor(r => r.Shared).HasNoShares(r => r.Countries);
            RuleFor(r => r.Sectors).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.Sectors).IsSector();
            RuleFor(r => r.UsageYears).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.UsageYears).IsUsageYear();
            RuleFor(r => r.Earmarking).IsOneOf(Vocabulary.Earmarkings);
            RuleFor(r => r.Description).IsText(20_000);
            RuleFor(r => r.Stage).Needed();
            RuleFor(r => r.Stage).IsOneOf(Vocabulary.EnteredStages);
            RuleFor(r => r.Amount).Needed();
            RuleFor(r => r.Amount).IsPositive();
            RuleFor(r => r.Amount).IsOf(r => r.Currency);
            RuleFor(r => r.Currency).Needed();
            RuleFor(r => r.Currency).IsCurrency();
            RuleFor(r => r.AmountUsd).IsNotNegative();
            RuleFor(r => r.AmountUsd).IsOf(_ => "USD");
            RuleFor(r => r.Date).Needed();
            RuleFor(r => r.DatePrecision).IsOneOf(Vocabulary.DatePrecisions);
            RuleFor(r => r.Qualifier).IsOneOf(Vocabulary.Qualifiers);
            RuleFor(r => r.UsdQualifier).IsOneOf(Vocabulary.Qualifiers);
            RuleFor(r => r.UsdQualifier).Must((r, word) => word is null || r.Currency != "USD" || word == (r.Qualifier ?? "exact")).Or("not_allowed", CodeRules.NoSecondQualifier);
            RuleFor(r => r.Settles!).SetValidator(new SettlementRules());
            RuleFor(r => r.Settles).Must((r, settles) => settles is null || r.PledgeId is not null).Or("not_allowed",
                "Only a contribution to a pledge settles it: leave this out.", "لا تسدد إلا المساهمة في تعهد: لا ترسل هذا الحقل.");
            RuleFor(r => r.Reference).IsText(200);
            RuleFor(r => r.ExternalSystem).IsText(100);
            RuleFor(r => r.ExternalId).IsText(200);
            RuleFor(r => r.ExternalId).Must((r, id) => id is not null || r.ExternalSystem is null).Or("required",
                "Send the number that it has in externalSystem, or leave both out.", "أرسل رقمها في externalSystem، أو لا ترسل أيا منهما.");
            RuleFor(r => r.Note).IsText(20_000);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
            RuleFor(r => r.PaidBy).IsSlug();
            RuleFor(r => r.PassedOnFrom).IsUuid();
            RuleFor(r => r.DistinctFrom).HasAtMost(100);
            RuleForEach(r => r.DistinctFrom).Must((r, id) => (id == "all" && r.DistinctFrom!.All(other => other == "all")) || Guid.TryParseExact(id, "D", out _)).Or("invalid_id",
                "Send the ids of contributions, or all alone.", "أرسل معرفات مساهمات، أو all وحدها.");
            IsTakenFromThePledge(r => r.FundId);
            IsTakenFromThePledge(r => r.RecipientId);
            IsTakenFromThePledge(r => r.Instrument);
            IsTakenFromThePledge(r => r.Countries);
            IsTakenFromThePledge(r => r.EventId);
            IsTakenFromThePledge(r => r.Shared);
            IsTakenFromThePledge(r => r.Sectors);
            IsTakenFromThePledge(r => r.UsageYears);
            IsTakenFromThePledge(r => r.Earmarking);
            IsTakenFromThePledge(r => r.Description);
            IsTakenFromThePledge(r => r.PassedOnFrom);
        }

        private void IsTakenFromThePledge<TProperty>(Expression<Func<Request, TProperty>> member) =>
            RuleFor(member).Must((r, value) => value is null || r.PledgeId is null).Or("not_allowed", Taken);
    }

    private sealed class SettlementRules : AbstractValidator<Settlement>
    {
        public SettlementRules()
        {
            RuleFor(s => s.Amount).Needed().IsPositive();
            RuleFor(s => s.Amount).IsOf(s => s.Currency);
            RuleFor(s => s.Currency).Needed().IsCurrency();
        }
    }

    public override void Configure()
    {
        Post("/v1/contributions");
        Tells("Contributions", "Record a contribution",
            "A commitment or a payment, or that one was released or refunded: under a pledge (`pledgeId`), or directly (`donorId` with `fundId`, `recipientId` or `countries`: a release or a " +
            "refund then finds the one header between the two that has enough). " +
            "A recorder enters what its own organization gave or received. The same `externalId` of one `externalSystem` with the same content answers 200 with the record that exists, " +
            "with other content 409. A commitment or payment that you or the other party seem to have recorded already answers 409 `possible_duplicate`: confirm that one, or say `distinctFrom`.",
            Role.Recorder, refusals: [403], statuses: [200, 201], example: new Request(
                DonorId: "grc", FundId: "undp-ffs", RecipientId: "undp", Stage: "payment", Amount: 25000.50m, Currency: "USD", Date: new DateOnly(2026, 3, 2), Reference: "TR-2026-17"), exampleOf: "undp");
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => FindAsync(session, faults, request);

    protected override async Task<Made<Contribution<LocalizedText>>> WriteAsync(Request request, Write write)
    {
        var (id, wasThere) = await RecordAsync(write, request);
        return new((await GetContribution.FindAsync(write, id, Reader))!, $"/v1/contributions/{id}", Status: wasThere ? 200 : 201);
    }

    /// <summary>Records it: for the API, and for whatever else brings contributions. Its id, and whether just this was there already.</summary>
    /// <param name="replaced">The entry in whose place it stands, which was reversed.</param>
    /// <param name="reclassifies">The number of the header in whose place a new one stands, whose entries were reversed.</param>
    internal static async Task<(string Id, bool WasThere)> RecordAsync(Write write, Request request, RecordedEntry? replaced = null, long? reclassifies = null)
    {
        if (await Duplicates.SameExternalIdAsync(write, request) is { } same)
        {
            return (same, true);
        }

        // What the request names must exist, and its amount must be money; all that is wrong is said at once.
        var faults = new Faults();
        var (donorId, usd, passedOnFrom) = await FindAsync(write, faults, request);
        var date = request.Date!.Value;
        var minor = Currency.Minor(request.Amount!.Value, request.Currency!)!.Value;
        var posting = request.PledgeId is null ? null : await Posting.FindAsync(write, request.PledgeId);
        var back = request.Stage is "release" or "refund";
        if (posting is null && back)
        {
            faults.ThrowIfAny();
            posting = await Posting.FindAsync(write, await Duplicates.TakenFromAsync(write, request, minor));
        }

        long? settled = null;
        if (posting?.Header.Currency is { } promised && donorId is not null)
        {
            var said = request.Settles is null ? null : Amounts.Of(request.Settles.Amount, promised);
            settled = posting.Settles(faults, donorId, request.Currency!, back ? -usd.Minor : usd.Minor, posting.CountsFrom(date), back ? -said : said);
        }

        faults.ThrowIfAny();

        // It must be the caller's to say, possible, and new.
        posting?.Header.ThrowIfElsewhere();
        var recipientId = posting is null ? request.RecipientId : posting.Header.RecipientId;
        if (!write.By.SpeaksFor(donorId, request.PaidBy, recipientId))
        {
            throw new Refused("forbidden", NotTheirs(write.By));
        }

        if (await Duplicates.TwinsAsync(write, donorId!, posting?.Header.FundId ?? request.FundId, recipientId, minor, request) is { First: [_, ..] } twins)
        {
            var (en, ar) = request.Stage == "payment" ? ("payment", "دفعة") : ("commitment", "التزام");
            throw new Refused("possible_duplicate", new(
                $"A {en} of this amount between the same two is recorded already: by you on that day, or by another party within 30 days of it. Confirm it, or send its id (or all) as distinctFrom.",
                $"يوجد من قبل {ar} بهذا المبلغ بين الطرفين نفسيهما: منكم في اليوم نفسه، أو من جهة أخرى خلال 30 يوما. أكد السجل القائم أو أرسل معرفه (أو all) في distinctFrom."),
                candidates: twins.First.ConvertAll(id => $"/v1/contributions/{id}"), inAll: twins.InAll);
        }

        // Then it is entered, and every figure that it touches follows.
        posting ??= await Posting.BeginAsync(write, new NewHeader
        {
            Origin = "direct",
            AnnouncedOn = date,
            FundId = request.FundId,
            RecipientId = request.RecipientId,
            Instrument = request.Instrument,
            Qualifier = request.Qualifier,
            DatePrecision = request.DatePrecision,
            EventId = request.EventId,
            Shared = request.Shared ?? false,
            Countries = request.Countries ?? [],
            Sectors = request.Sectors ?? [],
            UsageYears = request.UsageYears ?? [],
            Earmarking = request.Earmarking,
            Description = request.Description,
            PassedOnFromNo = passedOnFrom,
            ReclassifiesNo = reclassifies,
        });
        var kind = request.Stage is "commitment" or "release" ? "commitment" : "payment";
        var entry = await posting.AddAsync(new NewEntry(kind, donorId!, back ? -minor : minor, request.Currency!, back ? usd.Negative : usd,
            request.Qualifier ?? "exact", date, request.DatePrecision ?? "day")
        {
            PaidBy = request.PaidBy,
            Reference = request.Reference,
            ExternalSystem = request.ExternalSystem,
            ExternalId = request.ExternalId,
            Note = request.Note,
            SettlesMinor = settled,
            UsdQualifier = request.UsdQualifier == (request.Qualifier ?? "exact") ? null : request.UsdQualifier,
            RecordedFor = replaced?.RecordedFor,
            ReplacesNo = replaced?.No,
        });
        if (back)
        {
            posting.ThrowIfTooMuchIsTaken();
        }

        await Citations.AddAsync(write, "entry_no", entry.No, request.Citations);
        await posting.SettleAsync(await ChangeLog.AppendAsync(write, "created", "contribution", entry.Id, request, pledgeId: posting.Header.Id));
        return (entry.Id, false);
    }

    /// <summary>Why a recorder does not enter what others gave to others.</summary>
    internal static LocalizedText NotTheirs(Caller by) => new($"A recorder of {by.OrganizationId} enters what {by.OrganizationId} gave or received.", $"يسجل مفتاح {by.OrganizationId} ما قدمته هذه الجهة أو تلقته.");

    /// <summary>What is wrong with a request beyond its shape; who gives, the amount's dollars, and the number of the pledge whose money it passes on.</summary>
    internal static async Task<(string? DonorId, Usd Usd, long? PassedOnFrom)> FindAsync(Session session, Faults faults, Request request)
    {
        var references = new References(session, faults);
        await references.CitationsAsync(request.Citations);
        await references.OrganizationAsync("/paidBy", request.PaidBy);
        Amounts.NotAfterTomorrow(faults, "/date", request.Date, session.At, precision: request.DatePrecision);
        var usd = await Amounts.UsdAsync(session, faults, request.Amount, request.Currency, request.AmountUsd, request.Date);
        var passedOnFrom = await references.PledgeAsync("/passedOnFrom", request.PassedOnFrom);
        var donorId = request.DonorId;
        if (request.PledgeId is null)
        {
            await references.OrganizationAsync("/donorId", donorId);
            await references.FundAsync("/fundId", request.FundId);
            await references.EventAsync("/eventId", request.EventId);
            await references.OrganizationAsync("/recipientId", request.RecipientId);
        }
        else if (await references.PledgeAsync("/pledgeId", request.PledgeId) is { } no)
        {
            donorId = await references.DonorOfAsync("/donorId", donorId, request.PledgeId);
            await CheckSettlesAsync(session, faults, request, no);
        }

        if (request.PaidBy is not null && await session.Sql.QueryFirstOrDefaultAsync<string>("SELECT type FROM organization WHERE id = @donorId", new { donorId }) is not (null or "group"))
        {
            faults.Add("/paidBy", "not_allowed", "Only a group has a member that pays for it: leave this out.", "لا يدفع عضو إلا عن مجموعة: لا ترسل هذا الحقل.");
        }

        return (donorId, usd, passedOnFrom);
    }

    private static async Task CheckSettlesAsync(Session session, Faults faults, Request request, long pledgeNo)
    {
        if (request.Settles is not { } settles)
        {
            return;
        }

        var promised = await session.Sql.QueryFirstAsync<string?>("SELECT currency FROM pledge WHERE no = @pledgeNo", new { pledgeNo });
        if (promised is null)
        {
            faults.Add("/settles", "not_allowed", "Nothing was promised here that this could settle.", "لا وعد هنا يمكن أن يسدده هذا.");
        }
        else if (request.Currency == promised)
        {
            faults.Add("/settles", "not_allowed", $"It is in {promised} already and settles what it is: leave this out.", $"المبلغ بعملة {promised} أصلا ويسدد قيمته: لا ترسل هذا الحقل.");
        }
        else if (settles.Currency is not null && settles.Currency != promised)
        {
            faults.Add("/settles/currency", "not_allowed", $"Send what it settles in the pledge's currency, {promised}.", $"أرسل ما يسدده بعملة التعهد {promised}.");
        }
    }
}
