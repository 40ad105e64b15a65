using System.Globalization;
using System.Text.Json.Serialization;

namespace PledgeTracker.Summaries;

/// <summary>How money went, period by period or day by day, in US dollars. Figures of one row are never added to each other; figures of one series add up to what a summary of the same money shows.</summary>
public sealed record TimeSeries : ITable<TimeSeriesTableRow>
{
    /// <summary>The day as of which it stands; today where none was asked for. No period goes beyond it.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>How long a period is; null with `steps`.</summary>
    [OneOf(nameof(Vocabulary.Intervals))]
    public required string? Interval { get; init; }

    /// <summary>Whether rows show what each figure came to by their end; otherwise they show what they changed of it.</summary>
    public required bool Cumulative { get; init; }

    /// <summary>What the series are; null where all stands together.</summary>
    public required string? GroupBy { get; init; }

    /// <summary>All together: every period from the first to the last, also those in which nothing happened. Empty with `steps`.</summary>
    public required IReadOnlyList<TimeSeriesRow> Rows { get; init; }

    /// <summary>The same apart: the largest items, then the rest of them, what several share, and what names none. Empty without `groupBy`.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>The days on which something changed or was stated. Empty without `steps`.</summary>
    public required IReadOnlyList<TimeSeriesStep> Steps { get; init; }

    /// <summary>By which rules it was made.</summary>
    public required SummaryBasis Basis { get; init; }

    IEnumerable<TimeSeriesTableRow> ITable<TimeSeriesTableRow>.Rows =>
        Series.Count > 0 ? Series.SelectMany(series => series.Rows.Select(row => new TimeSeriesTableRow(row, series)))
        : Rows.Select(row => new TimeSeriesTableRow(row)).Concat(Steps.Select(step => new TimeSeriesTableRow(step) { Statements = step.Statements, StatementCount = step.StatementCount }));
}

/// <summary>A period of a series, or a day, in CSV, XLSX and NDJSON.</summary>
public sealed record TimeSeriesTableRow : TimeSeriesRow
{
    internal TimeSeriesTableRow(TimeSeriesRow row, Series? series = null)
        : base(row) => (Kind, Key, Name) = (series?.Kind, series?.Key, series?.Name);

    /// <inheritdoc cref="SummaryRow.Kind"/>
    public string? Kind { get; }

    /// <inheritdoc cref="SummaryRow.Key"/>
    [Hxl("#meta+key")]
    public string? Key { get; }

    /// <inheritdoc cref="SummaryRow.Name"/>
    [Hxl("#meta+name")]
    public string? Name { get; }

    /// <summary>Of a step, what was stated on the day; null of a period.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<DaysStatement>? Statements { get; init; }

    /// <inheritdoc cref="TimeSeriesStep.StatementCount"/>
    [JsonPropertyOrder(1)]
    public int? StatementCount { get; init; }
}

/// <summary>The rows of one item, or of what stands beside items.</summary>
public sealed record Series
{
    /// <inheritdoc cref="SummaryRow.Kind"/>
    [OneOf(nameof(Vocabulary.RowKinds))]
    public required string Kind { get; init; }

    /// <inheritdoc cref="SummaryRow.Key"/>
    public required string? Key { get; init; }

    /// <inheritdoc cref="SummaryRow.Name"/>
    public required string? Name { get; init; }

    /// <summary>Of the same periods as all together.</summary>
    public required IReadOnlyList<TimeSeriesRow> Rows { get; init; }
}

/// <summary>The money of a period.</summary>
public record TimeSeriesRow
{
    internal TimeSeriesRow(string period, Sums sums)
    {
        Period = period;
        Pledged = Currency.Usd(sums.Pledged);
        Withdrawn = Currency.Usd(sums.Withdrawn);
        Committed = Currency.Usd(sums.Committed);
        Paid = Currency.Usd(sums.Paid);
        Outstanding = Currency.Usd(sums.Outstanding);
    }

    /// <summary>`2018-08`, `2018-Q3` or `2018`; of a step the day, such as `2018-08-17`.</summary>
    /// <example>2018-Q3</example>
    [Hxl("#date+period")]
    public string Period { get; }

    /// <summary>Pledges and their revisions.</summary>
    [Hxl("#value+pledge+usd")]
    public decimal Pledged { get; }

    /// <summary>What will not come.</summary>
    [Hxl("#value+withdrawn+usd")]
    public decimal Withdrawn { get; }

    /// <summary>Commitments, and payments that nobody announced as commitments.</summary>
    [Hxl("#value+committed+usd")]
    public decimal Committed { get; }

    /// <summary>Payments less refunds.</summary>
    [Hxl("#value+paid+usd")]
    public decimal Paid { get; }

    /// <summary>What is promised and not yet paid; of a period by itself, how much more that became: below 0 where more was paid or withdrawn than promised.</summary>
    [Hxl("#value+outstanding+usd")]
    public decimal Outstanding { get; }
}

/// <summary>A day on which something changed or was stated, with what each figure came to by its end.</summary>
public sealed record TimeSeriesStep : TimeSeriesRow
{
    internal TimeSeriesStep(DateOnly day, Sums sums, IReadOnlyList<DaysStatement> statements, int statementCount)
        : base(Iso.Date(day), sums) => (Statements, StatementCount) = (statements, statementCount);

    /// <summary>What was stated on the day: pledges announced, revised and withdrawn, and of a fund the shortfalls reported and the requirements stated. The largest 20.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<DaysStatement> Statements { get; }

    /// <summary>How many statements there are on the day in all.</summary>
    [JsonPropertyOrder(1)]
    public int StatementCount { get; }
}

/// <summary>Something that was stated on a day.</summary>
public sealed record DaysStatement
{
    [OneOf(nameof(Vocabulary.Statements))]
    public required string Kind { get; init; }

    /// <summary>Of the pledge, which `/v1/pledges/{id}` shows; of a shortfall or a requirement, its own, which `/v1/shortfalls/{id}` shows.</summary>
    public required string Id { get; init; }

    /// <summary>Whose promise it is; null of shortfalls and requirements.</summary>
    public required Ref? Donor { get; init; }

    /// <summary>Below 0 where a revision lowered a promise. What was withdrawn is above 0.</summary>
    public required decimal Amount { get; init; }

    /// <example>USD</example>
    public required string Currency { get; init; }

    public required decimal AmountUsd { get; init; }

    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string Qualifier { get; init; }
}

/// <summary>The calendar's periods.</summary>
/// <param name="Months">How many each has.</param>
internal readonly record struct Interval(int Months)
{
    /// <param name="word">One of <see cref="Vocabulary.Intervals"/>.</param>
    public static Interval Of(string word) => new(word switch { "month" => 1, "quarter" => 3, _ => 12 });

    /// <summary>The first day of the period that has a day.</summary>
    public DateOnly First(DateOnly day) => new(day.Year, day.Month - ((day.Month - 1) % Months), 1);

    /// <summary>The first days of every period from that of one day to that of another.</summary>
    public IEnumerable<DateOnly> Between(DateOnly from, DateOnly to)
    {
        for (var first = First(from); first <= to; first = first.AddMonths(Months))
        {
            yield return first;
        }
    }

    /// <summary>What the period is called that begins on a day.</summary>
    public string Name(DateOnly first) => Months switch
    {
        1 => first.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        3 => string.Create(CultureInfo.InvariantCulture, $"{first:yyyy}-Q{(first.Month + 2) / 3}"),
        _ => first.ToString("yyyy", CultureInfo.InvariantCulture),
    };
}
