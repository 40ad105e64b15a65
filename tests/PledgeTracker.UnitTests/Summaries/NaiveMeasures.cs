using System.Numerics;
using PledgeTracker.Tests.Ledger;

namespace PledgeTracker.UnitTests.Summaries;

/// <summary>A header with its whole ledger, and what measures look at beside it.</summary>
/// <param name="Verified">The donors of whom a payment or commitment was verified.</param>
internal sealed record PlainHeader(
    List<Naive.Entry> Entries, DateOnly? DueOn = null, IReadOnlyList<(DateOnly On, long Amount)>? Instalments = null, bool HasRecipient = false, IReadOnlyCollection<string>? Verified = null);

/// <summary>
/// The measures a second time, read from their definitions and computed in the plainest way, in numbers of any size. It shares nothing with the code under test, and like the naive
/// rules of the ledger it goes other ways: money that ages lies on piles, payments on a stack.
/// </summary>
internal static class NaiveMeasures
{
    private static readonly (string Name, int Days)[] Ages =
        [("upTo90Days", 90), ("upTo180Days", 180), ("upTo365Days", 365), ("upTo730Days", 730), ("upTo1095Days", 1095), ("upTo1825Days", 1825), ("over1825Days", int.MaxValue)];

    private sealed record Line(PlainHeader Header, Naive.Line Figures, long HeaderPromised, List<Naive.Entry> Own)
    {
        public long Promised => Figures.PromisedMinor;
        public long Outstanding => Figures.OutstandingMinor;
        public long Paid => Promised - Outstanding;
        public long PromisedUsd => Figures.Sums.Pledged - Figures.Sums.Withdrawn;
        public long OutstandingUsd => Figures.Sums.Outstanding;
        public long PaidUsd => PromisedUsd - OutstandingUsd;
        public Naive.Entry Pledge => Own.Where(e => e.Kind == "pledge").MinBy(e => e.No)!;
        public long Settled(string kind) => Own.Where(e => e.Kind == kind).Sum(Settled);
        public long Settled(Naive.Entry entry) => entry.Currency == Pledge.Currency ? entry.AmountMinor : entry.SettlesMinor!.Value;

        /// <summary>What of the promise is not due at the end of a day: the line's part of the header's later instalments, of its rest where that is due later, and of what has no date.</summary>
        public long NotDueAt(DateOnly day)
        {
            var instalments = Header.Instalments ?? [];
            var rest = Math.Max(0, HeaderPromised - instalments.Sum(i => i.Amount));
            var later = instalments.Where(i => i.On > day).Sum(i => i.Amount) + (Header.DueOn is null || Header.DueOn > day ? rest : 0);
            return HeaderPromised == 0 ? 0 : Naive.HalfToEven(Promised, later, HeaderPromised);
        }

        public long Undated => NotDueAt(DateOnly.MaxValue);

        public bool HasDate => Header.DueOn is not null || Header.Instalments is { Count: > 0 };
    }

