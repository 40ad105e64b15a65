using PledgeTracker.Contributions;
using PledgeTracker.Entries;
using PledgeTracker.Funds;
using PledgeTracker.Organizations;
using PledgeTracker.Pledges;

namespace PledgeTracker.Imports.Fts;

/// <summary>
/// What flows become in the ledger, through the same classes as the API: a header each, whatever datasets tell it, with an entry for each status that it had. What a later snapshot tells otherwise is
/// revised, or reversed and entered again.
/// </summary>
internal sealed class FtsLedger(Write write, OrganizationNames names)
{
    /// <summary>Whose numbers the flows' are.</summary>
    public const string ExternalSystem = "fts";

    private const string OfEntry = "SELECT p.no, p.id FROM ledger_entry e JOIN pledge p ON p.no = e.pledge_no WHERE e.id = @id";

    private const string OfPlan = "fts-plan-";

    private const string Unspecified = "unspecified", Several = "multiple";

    private static readonly RecordPledge.Rules PledgeRules = new();
    private static readonly RecordContribution.Rules ContributionRules = new();
    private static readonly RecordAdjustment.Rules AdjustmentRules = new();
    private static readonly CreateOrganization.Rules OrganizationRules = new();
    private static readonly CreateFund.Rules FundRules = new();
    private static readonly RevisePledge.Rules RevisionRules = new();

    private static readonly LocalizedText Changed = new("source_changed: a later snapshot of the source tells this otherwise", "source_changed: تروي لقطة لاحقة من المصدر هذا على غير ما هو هنا");
    private static readonly LocalizedText Dropped = new("source_dropped: a later snapshot of the source does not tell this any more", "source_dropped: لم تعد لقطة لاحقة من المصدر تذكر هذا");

    private readonly DateOnly _today = DateOnly.FromDateTime(write.At.UtcDateTime);
    private readonly Dictionary<string, string> _organizations = new(StringComparer.Ordinal);
    private readonly HashSet<string> _funds = [];
    private readonly Dictionary<long, string> _ids = [];

    /// <summary>The fund that a plan is here.</summary>
    public static string FundOf(string planId) => $"{OfPlan}{planId.ToLowerInvariant()}";

    /// <summary>The number of the plan that a fund is there; null of a fund that is none.</summary>
    public static string? PlanOf(string fundId) => fundId.StartsWith(OfPlan, StringComparison.Ordinal) ? fundId[OfPlan.Length..] : null;

    /// <summary>What is wrong with a flow that no record may have, whoever is in it.</summary>
    public static List<RowFault> Check(FtsFlow flow, FtsEntry entry)
    {
        var place = new Place(Unspecified, flow.Plan?.Id is { } plan ? FundOf(plan) : null, Unspecified, flow.To.Countries ?? [], !flow.IsSingle, YearsOf(flow), Instrument(flow), FtsWords.EarmarkingOf(flow.Earmarking));
        return entry.Kind switch
        {
            "pledge" => FtsJob.Check(PledgeRules, Promise(flow, entry, place)),
            "adjustment" => FtsJob.Check(AdjustmentRules, Adjustment(flow, entry, place)),
            _ => FtsJob.Check(ContributionRules, Contribution(flow, entry, place)),
        };
    }

    /// <summary>The header under which a flow's money stands today, however often it was reclassified; null where it was never entered, by whomever.</summary>
    /// <param name="no">Where it stood.</param>
    public async Task<long?> HeaderAsync(long? no, string id) => await write.Sql.QueryFirstOrDefaultAsync<long?>($"""
        WITH RECURSIVE later (no) AS (
            {(no is null ? """
                SELECT p.no FROM pledge p WHERE p.external_system = @ExternalSystem AND p.external_id = @id
                UNION SELECT e.pledge_no FROM ledger_entry e WHERE e.external_id = @id AND lower(e.external_system) = @ExternalSystem
                """ : "SELECT p.no FROM pledge p WHERE p.no = @no")}
            UNION SELECT p.no FROM later l JOIN pledge p ON p.reclassifies_no = l.no)
        SELECT max(no) FROM later
        """, new { no, id, ExternalSystem });

