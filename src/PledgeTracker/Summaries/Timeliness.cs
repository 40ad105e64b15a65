namespace PledgeTracker.Summaries;

/// <summary>How soon promises are paid, in days since the pledge.</summary>
public sealed record Timeliness
{
    /// <summary>Σ payment × days since the pledge ÷ Σ payment.</summary>
    public required MeanDays MeanDays { get; init; }

    /// <summary>Paid within 90 days ÷ (pledged − withdrawn), over pledges at least 90 days old.</summary>
    public required Ratio Within90Days { get; init; }

    /// <summary>Paid within 180 days ÷ (pledged − withdrawn), over pledges at least 180 days old.</summary>
    public required Ratio Within180Days { get; init; }

    /// <summary>Paid within 365 days ÷ (pledged − withdrawn), over pledges at least 365 days old.</summary>
    public required Ratio Within365Days { get; init; }

    /// <summary>Paid within 730 days ÷ (pledged − withdrawn), over pledges at least 730 days old.</summary>
    public required Ratio Within730Days { get; init; }

    internal static Timeliness Of(IReadOnlyCollection<MeasuredLine> pledged, DateOnly day)
    {
        var lines = pledged.Select(line => (line.Line.PromisedUsd, Age: day.DayNumber - line.Line.PledgedOn!.Value.DayNumber, Payments: Payments(line))).ToList();
        var payments = lines.SelectMany(line => line.Payments).ToList();
        return new()
        {
            MeanDays = MeanDays.Of(payments.Aggregate(Int128.Zero, (sum, payment) => sum + ((Int128)payment.Usd * payment.Days)), payments.Sum(payment => payment.Usd)),
            Within90Days = Within(90),
            Within180Days = Within(180),
            Within365Days = Within(365),
            Within730Days = Within(730),
        };

        Ratio Within(int days)
        {
            var old = lines.FindAll(line => line.Age >= days);
            return Ratio.Of(old.Sum(line => line.Payments.Where(payment => payment.Days <= days).Sum(payment => payment.Usd)), old.Sum(line => line.PromisedUsd));
        }
    }

    /// <summary>What was paid on the promise and is there still, in US cents at the pledge's rate, by how many days after the pledge it was paid.</summary>
    private static List<(int Days, long Usd)> Payments(MeasuredLine line)
    {
        if (line.PaidMinor == 0)
        {
            return [];
        }

        var promise = line.Entries.Find(e => e.Kind == "pledge")!;
        var days = new List<(DateOnly On, long Paid)>();
        foreach (var on in line.Entries.Where(e => e.Kind == "payment").GroupBy(e => e.CountsFrom).OrderBy(on => on.Key))
        {
            days.Add((on.Key, checked((days.Count == 0 ? 0 : days[^1].Paid) + on.Sum(e => e.Settled(promise)))));
        }

        // Refunds take the latest money first, so of what was there at the end of a day there is left what was there on every day since.
        var left = line.PaidMinor;
        for (var i = days.Count - 1; i >= 0; i--)
        {
            left = Math.Min(left, days[i].Paid);
            days[i] = (days[i].On, left);
        }

        // The dollars of all that was paid up to a day, so that they add up to those of the promise that are paid.
        var payments = new List<(int Days, long Usd)>();
        var usd = 0L;
        foreach (var (on, paid) in days)
        {
            var upTo = Money.ScaleEven(line.PaidUsd, paid, line.PaidMinor);
            payments.Add((Math.Max(0, on.DayNumber - line.Line.PledgedOn!.Value.DayNumber), upTo - usd));
            usd = upTo;
        }

        return payments;
    }
}
