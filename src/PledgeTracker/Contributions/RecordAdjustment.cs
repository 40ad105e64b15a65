using System.Text.Json.Serialization;
using PledgeTracker.Entries;

namespace PledgeTracker.Contributions;

/// <summary>
/// Enters a correction that a source gave without saying of what: FTS flows below zero or of zero. It stands on a header of its own; under a pledge a
/// source's correction is a revision, a release or a refund.
/// </summary>
public sealed class RecordAdjustment : Writes<RecordAdjustment.Request, Contribution<LocalizedText>>
{
    /// <param name="Adjusts">What it corrects: `commitment` and `payment` count in those figures, `pledge` in none, and is shown beside.</param>
    /// <param name="Amount">Of any sign; 0 is allowed.</param>
    /// <param name="AmountUsd">US dollars as the source gave them, of whatever sign; needed for other currencies where no exchange rate is loaded.</param>
    /// <param name="DonorId">Who gives.</param>
    /// <param name="FundId">What the money is for; or a recipient, or countries, or several of these.</param>
    /// <param name="EventId">The event at which it was announced.</param>
    /// <param name="Shared">The source names several countries and no split.</param>
    /// <param name="Sectors">OECD DAC 5-digit purpose codes.</param>
    /// <param name="UsageYears">The years the money is for.</param>
    public sealed record Request(
        string? Adjusts = null, decimal? Amount = null, string? Currency = null, decimal? AmountUsd = null, DateOnly? Date = null, string? DonorId = null, string? FundId = null,
        string? RecipientId = null, string? Instrument = null, string? DatePrecision = null, string? Qualifier = null, string? UsdQualifier = null, [property: Identifier] string? Reference = null,
        [property: Identifier(IsOfSystem = true)] string? ExternalSystem = null, [property: Identifier] string? ExternalId = null, LocalizedText? Note = null, IReadOnlyList<CitationRequest>? Citations = null,
        string? EventId = null, [property: JsonConverter(typeof(Json.TextsOrObjects<CountryShare>))] IReadOnlyList<CountryShare>? Countries = null, bool? Shared = null, IReadOnlyList<string>? Sectors = null, IReadOnlyList<int>? UsageYears = null,
        string? Earmarking = null, LocalizedText? Description = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Adjusts).Needed().IsOneOf(Vocabulary.Adjusted);
            RuleFor(r => r.Amount).Needed();
            RuleFor(r => r.Amount).IsOf(r => r.Currency, ofAnySign: true);
            RuleFor(r => r.AmountUsd).IsOf(_ => "USD", ofAnySign: true);
            RuleFor(r => r.Currency).Needed().IsCurrency();
            RuleFor(r => r.Date).Needed();
            RuleFor(r => r.DonorId).Needed().IsSlug();
            RuleFor(r => r.FundId).IsSlug();
            RuleFor(r => r.FundId).Must((r, id) => id is not null || r.RecipientId is not null || r.Countries is { Count: > 0 }).Or("required",
                "Send fundId, recipientId or countries.", "أرسل fundId أو recipientId أو countries.");
            RuleFor(r => r.RecipientId).IsSlug();
            RuleFor(r => r.EventId).IsSlug();
            RuleFor(r => r.Countries).AreCountries();
            RuleFor(r => r.Shared).HasNoShares(r => r.Countries);
            RuleFor(r => r.Sectors).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.Sectors).IsSector();
            RuleFor(r => r.UsageYears).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.UsageYears).IsUsageYear();
            RuleFor(r => r.Earmarking).IsOneOf(Vocabulary.Earmarkings);
            RuleFor(r => r.Description).IsText(20_000);
            RuleFor(r => r.Instrument).IsOneOf(Vocabulary.Instruments);
            RuleFor(r => r.DatePrecision).IsOneOf(Vocabulary.DatePrecisions);
            RuleFor(r => r.Qualifier).IsOneOf(Vocabulary.Qualifiers);
            RuleFor(r => r.UsdQualifier).IsOneOf(Vocabulary.Qualifiers);
            RuleFor(r => r.UsdQualifier).Must((r, word) => word is null || r.Currency != "USD" || word == (r.Qualifier ?? "exact")).Or("not_allowed", CodeRules.NoSecondQualifier);
            RuleFor(r => r.Reference).IsText(200);
            RuleFor(r => r.ExternalSystem).IsText(100);
            RuleFor(r => r.ExternalId).IsText(200);
            RuleFor(r => r.ExternalId).Must((r, id) => id is not null || r.ExternalSystem is null).Or("required",
                "Send the number that it has in externalSystem, or leave both out.", "أرسل رقمها في externalSystem، أو لا ترسل أيا منهما.");
            RuleFor(r => r.Note).IsText(20_000);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    public override void Configure()
    {
        Post("/v1/adjustments");
        Tells("Contributions", "Record an adjustment",
            "A correction that a source gave without saying of what: an amount of any sign, or 0, of a pledge, a commitment or a payment that nobody can name any more. " +
            "It stands on its own; a correction of a pledge that is recorded here is a revision, a release or a refund. " +
            "The same `externalId` of one `externalSystem` with the same content answers 200 with the record that exists, with other content 409.",
            Role.Editor, statuses: [200, 201], example: new Request("commitment", -5000, "USD", Date: new DateOnly(2026, 3, 5), DonorId: "grc", FundId: "undp-ffs"));
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => FindAsync(session, faults, request);

    protected override async Task<Made<Contribution<LocalizedText>>> WriteAsync(Request request, Write write)
    {
        var (id, wasThere) = await RecordAsync(write, request);
        return new((await GetContribution.FindAsync(write, id, Reader))!, $"/v1/contributions/{id}", Status: wasThere ? 200 : 201);
    }

    /// <summary>Records it: for the API, and for whatever else brings adjustments. Its id, and whether just this was there already.</summary>
    /// <param name="replaced">The entry in whose place it stands, which was reversed.</param>
    /// <param name="reclassifies">The number of the header in whose place a new one stands, whose entries were reversed.</param>
    internal static async Task<(string Id, bool WasThere)> RecordAsync(Write write, Request request, RecordedEntry? replaced = null, long? reclassifies = null)
    {
        if (await Duplicates.SameExternalIdAsync(write, request) is { } same)
        {
            return (same, true);
        }

        var faults = new Faults();
        var usd = await FindAsync(write, faults, request);
        faults.ThrowIfAny();
        var date = request.Date!.Value;
        var minor = Currency.Minor(request.Amount!.Value, request.Currency!)!.Value;
        var posting = await Posting.BeginAsync(write, new NewHeader
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
            ReclassifiesNo = reclassifies,
        });
        var entry = await posting.AddAsync(new NewEntry("adjustment", request.DonorId!, minor, request.Currency!, usd, request.Qualifier ?? "exact", date, request.DatePrecision ?? "day")
        {
            Adjusts = request.Adjusts,
            UsdQualifier = request.UsdQualifier == (request.Qualifier ?? "exact") ? null : request.UsdQualifier,
            Reference = request.Reference,
            ExternalSystem = request.ExternalSystem,
            ExternalId = request.ExternalId,
            Note = request.Note,
            RecordedFor = replaced?.RecordedFor,
            ReplacesNo = replaced?.No,
        });
        await Citations.AddAsync(write, "entry_no", entry.No, request.Citations);
        await posting.SettleAsync(await ChangeLog.AppendAsync(write, "created", "contribution", entry.Id, request, pledgeId: posting.Header.Id));
        return (entry.Id, false);
    }

    /// <summary>What is wrong with a request beyond its shape; the amount's dollars.</summary>
    internal static async Task<Usd> FindAsync(Session session, Faults faults, Request request)
    {
        var references = new References(session, faults);
        await references.OrganizationAsync("/donorId", request.DonorId);
        await references.FundAsync("/fundId", request.FundId);
        await references.EventAsync("/eventId", request.EventId);
        await references.OrganizationAsync("/recipientId", request.RecipientId);
        await references.CitationsAsync(request.Citations);
        Amounts.NotAfterTomorrow(faults, "/date", request.Date, session.At, precision: request.DatePrecision);
        return await Amounts.UsdAsync(session, faults, request.Amount, request.Currency, request.AmountUsd, request.Date, ofAnySign: true);
    }
}