    /// <summary>The id of a header.</summary>
    public async Task<string> IdOfAsync(long no)
    {
        if (!_ids.TryGetValue(no, out var id))
        {
            _ids[no] = id = await write.Sql.QueryFirstAsync<string>("SELECT id FROM pledge WHERE no = @no", new { no });
        }

        return id;
    }

    /// <summary>Who gives the money of a flow.</summary>
    public Task<string> DonorAsync(FtsFlow flow) => OrganizationAsync(flow.From.Organizations);

    /// <summary>Enters a flow under a header of its own. The header's number.</summary>
    /// <param name="reclassifies">The header in whose place it stands.</param>
    public async Task<long> EnterAsync(FtsFlow flow, long? reclassifies = null) => await EnterAsync(flow, FtsEntry.Of(flow, _today), await PlaceAsync(flow), reclassifies);

    /// <summary>Brings what stands to what a flow tells now.</summary>
    /// <param name="told">What it told before; null where that is not known, and it is the same that stands.</param>
    /// <param name="no">Its header.</param>
    /// <param name="isBack">Whether what it told before says nothing of where it stands: it was never entered, or another moved it since.</param>
    /// <param name="keepsShared">Whether somebody else said first for whom the money is.</param>
    /// <returns>The header under which it stands now, and whether its pledge stands there otherwise than it is told.</returns>
    /// <exception cref="Refused">What others entered under the same header does not allow it.</exception>
    public async Task<(long No, bool WentBack)> FollowAsync(FtsFlow flow, FtsFlow? told, long no, bool isBack, bool keepsShared)
    {
        var (entry, was) = (FtsEntry.Of(flow, _today), told is null ? null : FtsEntry.Of(told, _today));
        var live = await RecordedEntry.LiveOfAsync(write, no);
        var place = await PlaceAsync(flow);
        var header = (await PledgeRow.FindAsync(write, await IdOfAsync(no), new Reader(Language.English, _today)))!;
        place = keepsShared ? place with { Shared = header.Shared } : place;
        var donors = live.Count > 0 ? live.ConvertAll(e => e.MergedInto ?? e.DonorId) : (await write.Sql.QueryAsync<string>("SELECT donor_id FROM line WHERE pledge_no = @no", new { no })).AsList();
        // Where nothing stands any more, whatever was entered by hand is no reason to go on under it.
        var isMoved = (live.Count == 0 || isBack || (told is not null && IsElsewhere(flow, told))) && !IsAt(header, donors, place);
        if (entry.IsAdjustment || live.Exists(e => e.Kind == "adjustment"))
        {
            if (entry.IsAdjustment && !isMoved && live is [{ Kind: "adjustment" } one] && IsAs(one, entry) && IsDatedAs(one, entry) && one.Adjusts == entry.Adjusts)
            {
                return (no, false);
            }

            ThrowIfOthers(live, flow.Id, header.Id);
            await ReverseAsync(live, Changed);
            return (await EnterAsync(flow, entry, place, no), false);
        }

        if (live.Count == 0 && (isMoved || entry.Kind == "pledge"))
        {
            return (await EnterAsync(flow, entry, place, no), false);
        }

        if (isMoved)
        {
            (no, live) = await MoveAsync(header, live, place);
        }

        var isOther = false;
        if (live.Exists(e => e.Kind == "pledge") && (entry.Kind == "pledge" || told is { IsPledge: true }))
        {
            try
            {
                (no, live) = await write.TryAsync(() => BringPledgeAsync(flow, entry, place, no, live));
            }
            catch (Refused) when (entry.Kind != "pledge")
            {
                // What others took from the promise is no reason to leave out what was given since.
                isOther = true;
            }
        }

        if (was is null || (was.Amount, was.Currency, was.AmountUsd, was.Date, was.Reference) != (entry.Amount, entry.Currency, entry.AmountUsd, entry.Date, entry.Reference))
        {
            foreach (var stood in live.FindAll(e => IsOf(e, flow.Id) && !IsGone(e, entry) && !(IsAs(e, entry) && (e.Kind != entry.Kind || IsDatedAs(e, entry)))))
            {
                await ReverseEntry.ReverseAsync(write, stood, Changed);
                // What it was before keeps its own day.
                var again = stood.Kind == entry.Kind ? entry : entry with { Kind = stood.Kind, Date = stood.ValueDate, DatePrecision = stood.DatePrecision, Reference = stood.Reference };
                await AddAsync(again, no, stood.MergedInto ?? stood.DonorId, flow.Id, stood);
            }

            live = await RecordedEntry.LiveOfAsync(write, no);
        }

        (no, var wentBack) = await BringStatusAsync(flow, entry, place, no, live);
        return (no, wentBack || isOther);
    }

