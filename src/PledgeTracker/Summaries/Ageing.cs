using System.Text.Json.Serialization;

namespace PledgeTracker.Summaries;

/// <summary>Outstanding money by its age in days, in US dollars. The classes, `notDue` and `undated` add up to `outstanding`.</summary>
public sealed record Ageing
{
    // The last day of each class but the last.
    private static readonly int[] Ends = [90, 180, 365, 730, 1095, 1825];

    /// <summary>What the age counts from: the day of the `pledge` or of the revision that raised it, or the day on which it fell `due`.</summary>
    [OneOf(nameof(Vocabulary.AgeingBases))]
    public required string Basis { get; init; }

    /// <summary>0 to 90 days old.</summary>
    public required decimal UpTo90Days { get; init; }

    /// <summary>91 to 180 days old.</summary>
    public required decimal UpTo180Days { get; init; }

    /// <summary>181 to 365 days old.</summary>
    public required decimal UpTo365Days { get; init; }

    /// <summary>366 to 730 days old.</summary>
    public required decimal UpTo730Days { get; init; }

    /// <summary>731 to 1095 days old.</summary>
    public required decimal UpTo1095Days { get; init; }

    /// <summary>1096 to 1825 days old.</summary>
    public required decimal UpTo1825Days { get; init; }

    /// <summary>More than 1825 days old.</summary>
    public required decimal Over1825Days { get; init; }

    /// <summary>What falls due later; with `basis=due` only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? NotDue { get; init; }

    /// <summary>What has no due date; with `basis=due` only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Undated { get; init; }

    public required decimal Outstanding { get; init; }

    /// <summary>Σ outstanding × age ÷ Σ outstanding, over what has an age: with `basis=due` over what has fallen due.</summary>
    public required MeanDays MeanAgeDays { get; init; }

    /// <summary>Of `outstanding`, what stands on pledges that nothing was entered on for 365 days.</summary>
    public required decimal Silent { get; init; }

    internal static Ageing Of(IReadOnlyCollection<MeasuredLine> pledged, DateOnly day, string basis)
    {
        var byDueDate = basis == "due";
        var classes = new long[Ends.Length + 1];
        var (notDue, undated, aged, days) = (0L, 0L, 0L, Int128.Zero);
        foreach (var (on, usd) in pledged.SelectMany(line => byDueDate ? line.OutstandingByDueDate() : line.OutstandingByPromise()))
        {
            if (on is null)
            {
                undated = checked(undated + usd);
            }
            else if (on > day)
            {
                notDue = checked(notDue + usd);
            }
            else
            {
                var age = day.DayNumber - on.Value.DayNumber;
                var end = Array.FindIndex(Ends, last => age <= last);
                ref var one = ref classes[end < 0 ? Ends.Length : end];
                one = checked(one + usd);
                aged = checked(aged + usd);
                days += (Int128)usd * age;
            }
        }

        return new()
        {
            Basis = basis,
            UpTo90Days = Currency.Usd(classes[0]),
            UpTo180Days = Currency.Usd(classes[1]),
            UpTo365Days = Currency.Usd(classes[2]),
            UpTo730Days = Currency.Usd(classes[3]),
            UpTo1095Days = Currency.Usd(classes[4]),
            UpTo1825Days = Currency.Usd(classes[5]),
            Over1825Days = Currency.Usd(classes[6]),
            NotDue = byDueDate ? Currency.Usd(notDue) : null,
            Undated = byDueDate ? Currency.Usd(undated) : null,
            Outstanding = Currency.Usd(pledged.Sum(line => line.Line.Sums.Outstanding)),
            MeanAgeDays = MeanDays.Of(days, aged),
            Silent = Currency.Usd(pledged.Where(line => line.Entries.TrueForAll(e => e.CountsFrom.DayNumber <= day.DayNumber - 365)).Sum(line => line.Line.Sums.Outstanding)),
        };
    }
}
