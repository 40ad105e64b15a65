using System.Globalization;

namespace PledgeTracker.Compat.Fts;

/// <summary>A fund with what it requires for some years.</summary>
/// <param name="Periods">Those that its requirements are for.</param>
/// <param name="IsWhole">Whether these are all periods that it states requirements for.</param>
internal sealed record RequiredPlan(string Id, string Name, string Kind, string[] Countries, string[] Aliases, IReadOnlyList<RequiredPlan.Period> Periods, bool IsWhole)
{
    /// <summary>What is required for a period; for the year in which it was stated, where it names none.</summary>
    /// <param name="Revised">In US dollars, as it is stated now.</param>
    /// <param name="Original">As it was stated at first; 0 where nobody said.</param>
    public sealed record Period(DateOnly Start, DateOnly End, decimal Revised, decimal Original);

    /// <summary>What people call it in short: the first of its other names that could be a code, or its id; of a longer one than 32 characters its number.</summary>
    public string CodeBy(Numbers numbers) => Aliases.FirstOrDefault(alias => alias.Length <= MostOfCode && alias.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)))
        ?? (Id.Length <= MostOfCode ? Id : numbers.OfFund(Id).ToString(CultureInfo.InvariantCulture));

    private const int MostOfCode = 32;

    public decimal Revised => Periods.Sum(period => period.Revised);

    public decimal Original => Periods.Sum(period => period.Original);

    /// <summary>The same for one of its periods alone.</summary>
    public RequiredPlan For(Period period) => this with { Periods = [period], IsWhole = IsWhole && Periods.Count == 1 };

    /// <summary>The years that its periods touch.</summary>
    public IReadOnlyList<int> Years => [.. Periods.SelectMany(period => Enumerable.Range(period.Start.Year, period.End.Year - period.Start.Year + 1)).Distinct().Order()];

    /// <param name="funds">Null for all that state any.</param>
    /// <param name="years">Only what is required for a period that touches one of them; null for all.</param>
    public static async Task<IEnumerable<RequiredPlan>> OfAsync(Session session, Reader reader, IReadOnlyList<string>? funds, IReadOnlyList<int>? years)
    {
        var filter = new Filter().WhereAny(session.Engine, "r.fund_id", "fund", funds);
        var rows = await session.Sql.QueryAsync<Row>(new CommandDefinition($"""
            SELECT f.id, {reader.Text("f.name")} AS name, f.kind AS fund_kind, f.countries, f.aliases, r.kind, r.period_start, r.period_end, r.stated_on, r.usd_minor, x.by_no IS NULL AS stands
            FROM requirement r JOIN fund f ON f.id = r.fund_id LEFT JOIN superseded x ON x.kind = 'requirement' AND x.no = r.no {filter.Sql} ORDER BY f.id, r.stated_on, r.no
            """, filter.Parameters, flags: CommandFlags.NoCache));
        return rows.GroupBy(row => row.Id, StringComparer.Ordinal).Select(plan =>
        {
            var (all, standing) = (plan.ToList(), plan.Where(row => row.Stands && (years is null || years.Any(row.Touches))).ToList());
            return standing.Count == 0 ? null : new RequiredPlan(plan.Key, all[0].Name, all[0].FundKind, all[0].Countries, all[0].Aliases,
                [.. standing.GroupBy(row => row.Period).OrderBy(of => of.Key).Select(of => new Period(of.Key.Start, of.Key.End, Currency.Usd(of.Sum(row => row.UsdMinor)),
                    Currency.Usd(all.FindLast(row => row.Kind == "original" && row.Period == of.Key)?.UsdMinor ?? 0)))], standing.Count == all.Count(row => row.Stands));
        }).OfType<RequiredPlan>();
    }

    /// <summary>What it has of that, in US dollars: what came into it from outside, for these periods where it states requirements for others as well.</summary>
    public decimal FundingOf(IEnumerable<Flow> flows) =>
        Currency.Usd(flows.Where(flow => flow is { IsPledge: false, IsShared: false } && flow.FundId == Id && !flow.FromFunds.Contains(Id) && (IsWhole || IsFor(flow))).Sum(flow => flow.Usd));

    // Money for no year belongs where its day lies; what is for other years as well, or for nobody knows which, belongs to none.
    private bool IsFor(Flow flow) => flow is { Line.UsageYears: [], Date: { } day } ? Periods.Any(period => period.Start <= day && day <= period.End) : flow.Years is [_, ..] years && years.All(Years.Contains);

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string Name { get; init; }
        public required string FundKind { get; init; }
        public required string[] Countries { get; init; }
        public required string[] Aliases { get; init; }
        public required string Kind { get; init; }
        public DateOnly? PeriodStart { get; init; }
        public DateOnly? PeriodEnd { get; init; }
        public required DateOnly StatedOn { get; init; }
        public required long UsdMinor { get; init; }
        public required bool Stands { get; init; }

        /// <summary>The year in which it was stated, where it names none.</summary>
        public (DateOnly Start, DateOnly End) Period => (PeriodStart ?? new(StatedOn.Year, 1, 1), PeriodEnd ?? new(StatedOn.Year, 12, 31));

        public bool Touches(int year) => Period.Start.Year <= year && year <= Period.End.Year;
    }
}