    /// <summary>Takes back what is not told any more: contributions and adjustments. A promise stays.</summary>
    /// <exception cref="Refused">What others entered under the same header does not allow it.</exception>
    public async Task TakeBackAsync(long no, string id) => await ReverseAsync((await RecordedEntry.LiveOfAsync(write, no)).FindAll(e => IsOf(e, id)), Dropped);

    /// <summary>The fund that a plan is, entered where it is not there yet.</summary>
    public async Task<string> FundAsync(FtsPlan plan, IReadOnlyList<string>? countries = null)
    {
        var id = FundOf(plan.Id!);
        if (!_funds.Add(id))
        {
            return id;
        }

        var name = plan.Name ?? plan.Code ?? $"FTS {plan.Id}";
        var code = plan.Code == name ? null : plan.Code;
        if (await write.Sql.QueryFirstOrDefaultAsync<string>("SELECT id FROM fund WHERE id = @id", new { id }) is not null)
        {
            // Flows name a plan, and its overview says more of it.
            await AmendFund.CompleteAsync(write, id, countries, code);
        }
        else
        {
            await CreateFund.RecordAsync(write, Checked(FundRules, new CreateFund.Request(id, new(name), "appeal", Countries: countries is [_, ..] ? countries : null, Aliases: code is null ? null : [code])));
        }

        return id;
    }

    private static int[] YearsOf(FtsFlow flow)
    {
        // So many, and of these centuries, a record may have.
        var (first, last) = (Math.Max(flow.To.FirstYear ?? flow.To.LastYear ?? 0, 1945), Math.Min(flow.To.LastYear ?? flow.To.FirstYear ?? 0, 2100));
        return last < first ? [] : [.. Enumerable.Range(first, Math.Min(last - first + 1, 50))];
    }

    private static string Instrument(FtsFlow flow) => flow.ContributionType?.ToLowerInvariant() is "in kind" or "in-kind" or "inkind" ? "in_kind" : "unspecified";

    private static bool IsOf(RecordedEntry entry, string id) =>
        entry.Kind is "commitment" or "payment" or "adjustment" && entry.ExternalId == id && string.Equals(entry.ExternalSystem, ExternalSystem, StringComparison.OrdinalIgnoreCase);

    private static bool IsAs(RecordedEntry stood, FtsEntry entry) => (stood.AmountMinor, stood.Currency, stood.UsdMinor) == (entry.Minor, entry.Currency, entry.Cents);

    private static bool IsDatedAs(RecordedEntry stood, FtsEntry entry) => (stood.ValueDate, stood.DatePrecision, stood.Reference) == (entry.Date, entry.DatePrecision ?? "day", entry.Reference);

    // What a flow that went back is no more.
    private static bool IsGone(RecordedEntry stood, FtsEntry entry) => entry.Kind == "pledge" || (entry.Kind == "commitment" && stood.Kind == "payment");

    // Whether what decides in which totals it counts was told otherwise.
    private static bool IsElsewhere(FtsFlow flow, FtsFlow told) =>
        (Said(flow.From.Organizations), Said(flow.To.Organizations), flow.Plan?.Id, string.Join(' ', flow.To.Countries ?? []), flow.IsSingle, flow.To.FirstYear, flow.To.LastYear, Instrument(flow))
        != (Said(told.From.Organizations), Said(told.To.Organizations), told.Plan?.Id, string.Join(' ', told.To.Countries ?? []), told.IsSingle, told.To.FirstYear, told.To.LastYear, Instrument(told));

    private static string Said(IReadOnlyList<FtsOrganization>? organizations) => string.Join('\n', (organizations ?? []).Select(o => o.Name));

