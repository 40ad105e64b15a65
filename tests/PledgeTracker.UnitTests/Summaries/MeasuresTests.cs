using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Summaries;
using PledgeTracker.Tests.Ledger;
using PledgeTracker.UnitTests.Ledger;
using PledgeTracker.Words;
using static PledgeTracker.UnitTests.Summaries.Promises;

namespace PledgeTracker.UnitTests.Summaries;

public sealed class MeasuresTests
{
    [Theory]
    [InlineData("pledge")]
    [InlineData("due")]
    public void Every_measure_is_what_its_definition_says_over_any_lines_as_of_any_day(string basis) => RandomLines.ForAll((headers, day) =>
    {
        var shown = Numbers(Measures.Of(Measures.Words, headers.Measured(day), day, basis));
        var expected = NaiveMeasures.Of(headers, day, basis);
        Assert.Equal(Told(expected), Told(shown));
    });

    [Fact]
    public void What_is_committed_and_not_paid_is_what_the_words_say_on_any_line_as_of_any_day() => RandomLines.ForAll((headers, day) =>
        Assert.All(headers, header => Assert.All(Figures.Lines(header.Entries.ToEntries().FindAll(e => e.CountsFrom <= day)), line =>
            Assert.Equal(NaiveMeasures.Undisbursed(header.Entries, line.DonorId, day), line.Sums.Undisbursed))));

    [Fact]
    public void The_random_lines_reach_every_number()
    {
        var seen = new HashSet<string>();
        foreach (var basis in Vocabulary.AgeingBases)
        {
            RandomLines.ForAll((headers, day) => seen.UnionWith(Numbers(Measures.Of(Measures.Words, headers.Measured(day), day, basis)).Where(n => n.Value is not null and not 0).Select(n => n.Key)));
        }

        Assert.Empty(NaiveMeasures.Of([], AsOf, "due").Keys.Except(seen));
    }

    [Fact]
    public void The_measures_of_no_lines_are_zeros_and_their_shares_are_null()
    {
        var numbers = Numbers(Measures.Of(Measures.Words, [], AsOf, "due"));
        Assert.All(numbers, n => Assert.Equal(n.Key.Split('.')[^1] is "share" or "mean" or "donorsOf80Percent" or "herfindahl" ? null : 0m, n.Value));
    }

    [Fact]
    public void Lines_without_a_pledge_are_in_no_measure() => RandomLines.ForAll((headers, day) =>
    {
        var lines = headers.Measured(day);
        Assert.Equal(Told(Numbers(Measures.Of(Measures.Words, lines.FindAll(l => l.Line.HasPledge), day, "due"))), Told(Numbers(Measures.Of(Measures.Words, lines, day, "due"))));
    }, cases: 200);

    [Fact]
    public void Only_what_was_asked_for_is_there()
    {
        List<MeasuredLine> lines = [Promise(Pledge(100))];
        Assert.Equal("""{"currency":"USD"}""", Sent(Measures.Of([], lines, AsOf, "pledge")));
        Assert.Equal("""{"currency":"USD","conversionRate":{"numerator":0,"denominator":1,"share":0},"undisbursed":0}""", Sent(Measures.Of(Measures.Default, lines, AsOf, "pledge")));
        Assert.All(Measures.Words, word => Assert.Equal(["currency", word], Object(Measures.Of([word], lines, AsOf, "pledge")).Select(member => member.Key)));
    }

    [Fact]
    public void There_is_a_name_for_every_measure() =>
        Assert.Equal(Measures.Words, typeof(MeasureSet).GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Except(["currency"]));

    [Fact]
    public void Conversion_is_what_was_paid_on_the_promises_and_nobodys_surplus_pays_for_another()
    {
        var rate = Measures.ConversionRate([Promise(Pledge(60_00), Paid(90_00)), Promise(Pledge(40_00), Paid(10_00)), Promise(Pledge(50_00), Withdrawn(50_00))]);
        Assert.Equal(new Ratio(70, 100, 0.7m), rate);
    }

    [Fact]
    public void A_euro_pledge_paid_in_full_is_converted_in_full_whatever_the_dollar_did() =>
        Assert.Equal(new Ratio(1100, 1100, 1), Measures.ConversionRate([Promise(Pledge(1000_00, "EUR", 1100_00), Paid(1000_00, "EUR", 900_00))]));

