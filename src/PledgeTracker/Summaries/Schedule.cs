namespace PledgeTracker.Summaries;

/// <summary>What was paid against what has fallen due, in US dollars.</summary>
public sealed record Schedule
{
    /// <summary>Σ max(0, (pledged − withdrawn) − what falls due later): an instalment is due on its day. What no date speaks of is left out.</summary>
    public required decimal DueToDate { get; init; }

    /// <summary>Σ max(0, dueToDate − paid): nobody's surplus pays what another owes.</summary>
    public required decimal Arrears { get; init; }

    /// <summary>Σ max(0, paid − dueToDate), over pledges with a due date: what came before its day.</summary>
    public required decimal Beyond { get; init; }

    /// <summary>What of pledged − withdrawn has no due date, paid or not.</summary>
    public required decimal Undated { get; init; }

    internal static Schedule Of(IReadOnlyCollection<MeasuredLine> pledged, DateOnly day)
    {
        var (dueToDate, arrears, beyond, undated) = (0L, 0L, 0L, 0L);
        foreach (var line in pledged.Where(line => line.Line.PromisedMinor > 0))
        {
            var (promised, falls) = (line.Line.PromisedMinor, line.FallsDue());
            undated = checked(undated + Usd(falls.Where(part => part.On is null).Sum(part => part.Minor)));
            if (falls.Exists(part => part.On is not null))
            {
                var due = Math.Max(0, promised - falls.Where(part => part.On is null || part.On > day).Sum(part => part.Minor));
                dueToDate = checked(dueToDate + Usd(due));
                arrears = checked(arrears + Usd(Math.Max(0, due - line.PaidMinor)));
                beyond = checked(beyond + Usd(Math.Max(0, line.PaidMinor - due)));
            }

            long Usd(long minor) => Money.ScaleEven(line.Line.PromisedUsd, minor, promised);
        }

        return new() { DueToDate = Currency.Usd(dueToDate), Arrears = Currency.Usd(arrears), Beyond = Currency.Usd(beyond), Undated = Currency.Usd(undated) };
    }
}