    private static bool IsAt(PledgeRow header, List<string> donors, Place place) =>
        (header.FundId, header.RecipientId, header.Shared, header.Instrument) == (place.FundId, place.RecipientId, place.Shared, place.Instrument)
        && header.Countries.SequenceEqual(place.Countries) && header.UsageYears.SequenceEqual(place.Years) && donors.TrueForAll(donor => donor == place.DonorId);

    private async Task<(long No, List<RecordedEntry> Live)> MoveAsync(PledgeRow header, List<RecordedEntry> live, Place place)
    {
        var before = ReclassifyPledge.ClassificationOf(header);
        var after = before with
        {
            FundId = place.FundId,
            RecipientId = place.RecipientId,
            Instrument = place.Instrument,
            Countries = CountryShare.Of([.. place.Countries], []),
            Shared = place.Shared,
            UsageYears = place.Years,
        };
        var references = new References(write, new Faults());
        var (restates, passedOnFrom) = (await references.PledgeAsync("", after.Restates), await references.PledgeAsync("", after.PassedOnFrom));
        var id = await ReclassifyPledge.MoveAsync(write, header, before, after, restates, passedOnFrom, live, Changed, place.DonorId);
        var no = await write.Sql.QueryFirstAsync<long>("SELECT no FROM pledge WHERE id = @id", new { id });
        return (no, await RecordedEntry.LiveOfAsync(write, no));
    }

    // A promise of another amount is revised. Where that cannot say it, because only its dollars or its currency are others, it is entered again.
    private async Task<(long No, List<RecordedEntry> Live)> BringPledgeAsync(FtsFlow flow, FtsEntry entry, Place place, long no, List<RecordedEntry> live)
    {
        var promises = live.FindAll(e => e.Kind is "pledge" or "revision");
        var (minor, cents) = (entry.Minor - promises.Sum(e => e.AmountMinor), entry.Cents - promises.Sum(e => e.UsdMinor));
        if (promises[0].Currency == entry.Currency && (minor, cents) == (0, 0))
        {
            return (no, live);
        }

        if (promises[0].Currency == entry.Currency && minor != 0 && Math.Sign(minor) == Math.Sign(cents))
        {
            var request = new RevisePledge.Request(Currency.Major(minor, entry.Currency), entry.Currency == "USD" ? null : Currency.Usd(cents),
                promises[0].ValueDate > _today ? promises[0].ValueDate : _today, promises[0].MergedInto ?? promises[0].DonorId, Note: Changed)
            {
                Id = promises[0].PledgeId,
            };
            await RevisePledge.RecordAsync(write, Checked(RevisionRules, request));
            return (no, await RecordedEntry.LiveOfAsync(write, no));
        }

        ThrowIfOthers(live, flow.Id, promises[0].PledgeId);
        await ReverseAsync(live, Changed);
        no = await EnterAsync(flow, entry with { Kind = "pledge", Date = promises[0].ValueDate, DatePrecision = promises[0].DatePrecision }, place, no);
        foreach (var stood in live.FindAll(e => IsOf(e, flow.Id)))
        {
            await AddAsync(entry with { Kind = stood.Kind, Date = stood.ValueDate, DatePrecision = stood.DatePrecision, Reference = stood.Reference }, no, place.DonorId, flow.Id, stood);
        }

        return (no, await RecordedEntry.LiveOfAsync(write, no));
    }

    private async Task<(long No, bool WentBack)> BringStatusAsync(FtsFlow flow, FtsEntry entry, Place place, long no, List<RecordedEntry> live)
    {
        var gone = live.FindAll(e => IsOf(e, flow.Id) && IsGone(e, entry));
        await ReverseAsync(gone, Dropped);
        if (live.Exists(e => e.Kind == entry.Kind && (entry.Kind == "pledge" || IsOf(e, flow.Id))))
        {
            return (no, gone.Count > 0 && entry.Kind == "pledge");
        }

        if (entry.Kind == "pledge")
        {
            return (await EnterAsync(flow, entry, place, no), false);
        }

        var donor = live.Count == 0 ? place.DonorId : live[0].MergedInto ?? live[0].DonorId;
        await AddAsync(entry, no, donor, flow.Id, null);
        return (no, false);
    }

