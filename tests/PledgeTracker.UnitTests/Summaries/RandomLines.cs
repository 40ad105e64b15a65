using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Ledger;
using PledgeTracker.Summaries;
using PledgeTracker.Tests.Ledger;
using PledgeTracker.UnitTests.Ledger;

namespace PledgeTracker.UnitTests.Summaries;

/// <summary>Groups of headers as FsCheck makes them up, spread over years, and the day as of which they are looked at.</summary>
internal static class RandomLines
{
    /// <param name="Step">How many days lie between two of the ledger's.</param>
    /// <param name="Suffix">Of the donors' names: the same one may stand under several headers.</param>
    /// <param name="Dates">Steps after the first day, and percents of what was promised at the end; of the last one only the day, which is the header's own.</param>
    public sealed record Header(RandomLedger.Ledger Ledger, int Step, int Suffix, (int Steps, int Percent)[] Dates, bool HasDueOn, bool HasRecipient, int Verified)
    {
        public PlainHeader Plain()
        {
            List<Naive.Entry> entries =
            [
                .. Ledger.Entries().Select(e => e with { DonorId = $"{e.DonorId}{Suffix}", ValueDate = Stretched(e.ValueDate), CountsFrom = Stretched(e.CountsFrom) }),
            ];
            var promised = Naive.Lines(entries).Where(l => l.HasPledge).Sum(l => l.PromisedMinor);
            return new PlainHeader(entries,
                HasDueOn ? RandomLedger.FirstDay.AddDays(Dates[^1].Steps * Step) : null,
                [.. Dates[..^1].Select(d => (RandomLedger.FirstDay.AddDays(d.Steps * Step), Naive.HalfToEven(promised, d.Percent, 100))).Where(d => d.Item2 > 0)],
                HasRecipient,
                [.. ((string[])["a", "b", "c"]).Take(Verified).Select(donor => $"{donor}{Suffix}")]);
        }

        private DateOnly Stretched(DateOnly day) => RandomLedger.FirstDay.AddDays((day.DayNumber - RandomLedger.FirstDay.DayNumber) * Step);
    }

    private static readonly Gen<(int Steps, int Percent)> DueDates =
        from steps in Gen.Choose(0, RandomLedger.Days + 2)
        from percent in Gen.Elements(10, 25, 33, 50, 100)
        select (steps, percent);

    private static readonly Gen<Header> Headers =
        from ledger in RandomLedger.Arbitrary.Generator
        from step in Gen.Elements(1, 7, 45, 91, 200)
        from suffix in Gen.Choose(1, 3)
        from count in Gen.Elements(1, 1, 2, 3, 4)
        from dates in Gen.ArrayOf(DueDates, count)
        from hasDueOn in Gen.Elements(true, false)
        from hasRecipient in Gen.Elements(true, false)
        from verified in Gen.Choose(0, 3)
        select new Header(ledger, step, suffix, dates, hasDueOn, hasRecipient, verified);

    private static readonly Gen<(Header[] Headers, DateOnly Day)> Groups =
        from count in Gen.Elements(0, 1, 1, 1, 2, 4)
        from headers in Gen.ArrayOf(Headers, count)
        from day in Gen.Elements(Gen.Choose(0, 12), Gen.Choose(0, 400), Gen.Choose(0, 3000)).SelectMany(days => days)
        select (headers, RandomLedger.FirstDay.AddDays(day));

    // A group that fails is made smaller by whole headers, and these by their moves.
    private static readonly Arbitrary<(Header[] Headers, DateOnly Day)> Arbitrary = Arb.From(Groups, group =>
        Enumerable.Range(0, group.Headers.Length).Select(i => (group.Headers.Where((_, at) => at != i).ToArray(), group.Day))
            .Concat(group.Headers.SelectMany((header, i) => RandomLedger.Arbitrary.Shrinker(header.Ledger)
                .Select(smaller => (group.Headers.Select((h, at) => at == i ? h with { Ledger = smaller } : h).ToArray(), group.Day)))));

    public static void ForAll(Action<List<PlainHeader>, DateOnly> property, int cases = 1000) => Check.One(
        Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(cases), Prop.ForAll(Arbitrary, group => property([.. group.Headers.Select(h => h.Plain())], group.Day)));

    /// <summary>The lines of headers as of a day, as they are measured: those without a pledge among them.</summary>
    public static List<MeasuredLine> Measured(this IEnumerable<PlainHeader> headers, DateOnly day) => [.. headers.SelectMany(header => Measured(header, day))];

    private static IEnumerable<MeasuredLine> Measured(PlainHeader header, DateOnly day)
    {
        var entries = header.Entries.ToEntries().FindAll(e => e.CountsFrom <= day);
        var lines = Figures.Lines(entries);
        return lines.Select(line => new MeasuredLine(line.DonorId, line, Figures.Live(entries).FindAll(e => e.DonorId == line.DonorId), header.DueOn,
            [.. (header.Instalments ?? []).Select(i => new StoredInstalment(i.On, i.Amount))], lines.Count == 1, header.HasRecipient, header.Verified?.Contains(line.DonorId) == true,
            lines.Sum(l => l.PromisedMinor)));
    }
}
