using System.Text.Json.Serialization;

namespace PledgeTracker.Pledges;

/// <summary>Enters a pledge: a public promise by one donor, or by several with a published split.</summary>
public sealed class RecordPledge : Writes<RecordPledge.Request, Pledge>
{
    /// <param name="Donors">Who promises how much. Partners who publish no split stand together as an organization of type `group`.</param>
    /// <param name="Currency">ISO 4217; the currency of all amounts here.</param>
    /// <param name="Qualifier">How exact the source was: "about" is `approximate`, "more than" `at_least`, "up to" `at_most`.</param>
    /// <param name="FundId">What the money is for; or a recipient, or both, or neither.</param>
    /// <param name="Countries">Where the money goes: codes, or, where the source gives a split, countries with a `share` each, which add up to 100.</param>
    /// <param name="Shared">The source names several countries and no split.</param>
    /// <param name="Sectors">OECD DAC 5-digit purpose codes.</param>
    /// <param name="ExternalSystem">Whose number `externalId` is, such as `fts`, in capitals or not; where it is left out it is your own.</param>
    /// <param name="ExternalId">Its number there, which no other pledge of that system has.</param>
    /// <param name="Restates">The id of an earlier pledge that this one repackages; it then stays out of totals.</param>
    /// <param name="PassedOnFrom">The id of the pledge whose money this passes on; it then stays out of totals.</param>
    public sealed record Request(
        IReadOnlyList<DonorShare>? Donors = null, string? Currency = null, string? Qualifier = null, DateOnly? AnnouncedOn = null, string? DatePrecision = null,
        string? FundId = null, string? RecipientId = null, string? EventId = null, string? Instrument = null,
        [property: JsonConverter(typeof(Json.TextsOrObjects<CountryShare>))] IReadOnlyList<CountryShare>? Countries = null,
        bool? Shared = null, IReadOnlyList<string>? Sectors = null, IReadOnlyList<int>? UsageYears = null, string? Earmarking = null, DateOnly? DueOn = null,
        IReadOnlyList<InstalmentRequest>? Instalments = null, LocalizedText? Description = null, LocalizedText? Note = null, string? Restates = null,
        string? PassedOnFrom = null, [property: Identifier(IsOfSystem = true)] string? ExternalSystem = null, [property: Identifier] string? ExternalId = null,
        IReadOnlyList<CitationRequest>? Citations = null);

    /// <param name="AmountUsd">US dollars as the source gave them; needed for other currencies where no exchange rate is loaded.</param>
    /// <param name="UsdQualifier">How exact the US dollars are, where that differs from the amount.</param>
    public sealed record DonorShare(string? DonorId = null, decimal? Amount = null, decimal? AmountUsd = null, string? UsdQualifier = null);