    // The last first: what rests on another goes before it.
    private async Task ReverseAsync(List<RecordedEntry> entries, LocalizedText reason)
    {
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            await ReverseEntry.ReverseAsync(write, entries[i], reason);
        }
    }

    /// <exception cref="Refused">Somebody entered something there that is not the flow's, and would be lost.</exception>
    private static void ThrowIfOthers(List<RecordedEntry> live, string id, string pledgeId)
    {
        if (live.Exists(e => e.Kind is not ("pledge" or "revision") && !IsOf(e, id)))
        {
            throw Refused.Conflict("Other entries stand under the same header.", "توجد قيود أخرى تحت السجل نفسه.", $"/v1/pledges/{pledgeId}");
        }
    }

    private async Task<long> EnterAsync(FtsFlow flow, FtsEntry entry, Place place, long? reclassifies)
    {
        switch (entry.Kind)
        {
            case "pledge":
                var promise = Promise(flow, entry, place);
                // The first header of a flow has its number; those that stand in its place are found by way of it.
                var isTaken = reclassifies is not null && await write.Sql.QueryFirstOrDefaultAsync<long?>(
                    "SELECT no FROM pledge WHERE external_system = @ExternalSystem AND external_id = @Id", new { ExternalSystem, flow.Id }) is not null;
                promise = Checked(PledgeRules, isTaken ? promise with { ExternalSystem = null, ExternalId = null } : promise);
                var (pledge, _) = await RecordPledge.RecordAsync(write, promise, reclassifies);
                return await HeaderOfAsync("SELECT no, id FROM pledge WHERE id = @id", pledge);
            case "adjustment":
                var (adjustment, _) = await RecordAdjustment.RecordAsync(write, Checked(AdjustmentRules, Adjustment(flow, entry, place)), reclassifies: reclassifies);
                return await HeaderOfAsync(OfEntry, adjustment);
            default:
                var (contribution, _) = await RecordContribution.RecordAsync(write, Checked(ContributionRules, Contribution(flow, entry, place)), reclassifies: reclassifies);
                return await HeaderOfAsync(OfEntry, contribution);
        }
    }

    private async Task<long> HeaderOfAsync(string sql, string id)
    {
        var (no, header) = await write.Sql.QueryFirstAsync<(long, string)>(sql, new { id });
        _ids[no] = header;
        return no;
    }

    private async Task AddAsync(FtsEntry entry, long no, string donorId, string id, RecordedEntry? replaced)
    {
        var pledge = await IdOfAsync(no);
        await RecordContribution.RecordAsync(write, Checked(ContributionRules, new RecordContribution.Request(
            PledgeId: pledge, DonorId: donorId, Stage: entry.Kind, Amount: entry.Amount, Currency: entry.Currency, AmountUsd: entry.AmountUsd, Date: entry.Date, DatePrecision: entry.DatePrecision,
            Reference: entry.Reference, ExternalSystem: ExternalSystem, ExternalId: id, DistinctFrom: ["all"])), replaced);
    }

    private static RecordPledge.Request Promise(FtsFlow flow, FtsEntry entry, Place place) => new(
        [new RecordPledge.DonorShare(place.DonorId, entry.Amount, entry.AmountUsd)], entry.Currency, AnnouncedOn: entry.Date, DatePrecision: entry.DatePrecision, FundId: place.FundId,
        RecipientId: place.RecipientId, Instrument: place.Instrument, Countries: CountryShare.Of([.. place.Countries], []), Shared: place.Shared, UsageYears: place.Years, Earmarking: place.Earmarking,
        Description: LocalizedText.Of(flow.Description, null), ExternalSystem: ExternalSystem, ExternalId: flow.Id);

    private static RecordContribution.Request Contribution(FtsFlow flow, FtsEntry entry, Place place) => new(
        DonorId: place.DonorId, FundId: place.FundId, RecipientId: place.RecipientId, Instrument: place.Instrument, Countries: CountryShare.Of([.. place.Countries], []), Stage: entry.Kind,
        Amount: entry.Amount, Currency: entry.Currency, AmountUsd: entry.AmountUsd, Date: entry.Date, DatePrecision: entry.DatePrecision, Reference: entry.Reference, ExternalSystem: ExternalSystem,
        ExternalId: flow.Id, DistinctFrom: ["all"], Shared: place.Shared, UsageYears: place.Years, Earmarking: place.Earmarking, Description: LocalizedText.Of(flow.Description, null));

    private static RecordAdjustment.Request Adjustment(FtsFlow flow, FtsEntry entry, Place place) => new(
        entry.Adjusts, entry.Amount, entry.Currency, entry.AmountUsd, entry.Date, place.DonorId, place.FundId, place.RecipientId, place.Instrument, entry.DatePrecision, Reference: entry.Reference,
        ExternalSystem: ExternalSystem, ExternalId: flow.Id, Countries: CountryShare.Of([.. place.Countries], []), Shared: place.Shared, UsageYears: place.Years, Earmarking: place.Earmarking,
        Description: LocalizedText.Of(flow.Description, null));

    private async Task<Place> PlaceAsync(FtsFlow flow)
    {
        var fund = flow.Plan is { } plan ? await FundAsync(plan) : null;
        var recipient = flow.To.Organizations is null && (fund is not null || flow.To.Countries is not null) ? null : await OrganizationAsync(flow.To.Organizations);
        return new(await DonorAsync(flow), fund, recipient, flow.To.Countries ?? [], !flow.IsSingle, YearsOf(flow), Instrument(flow), FtsWords.EarmarkingOf(flow.Earmarking));
    }

    private Task<string> OrganizationAsync(IReadOnlyList<FtsOrganization>? told) => told switch
    {
        null or [] => KeptAsync(Unspecified, () => new CreateOrganization.Request(Unspecified, new("Not specified", "غير محدد"), "90")),
        [{ Name: not FtsSide.Several } one] => KnownAsync(one),
        _ => KeptAsync(Several, () => new CreateOrganization.Request(Several, new("Several organizations", "جهات متعددة"), "group")),
    };

    private async Task<string> KeptAsync(string id, Func<CreateOrganization.Request> request)
    {
        if (!_organizations.TryGetValue(id, out var known))
        {
            _organizations[id] = known = await References.SurvivorAsync(write, id) ?? await CreateOrganization.RecordAsync(write, Checked(OrganizationRules, request()));
        }

        return known;
    }

    private async Task<string> KnownAsync(FtsOrganization told)
    {
        // No id has a space in front.
        var key = " " + told.Name;
        if (_organizations.TryGetValue(key, out var known))
        {
            return known;
        }

        known = names.Find(told.Name) switch
        {
            [] => await MakeAsync(told),
            [var one] => one,
            var several => await write.Sql.QueryFirstOrDefaultAsync<string>($"""
                SELECT id FROM organization WHERE {write.Engine.AnyOf("id", "@list")} AND (name_en = @Name OR name_ar = @Name) ORDER BY id LIMIT 1
                """, new { list = several.ToList(), told.Name }) ?? several[0],
        };
        await names.KeepAsync(write, told.Name);
        return _organizations[key] = known;
    }

    private async Task<string> MakeAsync(FtsOrganization told)
    {
        var id = await FtsWords.SlugAsync(told.Name, async slug => await write.Sql.QueryFirstOrDefaultAsync<string>("SELECT id FROM organization WHERE id = @slug", new { slug }) is not null);
        var isGovernment = told.Type == "10" && told.Name.IndexOf(", Government of", StringComparison.Ordinal) is > 0;
        await CreateOrganization.RecordAsync(write, Checked(OrganizationRules, new CreateOrganization.Request(id, new(told.Name), told.Type ?? "90",
            isGovernment ? FtsWords.CountryOf(told.Name[..told.Name.IndexOf(", Government of", StringComparison.Ordinal)]) : null)));
        names.Add(id, told.Name);
        return id;
    }

    private static TRequest Checked<TRequest>(IValidator<TRequest> rules, TRequest request) => rules.Check(request) is { Count: > 0 } faults ? throw Refused.Invalid(faults) : request;

    /// <summary>What decides in which totals money counts.</summary>
    private sealed record Place(string DonorId, string? FundId, string? RecipientId, IReadOnlyList<string> Countries, bool Shared, int[] Years, string Instrument, string? Earmarking);
}
