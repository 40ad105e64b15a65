using PledgeTracker.Ledger;
using PledgeTracker.Tests.Ledger;

namespace PledgeTracker.UnitTests.Ledger;

public sealed class TotalDaysTests
{
    private static readonly DateOnly Announced = new(2024, 2, 29);

    // Thirds of a percent, so that what rounding leaves goes from one country to another as days pass.
    private static readonly (string Country, int Share)[] Thirds = [("IRQ", 333_333), ("SYR", 333_333), ("YEM", 333_334)];

    [Theory]
    [InlineData("", false, false, "")]
    [InlineData("", false, true, "")]
    [InlineData("IRQ", false, false, "IRQ")]
    [InlineData("IRQ", false, true, "shared")]
    [InlineData("IRQ SYR YEM", false, false, "shared")]
    [InlineData("IRQ SYR YEM", true, false, "IRQ SYR YEM")]
    public void A_header_counts_once_in_each_total_and_under_a_country_of_its_own_or_under_those_that_its_source_gives_parts(string countries, bool split, bool shared, string ids)
    {
        var scopes = Scopes.Of("facility", null, Announced, countries.Split(' ', StringSplitOptions.RemoveEmptyEntries), split ? [.. Thirds.Select(third => third.Share)] : [], shared);
        Assert.Equal([("all", ""), ("fund", "facility"), ("event", ""), ("announced", "2024-02")], scopes.Whole.Where(total => total.Scope != "country"));
        Assert.Equal(ids.Split(' '), scopes.Whole.Where(total => total.Scope == "country").Select(total => total.Id).Concat(scopes.Shares.Select(share => share.Country)));
    }

    [Fact]
    public void Every_total_as_of_any_day_is_the_sum_of_its_days_up_to_it()
    {
        var scopes = Scopes.Of(null, "conference", Announced, [.. Thirds.Select(third => third.Country)], [.. Thirds.Select(third => third.Share)], false);
        RandomLedger.ForAll(ledger =>
        {
            var days = TotalDays.Of(scopes, LineDays.Of(ledger.ToEntries()));
            foreach (var day in ledger.Select(e => e.CountsFrom).Append(RandomLedger.FirstDay.AddDays(-1)).Distinct())
            {
                var lines = Naive.Lines(ledger, day);
                var standing = Naive.Standing(ledger).Where(e => e.CountsFrom <= day).Select(e => e.DonorId).Distinct().ToList();
                foreach (var line in lines)
                {
                    var stands = standing.Contains(line.DonorId) ? 1 : 0;
                    Assert.Equal((line.Sums, stands, stands), UpTo(day, "donor", line.DonorId));
                }

                var expected = (Naive.Sums.Of([.. lines.Select(l => l.Sums)]), Math.Min(1, standing.Count), standing.Count);
                foreach (var (scope, id) in new[] { ("all", ""), ("fund", ""), ("event", "conference"), ("announced", "2024-02") })
                {
                    Assert.Equal(expected, UpTo(day, scope, id));
                }

                var parts = lines.ConvertAll(line => Naive.PartsOf(line.Sums, Thirds));
                foreach (var (country, _) in Thirds)
                {
                    Assert.Equal((Naive.Sums.Of(parts.ConvertAll(line => line[country])), expected.Item2, expected.Item3), UpTo(day, "country", country));
                }
            }

            (Naive.Sums, int, int) UpTo(DateOnly day, string scope, string id)
            {
                var total = days.Where(d => (d.Key.Scope, d.Key.Id) == (scope, id) && d.Key.On <= day).Aggregate(default(TotalDay), (sum, d) => sum + d.Value);
                return (total.Sums.ToPlain(), (int)total.Pledges, (int)total.Lines);
            }
        });
    }

    [Fact]
    public void The_days_of_a_line_follow_each_other_and_end_at_what_it_is() => RandomLedger.ForAll(ledger =>
    {
        var entries = ledger.ToEntries();
        foreach (var line in Figures.Lines(entries))
        {
            var days = LineDays.Of(entries).FindAll(day => day.DonorId == line.DonorId);
            Assert.Equal(days.Select(day => day.On).Distinct().Order(), days.Select(day => day.On));
            Assert.Equal(days.Select(day => day.After).Prepend(default), days.Select(day => day.Before).Append(line.Sums));
            Assert.Equal(days.Select((_, i) => i == 0), days.Select(day => day.BeginsLine));
        }

        Assert.Equal(Naive.Standing(ledger).Count == 0 ? 0 : 1, LineDays.Of(entries).Count(day => day.BeginsHeader));
    });
}
