namespace PledgeTracker.Words;

/// <summary>The days that a date stands for.</summary>
internal readonly record struct Period(DateOnly First, DateOnly Last)
{
    /// <summary>Of precision `month` or `year` a date is the whole of it; of any other it is the day.</summary>
    public static Period Of(DateOnly date, string? precision) => precision switch
    {
        "year" => new(new(date.Year, 1, 1), new(date.Year, 12, 31)),
        "month" => new(new(date.Year, date.Month, 1), new(date.Year, date.Month, DateTime.DaysInMonth(date.Year, date.Month))),
        _ => new(date, date),
    };
}
