using System.Text.Json.Serialization;

namespace PledgeTracker.Summaries;

/// <summary>What can be measured of any group of lines. Pure.</summary>
internal static class Measures
{
    /// <summary>Those that can be asked for, by the names of their members.</summary>
    public static readonly string[] Words = ["conversionRate", "undisbursed", "ageing", "timeliness", "schedule", "concentration", "dataQuality"];

    /// <summary>Those of who asks for none.</summary>
    public static readonly string[] Default = ["conversionRate", "undisbursed"];

    /// <summary>Whether sums tell them.</summary>
    public static bool AreOfSums(IReadOnlyList<string>? names) => names?.All(Default.Contains) != false;

    /// <summary>Those that sums tell: the default ones.</summary>
    /// <param name="names">Of <see cref="Default"/>.</param>
    public static MeasureSet Of(IReadOnlyCollection<string> names, Sums sums) => new()
    {
        ConversionRate = names.Contains("conversionRate") ? ConversionRate(sums) : null,
        Undisbursed = names.Contains("undisbursed") ? Currency.Usd(sums.Undisbursed) : null,
    };

    /// <param name="names">Of <see cref="Words"/>.</param>
    /// <param name="basis">Of <see cref="Vocabulary.AgeingBases"/>.</param>
    public static MeasureSet Of(IReadOnlyCollection<string> names, IReadOnlyCollection<MeasuredLine> lines, DateOnly day, string basis)
    {
        List<MeasuredLine> pledged = [.. lines.Where(line => line.Line.HasPledge)];
        return new()
        {
            ConversionRate = names.Contains("conversionRate") ? ConversionRate(pledged) : null,
            Undisbursed = names.Contains("undisbursed") ? Currency.Usd(pledged.Sum(line => line.Line.Sums.Undisbursed)) : null,
            Ageing = names.Contains("ageing") ? Ageing.Of(pledged, day, basis) : null,
            Timeliness = names.Contains("timeliness") ? Timeliness.Of(pledged, day) : null,
            Schedule = names.Contains("schedule") ? Schedule.Of(pledged, day) : null,
            Concentration = names.Contains("concentration") ? Concentration.Of(pledged) : null,
            DataQuality = names.Contains("dataQuality") ? DataQuality.Of(pledged) : null,
        };
    }

    public static Ratio ConversionRate(Sums sums) => Ratio.Of(sums.Pledged - sums.Withdrawn - sums.Outstanding, sums.Pledged - sums.Withdrawn);

    public static Ratio ConversionRate(IReadOnlyCollection<MeasuredLine> pledged) => Ratio.Of(pledged.Sum(line => line.PaidUsd), pledged.Sum(line => line.Line.PromisedUsd));

    /// <summary>What of the money pledged at an event is new: pledges that restate no earlier one ÷ all.</summary>
    /// <param name="notRestating">In US cents, as the other.</param>
    public static Ratio NewMoneyShare(long notRestating, long restating) => Ratio.Of(notRestating, checked(notRestating + restating));

    /// <summary>part ÷ whole to so many places, half away from zero, of numbers that are not negative; null where the whole is 0.</summary>
    public static decimal? Quotient(Int128 part, Int128 whole, int decimals)
    {
        if (whole == 0)
        {
            return null;
        }

        for (var i = 0; i < decimals; i++)
        {
            part *= 10;
        }

        return Currency.Major((long)(((part * 2) + whole) / (whole * 2)), decimals);
    }
}

/// <summary>
/// Measures of a group of money, over its pledges that count and as of the day that was asked for, in US dollars at each pledge's own rate. Only those that were asked for are there.
/// What was paid is what was paid on the promise: the excess is in no measure.
/// </summary>
public sealed record MeasureSet
{
    /// <summary>Always USD: measures cross currencies.</summary>
    /// <example>USD</example>
    public string Currency => "USD";

    /// <summary>What of the promises has been paid: Σ stages.paid ÷ Σ (pledged − withdrawn).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Ratio? ConversionRate { get; init; }

    /// <summary>What is agreed and has not arrived: Σ max(0, committed − paid), pledge by pledge in its own currency. It may be more than was promised.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Undisbursed { get; init; }

    /// <summary>
    /// How long the outstanding money has been promised, or, with `basis=due`, overdue. A revision that raises a promise ages from its own day; payments, withdrawals and revisions that
    /// lower it take the oldest money first. Instalments are paid in the order of their days, and what has no date after them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Ageing? Ageing { get; init; }

    /// <summary>
    /// How soon promises are paid. Days are counted from the pledge; a payment before it took none. What was paid beyond the promise is left out, and refunds take the latest money that
    /// was there on their day.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Timeliness? Timeliness { get; init; }

    /// <summary>
    /// What was paid against what has fallen due, by instalments and due dates: pledge by pledge in its own currency. Where donors pledged together each has its part of a date by what it
    /// promised. What no date speaks of is not due, and stands apart in `undated`.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Schedule? Schedule { get; init; }

    /// <summary>On how many donors the promises rest, pledged − withdrawn. Partners who pledge as a group are one donor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Concentration? Concentration { get; init; }

    /// <summary>How much is known of the outstanding money.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DataQuality? DataQuality { get; init; }
}

