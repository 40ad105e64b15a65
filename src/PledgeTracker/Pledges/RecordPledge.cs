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
        Tells("Pledges", "Record a pledge", "A public promise by one donor, or by several with a published split.", Role.Editor, example: new Request(
                [new DonorShare("deu", 1_500_000)], "USD", AnnouncedOn: new DateOnly(2026, 3, 1), FundId: "undp-ffs", Instrument: "grant", Countries: CountryShare.Of(["IRQ"], []),
                DueOn: new DateOnly(2026, 12, 31), Description: new("For water in west Mosul", "للمياه في غرب الموصل"), Citations: [new("state-note-2018-06-26")]));
    }

    protected override Task FindNamedAsync(Request request, Session session, Faults faults) => FindAsync(new References(session, faults), request);

    protected override async Task<Made<Pledge>> WriteAsync(Request request, Write write)
    {
        var id = await RecordAsync(write, request);
        var pledge = (await GetPledge.FindAsync(write, id, Reader))!;
        return new(pledge, $"/v1/pledges/{id}", pledge.Version);
    }

    /// <summary>Records it: for the API, and for whatever else brings pledges. Its id.</summary>
    internal static async Task<string> RecordAsync(Write write, Request request)
    {
        var faults = new Faults();
        var references = new References(write, faults);
        var (announcedOn, currency) = (request.AnnouncedOn!.Value, request.Currency!);
        await FindAsync(references, request);
        Amounts.NotAfterTomorrow(faults, "/announcedOn", announcedOn, write.At, precision: request.DatePrecision);
        Amounts.NotFarAhead(faults, "/dueOn", request.DueOn, write.At);
        var shares = new List<(string DonorId, long Minor, Usd Usd, string? UsdQualifier)>();
        foreach (var (i, share) in request.Donors!.Index())
        {
            var minor = Amounts.Minor(faults, $"/donors/{i}/amount", share.Amount!.Value, currency);
            if (currency == "USD" && share.UsdQualifier is { } word && word != (request.Qualifier ?? "exact"))
            {
                faults.Add([new Fault($"/donors/{i}/usdQualifier", "not_allowed", CodeRules.NoSecondQualifier)]);
            }

            shares.Add((share.DonorId!, minor, await Amounts.UsdAsync(write, faults, minor, currency, share.AmountUsd, announcedOn, $"/donors/{i}/amountUsd"), share.UsdQualifier));
        }

        var instalments = Stored(faults, request.Instalments, currency, write.At);
        if (Money.Sum(instalments.Select(i => i.AmountMinor)) > Money.Sum(shares.Select(s => s.Minor)))
        {
            TooMuch(faults);
        }

        var restates = await references.PledgeAsync("/restates", request.Restates);
        var passedOnFrom = await references.PledgeAsync("/passedOnFrom", request.PassedOnFrom);
        faults.ThrowIfAny();
        if (request.ExternalId is not null && await write.Sql.QueryFirstOrDefaultAsync<string>(
                "SELECT id FROM pledge WHERE external_system IS NOT DISTINCT FROM @ExternalSystem AND external_id = @ExternalId", new { request.ExternalSystem, request.ExternalId }) is { } existing)
        {
            throw Refused.Conflict("A pledge with this externalId is recorded already.",
                "يوجد تعهد مسجل بقيمة externalId نفسها.", $"/v1/pledges/{existing}");
        }

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
            Instalments = instalments,
            Countries = request.Countries ?? [],
            Sectors = request.Sectors ?? [],
            UsageYears = request.UsageYears ?? [],
            Earmarking = request.Earmarking,
            Description = request.Description,
            Note = request.Note,
            RestatesNo = restates,
            PassedOnFromNo = passedOnFrom,
            ExternalSystem = request.ExternalSystem,
            ExternalId = request.ExternalId,
        });
        foreach (var (donorId, minor, usd, usdQualifier) in shares)
        {
            await posting.AddAsync(new NewEntry("pledge", donorId, minor, currency, usd, request.Qualifier ?? "exact", announcedOn, request.DatePrecision ?? "day")
            {
                UsdQualifier = usdQualifier == (request.Qualifier ?? "exact") ? null : usdQualifier,
            });
        }

        await Citations.AddAsync(write, "pledge_no", posting.Header.No, request.Citations);
        await posting.SettleAsync(await ChangeLog.AppendAsync(write, "created", "pledge", posting.Header.Id, request, pledgeId: posting.Header.Id));
        return posting.Header.Id;
    }

    private static async Task FindAsync(References references, Request request)
    {
        await references.FundAsync("/fundId", request.FundId);
        await references.OrganizationAsync("/recipientId", request.RecipientId);
        await references.EventAsync("/eventId", request.EventId);
        await references.CitationsAsync(request.Citations);
        foreach (var (i, share) in (request.Donors ?? []).Take(100).Index())
        {
            await references.OrganizationAsync($"/donors/{i}/donorId", share.DonorId);
        }
    }

    /// <summary>Instalments as they are stored, with a fault for each that cannot be.</summary>
    internal static List<StoredInstalment> Stored(Faults faults, IReadOnlyList<InstalmentRequest>? instalments, string currency, DateTimeOffset now)
    {
        var stored = new List<StoredInstalment>();
        foreach (var (i, instalment) in (instalments ?? []).Index())
        {
            Amounts.NotFarAhead(faults, $"/instalments/{i}/dueOn", instalment.DueOn, now);
            stored.Add(new StoredInstalment(instalment.DueOn!.Value, Amounts.Minor(faults, $"/instalments/{i}/amount", instalment.Amount!.Value, currency)));
        }

        return stored;
    }

    internal static void TooMuch(Faults faults) =>
        faults.Add("/instalments", "out_of_range", "The instalments come to more than the pledge.", "مجموع الأقساط أكبر من التعهد.");
}