    public sealed record InstalmentRequest(DateOnly? DueOn = null, decimal? Amount = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Donors).HasSome().HasAtMost(100);
            RuleFor(r => r.Donors).Must(d => d is null || d.Select(s => s.DonorId).Distinct().Count() == d.Count).Or("repeated",
                "Name each donor once.", "اذكر كل جهة مانحة مرة واحدة.");
            RuleForEach(r => r.Donors).SetValidator(new DonorShareRules());
            RuleForEach(r => r.Donors).HaveAmountsOf(share => share.Amount, r => r.Currency);
            RuleFor(r => r.Currency).Needed().IsCurrency();
            RuleFor(r => r.Qualifier).IsOneOf(Vocabulary.Qualifiers);
            RuleFor(r => r.AnnouncedOn).Needed();
            RuleFor(r => r.DatePrecision).IsOneOf(Vocabulary.DatePrecisions);
            RuleFor(r => r.FundId).IsSlug();
            RuleFor(r => r.RecipientId).IsSlug();
            RuleFor(r => r.EventId).IsSlug();
            RuleFor(r => r.Instrument).Needed().IsOneOf(Vocabulary.Instruments);
            RuleFor(r => r.Countries).AreCountries();
            RuleFor(r => r.Shared).HasNoShares(r => r.Countries);
            RuleFor(r => r.Sectors).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.Sectors).IsSector();
            RuleFor(r => r.UsageYears).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.UsageYears).IsUsageYear();
            RuleFor(r => r.Earmarking).IsOneOf(Vocabulary.Earmarkings);
            RuleFor(r => r.Instalments).HasAtMost(100);
            RuleForEach(r => r.Instalments).SetValidator(new InstalmentRules());
            RuleForEach(r => r.Instalments).HaveAmountsOf(instalment => instalment.Amount, r => r.Currency);
            RuleFor(r => r.Description).IsText(20_000);
            RuleFor(r => r.Note).IsText(20_000);
            RuleFor(r => r.Restates).IsUuid();
            RuleFor(r => r.PassedOnFrom).IsUuid();
            RuleFor(r => r.ExternalSystem).IsText(100);
            RuleFor(r => r.ExternalId).IsText(200);
            RuleFor(r => r.ExternalId).Must((r, id) => id is not null || r.ExternalSystem is null).Or("required",
                "Send the number that it has in externalSystem, or leave both out.", "أرسل رقمه في externalSystem، أو لا ترسل أيا منهما.");
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    private sealed class DonorShareRules : AbstractValidator<DonorShare>
    {
        public DonorShareRules()
        {
            RuleFor(s => s.DonorId).Needed().IsSlug();
            RuleFor(s => s.Amount).Needed().IsPositive();
            RuleFor(s => s.AmountUsd).IsNotNegative();
            RuleFor(s => s.AmountUsd).IsOf(_ => "USD");
            RuleFor(s => s.UsdQualifier).IsOneOf(Vocabulary.Qualifiers);
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

    public override void Configure()
    {
        Post("/v1/pledges");
        Tells("Pledges", "Record a pledge", "A public promise by one donor, or by several with a published split. " +
            "The same `externalId` of one `externalSystem` with the same content answers 200 with the pledge that exists, with other content 409.", Role.Editor, statuses: [200, 201], example: new Request(
                [new DonorShare("deu", 1_500_000)], "USD", AnnouncedOn: new DateOnly(2026, 3, 1), FundId: "undp-ffs", Instrument: "grant", Countries: CountryShare.Of(["IRQ"], []),
                DueOn: new DateOnly(2026, 12, 31), Description: new("For water in west Mosul", "للمياه في غرب الموصل"), Citations: [new("state-note-2018-06-26")]));
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => FindAsync(session, faults, request);

    protected override async Task<Made<Pledge>> WriteAsync(Request request, Write write)
    {
        var (id, wasThere) = await RecordAsync(write, request);
        var pledge = (await GetPledge.FindAsync(write, id, Reader))!;
        return new(pledge, $"/v1/pledges/{id}", pledge.Version, wasThere ? 200 : 201);
    }

    /// <summary>Records it: for the API, and for whatever else brings pledges. Its id, and whether just this was there already.</summary>
    /// <param name="reclassifies">The number of the header in whose place it stands, whose entries were reversed.</param>
    internal static async Task<(string Id, bool WasThere)> RecordAsync(Write write, Request request, long? reclassifies = null)
    {
        if (await SamePledge.FindAsync(write, request) is { } same)
        {
            return (same, true);
        }

        var faults = new Faults();
        var (dollars, restates, passedOnFrom) = await FindAsync(write, faults, request);
        faults.ThrowIfAny();
        await ThrowIfRestatingAsync(write, restates);
        var (announcedOn, currency) = (request.AnnouncedOn!.Value, request.Currency!);
        var posting = await Posting.BeginAsync(write, new NewHeader
        {
            Origin = "announced",
            AnnouncedOn = announcedOn,
            FundId = request.FundId,
            RecipientId = request.RecipientId,
            EventId = request.EventId,
            Instrument = request.Instrument,
            Currency = currency,
            Qualifier = request.Qualifier,
            Shared = request.Shared ?? false,
            DatePrecision = request.DatePrecision,
            DueOn = request.DueOn,
            Instalments = Stored(faults, request.Instalments, currency, write.At),
            Countries = request.Countries ?? [],
            Sectors = request.Sectors ?? [],
            UsageYears = request.UsageYears ?? [],
            Earmarking = request.Earmarking,
            Description = request.Description,
            Note = request.Note,
            RestatesNo = restates,
            PassedOnFromNo = passedOnFrom,
            ReclassifiesNo = reclassifies,
            ExternalSystem = request.ExternalSystem,
            ExternalId = request.ExternalId,
        });
        foreach (var (share, usd) in request.Donors!.Zip(dollars))
        {
            var minor = Currency.Minor(share.Amount!.Value, currency)!.Value;
            await posting.AddAsync(new NewEntry("pledge", share.DonorId!, minor, currency, usd, request.Qualifier ?? "exact", announcedOn, request.DatePrecision ?? "day")
            {
                UsdQualifier = share.UsdQualifier == (request.Qualifier ?? "exact") ? null : share.UsdQualifier,
            });
        }

        await Citations.AddAsync(write, "pledge_no", posting.Header.No, request.Citations);
        await posting.SettleAsync(await ChangeLog.AppendAsync(write, "created", "pledge", posting.Header.Id, request, pledgeId: posting.Header.Id));
        return (posting.Header.Id, false);
    }

    /// <summary>What is wrong with a request beyond its shape; each donor's dollars, and the numbers of the pledges that it names.</summary>
    internal static async Task<(List<Usd> Dollars, long? Restates, long? PassedOnFrom)> FindAsync(Session session, Faults faults, Request request)
    {
        var references = new References(session, faults);
        await references.FundAsync("/fundId", request.FundId);
        await references.OrganizationAsync("/recipientId", request.RecipientId);
        await references.EventAsync("/eventId", request.EventId);
        await references.CitationsAsync(request.Citations);
        Amounts.NotAfterTomorrow(faults, "/announcedOn", request.AnnouncedOn, session.At, precision: request.DatePrecision);
        Amounts.NotFarAhead(faults, "/dueOn", request.DueOn, session.At);
        var dollars = new List<Usd>();
        var promised = new List<long?>();
        foreach (var (i, share) in (request.Donors ?? []).Take(100).Index())
        {
            await references.OrganizationAsync($"/donors/{i}/donorId", share.DonorId);
            if (request.Currency == "USD" && share.UsdQualifier is { } word && word != (request.Qualifier ?? "exact"))
            {
                faults.Add($"/donors/{i}/usdQualifier", "not_allowed", CodeRules.NoSecondQualifier);
            }

            promised.Add(Amounts.Of(share.Amount, request.Currency));
            dollars.Add(await Amounts.UsdAsync(session, faults, share.Amount, request.Currency, share.AmountUsd, request.AnnouncedOn, $"/donors/{i}/amountUsd"));
        }

        // Of a promise that is not known nobody can say whether they are more.
        var instalments = Stored(faults, request.Instalments, request.Currency, session.At);
        if (promised.Count > 0 && !promised.Contains(null) && Money.Sum(instalments.Select(i => i.AmountMinor)) > Money.Sum(promised.Select(minor => minor!.Value)))
        {
            TooMuch(faults);
        }

        return (dollars, await references.PledgeAsync("/restates", request.Restates), await references.PledgeAsync("/passedOnFrom", request.PassedOnFrom));
    }

    /// <exception cref="Refused">The pledge restates another itself: the refusal names that one, where the money is counted.</exception>
    internal static async Task ThrowIfRestatingAsync(Session session, long? no)
    {
        var (named, first) = await session.Sql.QueryFirstOrDefaultAsync<(string, string)>("""
            WITH RECURSIVE earlier (no) AS (
                SELECT restates_no FROM pledge WHERE no = @no AND restates_no IS NOT NULL
                UNION SELECT p.restates_no FROM earlier e JOIN pledge p ON p.no = e.no WHERE p.restates_no IS NOT NULL)
            SELECT (SELECT id FROM pledge WHERE no = @no) AS named, p.id AS first FROM earlier e JOIN pledge p ON p.no = e.no WHERE p.restates_no IS NULL
            """, new { no });
        if (first is not null)
        {
            throw new Refused("restates", new($"{named} itself restates {first}: send {first} as restates.", $"التعهد {named} نفسه إعادة صياغة للتعهد {first}: أرسل {first} في restates."),
                existing: $"/v1/pledges/{first}");
        }
    }

    /// <summary>Instalments as they are stored, with a fault for each that cannot be.</summary>
    internal static List<StoredInstalment> Stored(Faults faults, IReadOnlyList<InstalmentRequest>? instalments, string? currency, DateTimeOffset now)
    {
        var stored = new List<StoredInstalment>();
        foreach (var (i, instalment) in (instalments ?? []).Index())
        {
            Amounts.NotFarAhead(faults, $"/instalments/{i}/dueOn", instalment.DueOn, now);
            stored.Add(new StoredInstalment(instalment.DueOn ?? default, Amounts.Minor(faults, $"/instalments/{i}/amount", instalment.Amount, currency) ?? 0));
        }

        return stored;
    }

    internal static void TooMuch(Faults faults) =>
        faults.Add("/instalments", "out_of_range", "The instalments come to more than the pledge.", "مجموع الأقساط أكبر من التعهد.");
}
