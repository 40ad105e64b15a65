namespace PledgeTracker.Tests.Ledger;

/// <summary>What counts against a fund's shortfalls, read from the design a second time. It shares nothing with the code under test.</summary>
internal static class NaiveCoverage
{
    /// <summary>Money of one day, one set of usage years and one instrument, in US cents.</summary>
    /// <param name="Years">The first and the last that its header names; null where it names none.</param>
    public sealed record Money(DateOnly On, (int First, int Last)? Years, string Instrument, Naive.Day Of);

    /// <summary>A reported shortfall or a requirement; one without a period has neither end.</summary>
    /// <param name="NextStatedOn">When the statement was made that supersedes it.</param>
    public sealed record Statement(string Id, DateOnly StatedOn, DateOnly? Start, DateOnly? End, DateOnly? NextStatedOn)
    {
        public bool Current => NextStatedOn is null;

        /// <summary>The last day of its window: the earlier of the period's end and the day of the statement that supersedes it.</summary>
        public DateOnly LastDay => new[] { End ?? DateOnly.MaxValue, NextStatedOn ?? DateOnly.MaxValue }.Min();

        public bool HasPeriod => Start is not null || End is not null;

        public bool OfWholeYears => Start is { Month: 1, Day: 1 } && End is { Month: 12, Day: 31 };

        public bool Holds(DateOnly day) => day >= (Start ?? DateOnly.MinValue) && day <= (End ?? DateOnly.MaxValue);

        public bool Holds((int First, int Last) years) => Holds(new DateOnly(years.First, 1, 1)) && Holds(new DateOnly(years.Last, 12, 31));

        public bool Overlaps(Statement other) =>
            (Start ?? DateOnly.MinValue) <= (other.End ?? DateOnly.MaxValue) && (other.Start ?? DateOnly.MinValue) <= (End ?? DateOnly.MaxValue);
    }

    /// <summary>The money of a fund that counts against a statement that somebody reported.</summary>
    public static List<Money> OfReported(Statement statement, IReadOnlyCollection<Statement> all, IReadOnlyCollection<Money> money) =>
        [.. money.Where(m => InWindow(statement, m) && (!statement.Current || Chosen(all, m) == statement))];

    private static bool InWindow(Statement statement, Money money) => statement.StatedOn < money.On && money.On <= statement.LastDay;

    // Of several current statements in whose windows it lies: the one whose period holds its usage years, else its date, else the one that ends first.
    private static Statement Chosen(IReadOnlyCollection<Statement> all, Money money)
    {
        var windows = all.Where(s => s.Current && InWindow(s, money)).ToList();
        return windows.Find(s => s.HasPeriod && money.Years is { } years && s.Holds(years))
            ?? windows.Find(s => s.HasPeriod && s.Holds(money.On))
            ?? windows.MinBy(s => s.LastDay)!;
    }

    /// <summary>The money of a fund that belongs to a requirement's period.</summary>
    public static List<Money> OfComputed(Statement requirement, IReadOnlyCollection<Statement> all, IReadOnlyCollection<Money> money) =>
        [.. money.Where(m => Belongs(requirement, all, m))];

    /// <summary>The money that is for several years and belongs to no period.</summary>
    public static List<Money> Across(IReadOnlyCollection<Statement> all, IReadOnlyCollection<Money> money) =>
        [.. money.Where(m => m.Years is { } years && years.First < years.Last && !all.Any(r => r.Current && Belongs(r, all, m)))];

    private static bool Belongs(Statement requirement, IReadOnlyCollection<Statement> all, Money money) =>
        !requirement.HasPeriod
        || (money.Years is { } whole && requirement.OfWholeYears && requirement.Holds(whole))
        || (money.Years is { } years && !requirement.OfWholeYears && requirement.Holds(money.On)
            && !all.Any(r => r.Current && r.HasPeriod && r.OfWholeYears && !r.Overlaps(requirement) && r.Holds(years)))
        || (money.Years is null && requirement.Holds(money.On));
}