    [Theory]
    [InlineData(60_00, 20_00, 40)]   // agreed and not paid
    [InlineData(60_00, 80_00, 0)]    // paid beyond the agreement
    [InlineData(0, 20_00, 0)]        // money that arrived was committed
    [InlineData(300_00, 20_00, 280)] // agreed beyond the promise: that is not clamped
    public void Undisbursed_is_what_was_agreed_and_has_not_arrived(long committed, long paid, int undisbursed) =>
        Assert.Equal(undisbursed, Undisbursed(Promise([Pledge(100_00), Paid(paid), .. committed == 0 ? (Naive.Entry[])[] : [Committed(committed)]])));

    [Fact]
    public void Undisbursed_is_taken_in_the_pledges_currency_at_its_own_rate() =>
        Assert.Equal(55, Undisbursed(Promise(Pledge(100_00, "EUR", 110_00), Committed(100_00, "EUR", 150_00), Paid(50_00, "EUR", 90_00))));

    [Fact]
    public void Undisbursed_is_counted_at_the_rate_of_the_pledge_as_it_was_made_where_nothing_of_it_is_left()
    {
        Assert.Equal(66, Undisbursed(Promise(Pledge(100_00, "EUR", 110_00), Withdrawn(100_00, "EUR", 110_00), Committed(60_00, "EUR", 99_00))));
        Assert.Equal(0, Undisbursed(Promise(Pledge(100_00, "IRR", 0), Withdrawn(100_00, "IRR", 0), Committed(60_00, "IRR", 0))));
    }

    [Fact]
    public void Quality_is_told_of_the_outstanding_money_alone()
    {
        var paid = Promise(Pledge(900_00), Paid(900_00)) with { HasRecipient = true, HasVerification = true, DueOn = AsOf };
        var dated = Promise(Pledge(100_00), Paid(40_00)) with { DueOn = AsOf.AddDays(9), HasVerification = true };
        var half = Promise(Pledge(100_00), Paid(20_00)) with { Instalments = [new(AsOf, 60_00)], HasRecipient = true };
        var quality = DataQuality.Of([paid, dated, half, Promise(Pledge(60_00))]);
        // Of the third pledge 40 of the 80 that are outstanding have a day.
        Assert.Equal((new Ratio(100, 200, 0.5m), new Ratio(80, 200, 0.4m), new Ratio(60, 200, 0.3m)), (quality.DueDate, quality.Recipient, quality.Verification));
    }

