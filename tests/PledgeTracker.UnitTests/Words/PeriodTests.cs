using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Words;

public sealed class PeriodTests
{
    [Theory]
    [InlineData("2024-02-10", "day", "2024-02-10", "2024-02-10")]
    [InlineData("2024-02-10", "approximate", "2024-02-10", "2024-02-10")]
    [InlineData("2024-02-10", null, "2024-02-10", "2024-02-10")]
    [InlineData("2024-02-10", "month", "2024-02-01", "2024-02-29")]
    [InlineData("2024-02-10", "year", "2024-01-01", "2024-12-31")]
    [InlineData("9999-12-31", "month", "9999-12-01", "9999-12-31")]
    public void A_date_stands_for_the_days_that_its_precision_says(string date, string? precision, string first, string last) =>
        Assert.Equal(new Period(Iso.ParseDate(first), Iso.ParseDate(last)), Period.Of(Iso.ParseDate(date), precision));
}