/// <summary>A share, and what it is made of in US dollars.</summary>
/// <param name="Share">numerator ÷ denominator, to six places; null where the denominator is 0.</param>
public sealed record Ratio(decimal Numerator, decimal Denominator, decimal? Share)
{
    /// <summary>Of US cents.</summary>
    internal static Ratio Of(long part, long whole) => new(Currency.Usd(part), Currency.Usd(whole), FigureSet.Share(part, whole));
}

/// <summary>A mean of days, weighted by money, and what it is made of.</summary>
/// <param name="Numerator">Σ US dollars × days.</param>
/// <param name="Denominator">Σ US dollars.</param>
/// <param name="Mean">numerator ÷ denominator, to one decimal; null where the denominator is 0.</param>
public sealed record MeanDays(decimal Numerator, decimal Denominator, decimal? Mean)
{
    /// <summary>Of US cents.</summary>
    internal static MeanDays Of(Int128 centDays, long cents) => new((decimal)centDays / 100, Currency.Usd(cents), Measures.Quotient(centDays, cents, 1));
}

/// <summary>What is known of the outstanding money.</summary>
/// <param name="DueDate">What of it falls due on a day ÷ outstanding.</param>
/// <param name="Recipient">What of it has a recipient that is named ÷ outstanding.</param>
/// <param name="Verification">What of it is outstanding on pledges of which a commitment or payment was verified ÷ outstanding.</param>
public sealed record DataQuality(Ratio DueDate, Ratio Recipient, Ratio Verification)
{
    internal static DataQuality Of(IReadOnlyCollection<MeasuredLine> pledged)
    {
        var outstanding = pledged.Sum(line => line.Line.Sums.Outstanding);
        return new(
            Ratio.Of(pledged.Sum(line => line.OutstandingByDueDate().Where(part => part.On is not null).Sum(part => part.Usd)), outstanding),
            Ratio.Of(pledged.Where(line => line.HasRecipient).Sum(line => line.Line.Sums.Outstanding), outstanding),
            Ratio.Of(pledged.Where(line => line.HasVerification).Sum(line => line.Line.Sums.Outstanding), outstanding));
    }
}

/// <summary>Whether money comes in as fast as the period of a requirement goes by.</summary>
/// <param name="ConversionRate">Σ stages.paid ÷ Σ (pledged − withdrawn).</param>
/// <param name="DaysElapsed">Days of the period that have passed, the day that was asked for among them.</param>
/// <param name="Days">Those of the whole period.</param>
/// <param name="Elapsed">daysElapsed ÷ days, to six places: 0 before the period, 1 after it.</param>
/// <param name="Gap">conversionRate.share − elapsed: below 0 where the money is late; null where nothing is promised.</param>
public sealed record PaceGap(Ratio ConversionRate, int DaysElapsed, int Days, decimal Elapsed, decimal? Gap)
{
    internal static PaceGap? Of(Sums sums, Period? of, DateOnly day)
    {
        if (of is not { } period)
        {
            return null;
        }

        var rate = Measures.ConversionRate(sums);
        var days = period.Last.DayNumber - period.First.DayNumber + 1;
        var gone = Math.Clamp(day.DayNumber - period.First.DayNumber + 1, 0, days);
        var elapsed = FigureSet.Share(gone, days)!.Value;
        return new(rate, gone, days, elapsed, rate.Share - elapsed);
    }
}

/// <summary>How much of what was announced as an event's total its recorded pledges explain.</summary>
/// <param name="Numerator">What is recorded, in US dollars: the pledges and their revisions.</param>
/// <param name="Denominator">The total as it was reported, in US dollars; null where none was, or not in dollars.</param>
/// <param name="Share">numerator ÷ denominator, to six places; null where there is no denominator, or it is 0.</param>
/// <param name="Qualifier">How exact the reported total is: of a total of `at_least` so much, no more than this share is itemised.</param>
public sealed record ItemisedShare(decimal Numerator, decimal? Denominator, decimal? Share, [property: OneOf(nameof(Vocabulary.Qualifiers))] string? Qualifier)
{
    /// <param name="recordedUsd">In US cents, as the other.</param>
    internal static ItemisedShare Of(long recordedUsd, long? reportedUsd, string? qualifier) =>
        new(Currency.Usd(recordedUsd), reportedUsd is { } cents ? Currency.Usd(cents) : null, FigureSet.Share(recordedUsd, reportedUsd ?? 0), reportedUsd is null ? null : qualifier);
}

/// <summary>How much has to come in on each day that is left.</summary>
/// <param name="Remaining">What is still missing, in US dollars.</param>
/// <param name="DaysLeft">To the end of the period, that day and the one that was asked for among them.</param>
/// <param name="PerDay">remaining ÷ daysLeft, in US dollars.</param>
public sealed record Urgency(decimal Remaining, int DaysLeft, decimal PerDay)
{
    /// <summary>Null without an end, and after it.</summary>
    /// <param name="remainingUsd">In US cents.</param>
    internal static Urgency? Of(long remainingUsd, DateOnly? end, DateOnly day) =>
        end is { } last && day <= last && last.DayNumber - day.DayNumber + 1 is var left
            ? new(Currency.Usd(remainingUsd), left, Currency.Usd(Money.Scale(remainingUsd, 1, left)))
            : null;
}
