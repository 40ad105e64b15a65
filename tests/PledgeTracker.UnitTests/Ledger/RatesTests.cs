using PledgeTracker.Changes;
using PledgeTracker.ExchangeRates;
using PledgeTracker.Ledger;
using PledgeTracker.UnitTests.Data;

namespace PledgeTracker.UnitTests.Ledger;

public sealed class RatesTests : IDisposable
{
    private static readonly DateOnly Day = new(2024, 3, 1);

    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task The_nearest_rate_that_is_not_younger_is_taken()
    {
        await LoadAsync("EUR", Day.AddDays(-30), 1.05m);
        await LoadAsync("EUR", Day.AddDays(-2), 1.10m);
        await LoadAsync("EUR", Day.AddDays(1), 1.20m);
        await LoadAsync("GBP", Day, 1.50m);
        Assert.Equal(new Usd(110_00, "rate", 2), await ConvertAsync(100_00, "EUR"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(45, true)]
    [InlineData(46, false)]
    [InlineData(-1, false)]
    public async Task A_rate_serves_for_forty_five_days(int daysOld, bool serves)
    {
        await LoadAsync("EUR", Day.AddDays(-daysOld), 1.10m);
        Assert.Equal(serves, await ConvertAsync(100_00, "EUR") is not null);
    }

    [Fact]
    public async Task Dollars_that_the_source_gives_are_kept_whatever_the_rate()
    {
        await LoadAsync("EUR", Day, 1.10m);
        Assert.Equal(new Usd(99_99, "reported"), await ConvertAsync(100_00, "EUR", reported: 99_99));
    }

    [Fact]
    public async Task Dollars_need_no_rate() => Assert.Equal(new Usd(100_00, "reported"), await ConvertAsync(100_00, "USD"));

    [Theory]
    [InlineData("JPY", 1_000, "0.0067", 6_70)]
    [InlineData("KWD", 1_000, "3.25", 3_25)]
    [InlineData("EUR", 1, "1.5", 2)]
    [InlineData("EUR", -1, "1.5", -2)]
    [InlineData("IQD", 1_000, "0.000763", 0)]
    public async Task Minor_units_of_any_currency_become_cents(string currency, long minor, string rate, long cents)
    {
        await LoadAsync(currency, Day, decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(cents, (await ConvertAsync(minor, currency))?.Minor);
    }

    [Theory]
    [InlineData("EUR")]
    [InlineData("JPY")]
    public async Task Dollars_beyond_what_can_be_stored_are_not_made_up(string currency)
    {
        await LoadAsync(currency, Day, 1000);
        Assert.Null(await ConvertAsync(Money.MaxMinor, currency));
    }

    private async Task LoadAsync(string currency, DateOnly date, decimal rate) => Assert.Null((await _database.WriteAsync(write =>
        RecordExchangeRate.Record(write, _database.Log, new Actor("local"), new(currency, date, rate, "a bank")))).Refusal);

    private Task<Usd?> ConvertAsync(long minor, string currency, long? reported = null) =>
        _database.WriteAsync(write => Rates.Convert(write, minor, currency, reported, Day));
}