    /// <summary>Every number of a set of all measures, by its path in the JSON.</summary>
    public static Dictionary<string, decimal?> Of(IEnumerable<PlainHeader> headers, DateOnly day, string basis)
    {
        var lines = headers.SelectMany(h => LinesOf(h, day)).ToList();
        var numbers = new Dictionary<string, decimal?>();
        Put("conversionRate", lines.Sum(l => l.PaidUsd), lines.Sum(l => l.PromisedUsd));
        numbers["undisbursed"] = Dollars(lines.Sum(Undisbursed));
        Age();
        Timely();
        Scheduled();
        Concentrated();
        Known();
        return numbers;

        void Put(string name, BigInteger numerator, BigInteger denominator)
        {
            numbers[$"{name}.numerator"] = Dollars(numerator);
            numbers[$"{name}.denominator"] = Dollars(denominator);
            numbers[$"{name}.share"] = Rounded(numerator, denominator, 6);
        }

        void PutMean(string name, BigInteger numerator, BigInteger denominator)
        {
            numbers[$"{name}.numerator"] = Dollars(numerator);
            numbers[$"{name}.denominator"] = Dollars(denominator);
            numbers[$"{name}.mean"] = Rounded(numerator, denominator, 1);
        }

        void Age()
        {
            var (aged, days) = (BigInteger.Zero, BigInteger.Zero);
            var classes = Ages.ToDictionary(a => a.Name, _ => BigInteger.Zero);
            var (notDue, undated, silent) = (BigInteger.Zero, BigInteger.Zero, BigInteger.Zero);
            foreach (var line in lines)
            {
                // How much of what is outstanding is no older than so many days, in cents.
                long Young(int age) => basis == "due"
                    ? Part(line, Math.Min(line.Outstanding, line.NotDueAt(day.AddDays(-age - 1))))
                    : Part(line, Piles(line).Where(p => day.DayNumber - p.On.DayNumber <= age).Sum(p => p.Left));
                var before = 0L;
                if (basis == "due")
                {
                    before = Part(line, Math.Min(line.Outstanding, line.NotDueAt(day)));
                    var never = Part(line, Math.Min(line.Outstanding, line.Undated));
                    undated += never;
                    notDue += before - never;
                }

                aged += line.OutstandingUsd - before;
                var last = before;
                foreach (var (name, end) in Ages)
                {
                    var young = end == int.MaxValue ? line.OutstandingUsd : Young(end);
                    classes[name] += young - last;
                    last = young;
                }

                last = before;
                foreach (var age in line.Own.Select(e => e.CountsFrom).Concat((line.Header.Instalments ?? []).Select(i => i.On)).Append(line.Header.DueOn ?? day)
                    .Select(on => day.DayNumber - on.DayNumber).Where(age => age >= 0).Distinct().Order())
                {
                    var young = Young(age);
                    days += (BigInteger)age * (young - last);
                    last = young;
                }

                silent += line.Own.Max(e => e.CountsFrom).AddDays(365) <= day ? line.OutstandingUsd : 0;
            }

            foreach (var (name, usd) in classes)
            {
                numbers[$"ageing.{name}"] = Dollars(usd);
            }

            if (basis == "due")
            {
                numbers["ageing.notDue"] = Dollars(notDue);
                numbers["ageing.undated"] = Dollars(undated);
            }

            numbers["ageing.outstanding"] = Dollars(lines.Sum(l => l.OutstandingUsd));
            PutMean("ageing.meanAgeDays", days, aged);
            numbers["ageing.silent"] = Dollars(silent);
        }

        void Timely()
        {
            var payments = lines.ToDictionary(l => l, Payments);
            PutMean("timeliness.meanDays", payments.Values.SelectMany(p => p).Aggregate(BigInteger.Zero, (sum, p) => sum + ((BigInteger)p.Usd * p.Days)), payments.Values.SelectMany(p => p).Sum(p => p.Usd));
            foreach (var days in (int[])[90, 180, 365, 730])
            {
                var old = lines.FindAll(l => l.Figures.PledgedOn!.Value.AddDays(days) <= day);
                Put($"timeliness.within{days}Days", old.Sum(l => payments[l].Where(p => p.Days <= days).Sum(p => p.Usd)), old.Sum(l => l.PromisedUsd));
            }
        }

        void Scheduled()
        {
            var (dueToDate, arrears, beyond, undated) = (0L, 0L, 0L, 0L);
            foreach (var line in lines.Where(l => l.Promised > 0))
            {
                long Usd(long minor) => Naive.HalfToEven(line.PromisedUsd, minor, line.Promised);
                undated += Usd(line.Undated);
                if (line.HasDate)
                {
                    var due = Math.Max(0, line.Promised - line.NotDueAt(day));
                    dueToDate += Usd(due);
                    arrears += Usd(Math.Max(0, due - line.Paid));
                    beyond += Usd(Math.Max(0, line.Paid - due));
                }
            }

            numbers["schedule.dueToDate"] = Dollars(dueToDate);
            numbers["schedule.arrears"] = Dollars(arrears);
            numbers["schedule.beyond"] = Dollars(beyond);
            numbers["schedule.undated"] = Dollars(undated);
        }

        void Concentrated()
        {
            var donors = lines.Select(l => l.Figures.DonorId).Distinct().Select(d => (BigInteger)lines.Where(l => l.Figures.DonorId == d).Sum(l => l.PromisedUsd)).Where(usd => usd > 0).ToList();
            donors.Sort((a, b) => b.CompareTo(a));
            BigInteger Largest(int many) => donors.Take(many).Aggregate(BigInteger.Zero, (sum, usd) => sum + usd);
            var all = Largest(donors.Count);
            numbers["concentration.donors"] = donors.Count;
            Put("concentration.fiveLargest", Largest(5), all);
            numbers["concentration.donorsOf80Percent"] = donors.Count == 0 ? null : Enumerable.Range(1, donors.Count).First(many => Largest(many) * 100 >= all * 80);
            numbers["concentration.herfindahl"] = Rounded(donors.Aggregate(BigInteger.Zero, (sum, usd) => sum + (usd * usd)), all * all, 6);
        }

        void Known()
        {
            var outstanding = lines.Sum(l => l.OutstandingUsd);
            Put("dataQuality.dueDate", outstanding - lines.Sum(l => Part(l, Math.Min(l.Outstanding, l.Undated))), outstanding);
            Put("dataQuality.recipient", lines.Where(l => l.Header.HasRecipient).Sum(l => l.OutstandingUsd), outstanding);
            Put("dataQuality.verification", lines.Where(l => l.Header.Verified is { } verified && verified.Contains(l.Figures.DonorId)).Sum(l => l.OutstandingUsd), outstanding);
        }
    }

