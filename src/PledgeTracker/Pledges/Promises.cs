using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Pledges;

/// <summary>What revising and withdrawing a promise have in common.</summary>
internal static class Promises
{
    /// <summary>The donor's line of a promise: the one named, or the only one. A fault where there is none.</summary>
    public static Line? FindLine(References references, Posting posting, string? donorId)
    {
        var lines = posting.Lines;
        if (donorId is null && lines.Count == 1)
        {
            return lines[0];
        }

        var line = lines.FirstOrDefault(l => l.DonorId == donorId);
        if (line is null)
        {
            var donors = string.Join(", ", lines.Select(l => l.DonorId));
            references.Add("/donorId", donorId is null ? "required" : "unknown_reference", $"Name one of this pledge's donors: {donors}.",
                $"اذكر إحدى الجهات المانحة لهذا التعهد: {donors}.");
        }

        return line;
    }

    /// <summary>
    /// US dollars of a change to a promise, at the promise's own rate. Rounded along the running sum, so that parts that make up the
    /// whole in its currency make it up in dollars too. Null, with a fault, where they are more than can be kept.
    /// </summary>
    public static Usd? AtPledgeRate(References references, string pointer, Posting posting, string donorId, long minor, params ReadOnlySpan<string> kinds)
    {
        long before = 0;
        Entry? pledge = null;
        foreach (var entry in Figures.Live([.. posting.Entries.Where(e => e.DonorId == donorId)]))
        {
            pledge = entry.Kind == "pledge" ? pledge ?? entry : pledge;
            before += kinds.Contains(entry.Kind) ? entry.AmountMinor : 0;
        }

        if (pledge is null || pledge.AmountMinor == 0)
        {
            return Usd.Reported(0);
        }

        if (Money.ScaleWithin(before + minor, pledge.UsdMinor, pledge.AmountMinor) is { } after
            && after - Money.Scale(before, pledge.UsdMinor, pledge.AmountMinor) is >= -Money.MaxMinor and <= Money.MaxMinor and var change)
        {
            return Usd.Reported(change);
        }

        references.Add(pointer, "invalid_amount", "In US dollars, at the pledge's rate, this is more than can be recorded.",
            "قيمة المبلغ بالدولار بسعر التعهد أكبر مما يمكن تسجيله.");
        return null;
    }
}
