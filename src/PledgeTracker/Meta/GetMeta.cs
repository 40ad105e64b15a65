using PledgeTracker.Countries;
using PledgeTracker.Health;

namespace PledgeTracker.Meta;

/// <summary>What is in here and what may be asked: all that a dashboard needs to build its filters, in one answer.</summary>
public sealed class GetMeta : Reads<GetMeta.Request, MetaInfo>
{
    public sealed record Request : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/meta");
        Tells("Meta", "What is in here", """
            How far the data goes and how much of it there is, and every closed list of words, each with what it is called in English and Arabic: types, kinds, instruments, statuses, stages, qualifiers,
            reasons, currencies, countries, codes of problems. Donors, funds, events and sources are lists of their own.
            """);
    }

    protected override async Task<MetaInfo> ReadAsync(Request request, View view)
    {
        // Entries are numbered without gaps, and never deleted.
        var counts = await view.Sql.QueryFirstAsync<MetaCounts>("""
            SELECT (SELECT count(*) FROM pledge WHERE origin = 'announced') AS pledges, (SELECT count(*) FROM contribution WHERE reversed = FALSE) AS contributions,
                   coalesce((SELECT max(no) FROM ledger_entry), 0) AS entries, (SELECT count(*) FROM organization WHERE merged_into IS NULL) AS organizations, (SELECT count(*) FROM fund) AS funds, (SELECT count(*) FROM event) AS events, (SELECT count(*) FROM source) AS sources,
                   (SELECT count(*) FROM requirement) AS requirements, (SELECT count(*) FROM shortfall) AS shortfalls, (SELECT count(*) FROM indicator) AS indicators,
                   (SELECT count(*) FROM exchange_rate) AS exchange_rates
            """);
        var (first, last) = await view.Sql.QueryFirstAsync<(string? First, string? Last)>("SELECT min(month), max(month) FROM total_month WHERE scope = 'all'");
        var named = await view.Sql.QueryAsync<CountryRow>($"{CountryRow.Select} ORDER BY k.code");
        return new MetaInfo
        {
            Version = GetVersion.Number,
            DatasetVersion = view.Head.Version,
            ChangedAt = view.Head.Sequence == 0 ? null : view.Head.At,
            Counts = counts,
            FirstMonth = first,
            LastMonth = last,
            Lists = new MetaLists
            {
                OrganizationTypes = Words(Labels.OrganizationTypes),
                FundKinds = Words(Labels.FundKinds),
                Instruments = Words(Labels.Instruments),
                Statuses = Words(Labels.Statuses),
                Origins = Words(Labels.Origins),
                Earmarkings = Words(Labels.Earmarkings),
                EntryKinds = Words(Labels.Kinds),
                Stages = Words(Labels.Stages),
                Qualifiers = Words(Labels.Qualifiers),
                WithdrawalReasons = Words(Labels.WithdrawalReasons),
                Verifications = Words(Labels.Verifications),
                DatePrecisions = Words(Labels.DatePrecisions),
                RequirementKinds = Words(Labels.RequirementKinds),
                Reliabilities = Words(Labels.Reliabilities),
                GroupBy = Words(Labels.GroupBy),
                RowKinds = Words(Labels.RowKinds),
                Intervals = Words(Labels.Intervals),
                Statements = Words(Labels.Statements),
                Measures = Words(Labels.Measures),
                AgeingBases = Words(Labels.AgeingBases),
                ShortfallBases = Words(Labels.ShortfallBases),
                ChangedEntities = Words(Labels.Entities),
                ChangeActions = Words(Labels.Actions),
                ImportFormats = Words(Labels.ImportFormats),
                ImportModes = Words(Labels.ImportModes),
                ImportStates = Words(Labels.ImportStates),
                RowOutcomes = Words(Labels.RowOutcomes),
                Differences = Words(Labels.Differences),
                SourceStates = Words(Labels.SourceStates),
                Roles = Words(Labels.Roles),
            },
            Currencies = [.. Currency.All.Select(code => new MetaCurrency(code, Currency.Exponent(code), Currency.IsWithdrawn(code)))],
            Countries = [.. named.Select(row => new MetaCountry
            {
                Code = row.Code,
                Name = Country.NameOf(row.Code)!,
                Withdrawn = Country.IsWithdrawn(row.Code),
                Aliases = [.. Country.Names[row.Code].Except([Country.NameOf(row.Code)!.En!, Country.NameOf(row.Code)!.Ar!]).Concat(row.Aliases)],
            })],
            Problems = [.. Problems.Known.Select(problem => new MetaProblem(problem.Key, problem.Value.Status, problem.Value.Title))],
        };
    }

    private static MetaWord[] Words(OrderedDictionary<string, LocalizedText> labels) => [.. labels.Select(label => new MetaWord(label.Key, label.Value))];
}