    // max(0, committed − paid) in the pledge's currency, at its rate: N$ ÷ N, or the pledge's own where N is 0.
    public static long Undisbursed(IReadOnlyCollection<Naive.Entry> all, string donor, DateOnly day) =>
        LinesOf(new PlainHeader([.. all]), day).Where(l => l.Figures.DonorId == donor).Sum(Undisbursed);

    private static long Undisbursed(Line line)
    {
        var (committed, paid) = (line.Settled("commitment"), line.Settled("payment"));
        var open = line.Own.Exists(e => e.Kind == "commitment") ? Math.Max(0, committed - paid) : 0;
        return line.Promised > 0 ? Naive.HalfToEven(line.PromisedUsd, open, line.Promised) : Naive.HalfToEven(line.Pledge.UsdMinor, open, line.Pledge.AmountMinor);
    }

    private static List<Line> LinesOf(PlainHeader header, DateOnly day)
    {
        var pledged = Naive.Lines(header.Entries, day).FindAll(l => l.HasPledge);
        return pledged.ConvertAll(line => new Line(header, line, pledged.Sum(l => l.PromisedMinor),
            Naive.Standing(header.Entries).FindAll(e => e.DonorId == line.DonorId && e.CountsFrom <= day)));
    }

    // A pile for the pledge and for each revision that raised it. What was withdrawn, revised down or paid is shovelled away from the oldest.
    private static List<(DateOnly On, long Left)> Piles(Line line)
    {
        var piles = line.Own.Where(e => e.Kind is "pledge" or "revision" && e.AmountMinor > 0).OrderBy(e => e.CountsFrom).Select(e => (On: e.CountsFrom, Left: e.AmountMinor)).ToList();
        var gone = line.Own.Where(e => e.Kind == "withdrawal").Sum(e => e.AmountMinor) - line.Own.Where(e => e.Kind == "revision" && e.AmountMinor < 0).Sum(e => e.AmountMinor) + line.Paid;
        for (var i = 0; i < piles.Count; i++)
        {
            var taken = Math.Min(gone, piles[i].Left);
            piles[i] = (piles[i].On, piles[i].Left - taken);
            gone -= taken;
        }

        return piles;
    }

    // A stack of what was paid: each day's refunds come off its top. Of what is left, the lowest is what the promise asked for.
    private static List<(int Days, long Usd)> Payments(Line line)
    {
        var stack = new List<(DateOnly On, long Minor)>();
        foreach (var on in line.Own.Where(e => e.Kind == "payment").GroupBy(e => e.CountsFrom).OrderBy(on => on.Key))
        {
            var moved = on.Sum(line.Settled);
            stack.Add((on.Key, Math.Max(0, moved)));
            for (var back = Math.Max(0, -moved); back > 0;)
            {
                var top = stack[^1];
                stack.RemoveAt(stack.Count - 1);
                var taken = Math.Min(back, top.Minor);
                back -= taken;
                if (top.Minor > taken)
                {
                    stack.Add((top.On, top.Minor - taken));
                }
            }
        }

        var payments = new List<(int Days, long Usd)>();
        var (paid, usd) = (0L, 0L);
        foreach (var (on, minor) in stack)
        {
            paid += Math.Min(minor, line.Paid - paid);
            var upTo = line.Paid == 0 ? 0 : Naive.HalfToEven(line.PaidUsd, paid, line.Paid);
            payments.Add((Math.Max(0, on.DayNumber - line.Figures.PledgedOn!.Value.DayNumber), upTo - usd));
            usd = upTo;
        }

        return payments;
    }

    // A part of what is outstanding, in cents.
    private static long Part(Line line, long minor) => line.Outstanding == 0 ? 0 : Naive.HalfToEven(line.OutstandingUsd, minor, line.Outstanding);

    private static decimal Dollars(BigInteger cents) => (decimal)cents / 100;

    private static decimal? Rounded(BigInteger numerator, BigInteger denominator, int places) =>
        denominator == 0 ? null : (decimal)(((numerator * BigInteger.Pow(10, places) * 2) + denominator) / (denominator * 2)) / (decimal)BigInteger.Pow(10, places);
}
