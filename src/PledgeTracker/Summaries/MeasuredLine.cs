namespace PledgeTracker.Summaries;

/// <summary>One donor's line under a counted header as of a day, with what measures look at.</summary>
/// <param name="Line">As of the day.</param>
/// <param name="Entries">The line's entries that stand and count by the day.</param>
/// <param name="Instalments">The header's, in its currency.</param>
/// <param name="OfOneLine">The header has this one line only.</param>
/// <param name="HasVerification">Of the line, a payment or commitment was verified.</param>
/// <param name="HeaderPromisedMinor">
/// What is promised under the header by all its lines as of the day, in its currency. A line of several has no due date without it, since nothing says how much of one is its own.
/// </param>
internal sealed record MeasuredLine(
    string DonorId, Line Line, List<Entry> Entries, DateOnly? DueOn, IReadOnlyList<StoredInstalment> Instalments, bool OfOneLine, bool HasRecipient, bool HasVerification,
    long? HeaderPromisedMinor = null)
{
    /// <param name="state">The line as of the day.</param>
    public static MeasuredLine Of(SummedLine line, Line state, DateOnly day, bool isVerified) => new(
        line.DonorId, state, line.Entries.FindAll(e => e.CountsFrom <= day), line.Header.DueOn, StoredInstalment.Of(line.Header.Instalments), line.OfHeader.Count == 1,
        line.Header.RecipientId is not null, isVerified, line.OfHeader.Sum(l => l.AsOf(day)?.PromisedMinor ?? 0));

    /// <summary>What of the promise is paid, in the pledge's currency.</summary>
    public long PaidMinor => Line.PromisedMinor - Line.OutstandingMinor;

    /// <summary>The same at the pledge's rate, in US cents: `stages.paid`.</summary>
    public long PaidUsd => Line.PromisedUsd - Line.Sums.Outstanding;

    /// <summary>
    /// The promise by the day on which it falls due (<see cref="Figures.FallsDue"/>). Due dates belong to the header, and each of several lines has its part of them by what it promises.
    /// </summary>
    public List<(DateOnly? On, long Minor)> FallsDue()
    {
        if ((OfOneLine ? Line.PromisedMinor : HeaderPromisedMinor) is not { } promised || promised == 0)
        {
            return [(null, Line.PromisedMinor)];
        }

        var falls = new List<(DateOnly? On, long Minor)>();
        var (later, own) = (0L, 0L);
        foreach (var (on, minor) in Figures.FallsDue(promised, Instalments, DueOn))
        {
            // All that falls due from a day on is parted, and not each date by itself: so the parts of a line add up.
            later = checked(later + minor);
            var upTo = Money.ScaleEven(Line.PromisedMinor, later, promised);
            falls.Add((on, upTo - own));
            own = upTo;
        }

        return falls;
    }

    /// <summary>The outstanding US cents by the days on which they fall due; null for those without one.</summary>
    public IEnumerable<(DateOnly? On, long Usd)> OutstandingByDueDate() => Left(FallsDue());

    /// <summary>The outstanding US cents by the days on which they were promised: those of a pledge and of every revision that raised it.</summary>
    public IEnumerable<(DateOnly? On, long Usd)> OutstandingByPromise() =>
        Left(Entries.Where(e => e.Kind is "pledge" or "revision" && e.AmountMinor > 0).OrderByDescending(e => e.CountsFrom).Select(e => ((DateOnly?)e.CountsFrom, e.AmountMinor)));

    // Whatever takes a promise down takes the first first, so what is left of it lies in the last. The dollars of each day are those of all from it on less those of the later ones.
    private IEnumerable<(DateOnly? On, long Usd)> Left(IEnumerable<(DateOnly? On, long Minor)> lastFirst)
    {
        var (outstanding, from, usd) = (Line.OutstandingMinor, 0L, 0L);
        foreach (var (on, minor) in lastFirst)
        {
            if (from == outstanding)
            {
                break;
            }

            from += Math.Min(minor, outstanding - from);
            var upTo = Money.ScaleEven(Line.Sums.Outstanding, from, outstanding);
            yield return (on, upTo - usd);
            usd = upTo;
        }
    }
}