    [Theory]
    [InlineData("2024-01-01", 1, "0.1")]     // the first day is 1 of 366
    [InlineData("2024-07-01", 183, "-0.4")]  // half of a leap year
    [InlineData("2024-12-31", 366, "-0.9")]
    [InlineData("2023-05-05", 0, "0.1")]     // before the period
    [InlineData("2026-05-05", 366, "-0.9")]  // after it
    public void Pace_is_conversion_less_the_share_of_the_period_that_has_gone_by(string day, int elapsed, string gap)
    {
        var pace = PaceGap.Of(new Sums { Pledged = 130_00, Withdrawn = 30_00, Outstanding = 90_00 }, new Period(new(2024, 1, 1), new(2024, 12, 31)), DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture))!;
        Assert.Equal((elapsed, 366, decimal.Round(elapsed / 366m, 6)), (pace.DaysElapsed, pace.Days, pace.Elapsed));
        Assert.Equal(new Ratio(10, 100, 0.1m), pace.ConversionRate);
        Assert.Equal(0.1m - pace.Elapsed, pace.Gap);
        Assert.Equal(decimal.Parse(gap, CultureInfo.InvariantCulture), decimal.Round(pace.Gap!.Value, 1));
    }

    [Fact]
    public void There_is_no_gap_where_nothing_is_promised_and_no_pace_without_a_period()
    {
        Assert.Equal(new PaceGap(new(0, 0, null), 1, 1, 1, null), PaceGap.Of(default, new Period(AsOf, AsOf), AsOf));
        Assert.Null(PaceGap.Of(new Sums { Pledged = 100_00 }, null, AsOf));
    }

    [Fact]
    public void About_57_percent_of_what_was_announced_in_Kuwait_in_2018_is_itemised()
    {
        Assert.Equal(new ItemisedShare(17_211_000_000, 30_000_000_000, 0.5737m, "approximate"), ItemisedShare.Of(17_211_000_000_00, 30_000_000_000_00, "approximate"));
        Assert.Equal(new ItemisedShare(5, null, null, null), ItemisedShare.Of(5_00, null, null));
    }

    [Fact]
    public void New_money_is_what_restates_nothing()
    {
        Assert.Equal(new Ratio(200, 300, 0.666667m), Measures.NewMoneyShare(200_00, 100_00));
        Assert.Equal(new Ratio(0, 0, null), Measures.NewMoneyShare(0, 0));
    }

    [Fact]
    public void A_donors_promise_is_compared_with_its_own_at_the_round_before_in_its_own_currency()
    {
        var change = ChangeOnRound.Of(
            [Of("deu", "EUR", 60_00), Of("deu", "EUR", 50_00), Of("usa", "USD", 75_00), Of("jpn", "JPY", 1000), Of("swe", "EUR", 10_00), Of("kwt", "KWD", 3000), Of("kwt", "USD", 5_00), Of("fra", "EUR", 5_00)],
            [Of("deu", "EUR", 100_00), Of("usa", "USD", 100_00), Of("swe", "SEK", 100_00), Of("nor", "NOK", 7_00), Of("kwt", "KWD", 3000), Of("fra", "EUR", 0)]);
        Assert.Equal(
        [
            new(Donor("deu"), new(110, "EUR"), new(100, "EUR"), 0.1m),
            new(Donor("fra"), new(5, "EUR"), new(0, "EUR"), null),
            new(Donor("jpn"), new(1000, "JPY"), null, null),
            new(Donor("kwt"), null, new(3, "KWD"), null),
            new(Donor("nor"), null, new(7, "NOK"), null),
            new(Donor("swe"), new(10, "EUR"), new(100, "SEK"), null),
            new(Donor("usa"), new(75, "USD"), new(100, "USD"), -0.25m),
        ], change);

        static Ref Donor(string id) => new(id, null);
        static (Ref, string, long) Of(string id, string currency, long minor) => (Donor(id), currency, minor);
    }

    [Theory]
    [InlineData(0, 300, "300", 1)]    // on the last day all of it has to come that day
    [InlineData(99, 300, "3", 100)]
    [InlineData(299, 100, "0.33", 300)]
    public void Urgency_is_what_has_to_come_on_each_day_that_is_left(int after, int remaining, string perDay, int left) =>
        Assert.Equal(new Urgency(remaining, left, decimal.Parse(perDay, CultureInfo.InvariantCulture)), Urgency.Of(remaining * 100L, AsOf.AddDays(after), AsOf));

    [Fact]
    public void There_is_no_urgency_without_an_end_or_after_it()
    {
        Assert.Null(Urgency.Of(100, null, AsOf));
        Assert.Null(Urgency.Of(100, AsOf.AddDays(-1), AsOf));
    }

    private static decimal Undisbursed(MeasuredLine line) => Measures.Of(["undisbursed"], [line], AsOf, "pledge").Undisbursed!.Value;

    private static string Sent(MeasureSet set) => JsonSerializer.Serialize(set, Json.Options);

    private static JsonObject Object(MeasureSet set) => JsonNode.Parse(Sent(set))!.AsObject();

    private static Dictionary<string, decimal?> Numbers(MeasureSet set)
    {
        var numbers = new Dictionary<string, decimal?>();
        Walk("", Object(set));
        return numbers;

        void Walk(string path, JsonObject at)
        {
            foreach (var (name, value) in at)
            {
                if (value is JsonObject inner)
                {
                    Walk($"{path}{name}.", inner);
                }
                else if (value?.GetValueKind() != JsonValueKind.String)
                {
                    numbers.Add(path + name, value?.GetValue<decimal>());
                }
            }
        }
    }

    // A difference is easier to see in lines.
    private static string Told(Dictionary<string, decimal?> numbers) =>
        string.Join('\n', numbers.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Key} {n.Value:0.##########}")));
}
