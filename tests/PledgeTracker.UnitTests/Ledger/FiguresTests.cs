using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Ledger;
using PledgeTracker.Tests.Ledger;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Ledger;

public sealed class FiguresTests
{
    private static readonly DateOnly Day = new(2024, 1, 1);

    private readonly List<Entry> _entries = [];

    [Fact]
    public void Figures_and_statuses_are_those_of_the_table_on_any_ledger() => RandomLedger.ForAll(entries =>
        Assert.Equal(Naive.Lines(entries.ToPlain()), ByDonor(Figures.Lines(entries)).ToPlain()));

    [Fact]
    public void The_random_ledgers_reach_every_status_and_both_ways_to_count_what_is_left()
    {
        var statuses = new HashSet<string>();
        var headers = new HashSet<string>();
        var currencies = new HashSet<int>();
        RandomLedger.ForAll(entries =>
        {
            var lines = Figures.Lines(entries);
            statuses.UnionWith(lines.Where(l => l.HasPledge).Select(l => l.Status));
            headers.Add(Figures.HeaderStatus(lines));
            currencies.UnionWith(lines.Where(l => l.HasPledge).Select(l =>
                Naive.Standing(entries.ToPlain()).Where(e => e.DonorId == l.DonorId).Select(e => e.Currency).Distinct().Count()));
        });
        Assert.Superset(Vocabulary.Statuses.ToHashSet(), statuses);
        Assert.Superset(Vocabulary.Statuses.ToHashSet(), headers);
        Assert.Superset(new HashSet<int> { 1, 2, 3 }, currencies);
    }

    [Fact]
    public void A_header_is_the_sum_of_its_lines() => RandomLedger.ForAll(entries =>
    {
        var lines = Figures.Lines(entries);
        long Entered(params string[] kinds) => entries.Where(e => kinds.Contains(e.Kind)).Sum(e => e.UsdMinor);
        var sum = lines.Aggregate(default(Sums), (total, line) => total + line.Sums);
        // Reversals mirror what they reverse, so these may be summed over every entry there is.
        Assert.Equal(Entered("pledge", "revision"), sum.Pledged);
        Assert.Equal(Entered("withdrawal"), sum.Withdrawn);
        Assert.Equal(Entered("payment"), sum.Paid);
        Assert.Equal(Naive.HeaderStatus(lines.ToPlain()), Figures.HeaderStatus(lines));
    });

    [Fact]
    public void Outstanding_is_never_negative_and_never_owed_without_a_promise() => RandomLedger.ForAll(entries =>
    {
        foreach (var line in Figures.Lines(entries))
        {
            Assert.True(line.Sums.Outstanding >= 0 && line.OutstandingMinor >= 0, line.ToString());
            Assert.True(line.HasPledge || line.Sums is { Outstanding: 0, PaidOnPledged: 0 }, line.ToString());
        }
    });

    [Fact]
    public void Money_that_arrived_was_committed() => RandomLedger.ForAll(entries =>
        Assert.All(Figures.Lines(entries), line => Assert.True(line.Sums.Committed >= line.Sums.Paid, line.ToString())));

    [Fact]
    public void An_entry_and_its_reversal_change_nothing() => RandomLedger.ForAll(entries =>
    {
        foreach (var wrong in (Entry[])[New("commitment", 777, "KWD", 2500), New("payment", 5, "USD", 5, donor: "z"), New("withdrawal", 10, "EUR", 11, donor: "b"),
                                        New("pledge", 123, "EUR", 130, donor: "c")])
        {
            var numbered = wrong with { No = 1001 };
            List<Entry> corrected = [.. entries, numbered, RandomLedger.Reversal(numbered, 1002)];
            Assert.Equal(Naive.Lines(entries.ToPlain()), ByDonor(Figures.Lines(corrected)).Where(l => entries.Any(e => e.DonorId == l.DonorId)).ToPlain());
            Assert.Equal(Figures.HeaderStatus(Figures.Lines(entries)), Figures.HeaderStatus(Figures.Lines(corrected)));
            Assert.Equal(Sorted(FundDays.Of(entries)), Sorted(FundDays.Of(corrected)));
            Assert.Equal(Figures.Qualifier(entries), Figures.Qualifier(corrected));
        }
    });

    [Fact]
    public void The_order_of_entries_does_not_matter() => Check.One(
        Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(1000),
        Prop.ForAll(RandomLedger.Arbitrary, Arb.From(Gen.Choose(0, int.MaxValue - 1)), (ledger, seed) =>
        {
            var entries = ledger.Entries();
            var shuffled = entries.ToList();
            new System.Random(seed).Shuffle(CollectionsMarshal.AsSpan(shuffled));
            Assert.Equal(ByDonor(Figures.Lines(entries)), ByDonor(Figures.Lines(shuffled)));
            Assert.Equal(Figures.HeaderStatus(Figures.Lines(entries)), Figures.HeaderStatus(Figures.Lines(shuffled)));
            Assert.Equal(Sorted(FundDays.Of(entries)), Sorted(FundDays.Of(shuffled)));
            Assert.Equal(Figures.Qualifier(entries), Figures.Qualifier(shuffled));
        }));

    [Fact]
    public void The_days_of_a_line_add_up_to_what_was_committed_and_paid_by_any_day() => RandomLedger.ForAll(entries =>
    {
        foreach (var donor in entries.Select(e => e.DonorId).Distinct())
        {
            var own = entries.Where(e => e.DonorId == donor).ToList();
            var days = Figures.Days(donor, own).ToList();
            for (var i = 0; i < RandomLedger.Days; i++)
            {
                var day = RandomLedger.FirstDay.AddDays(i);
                var soFar = days.Where(d => d.On <= day).ToList();
                Assert.Equal(Naive.AsOf(day, donor, entries.ToPlain()), (soFar.Sum(d => d.Committed), soFar.Sum(d => d.Paid)));
            }

            var sums = Assert.Single(Figures.Lines(own)).Sums;
            Assert.Equal((sums.Committed, sums.Paid), (days.Sum(d => d.Committed), days.Sum(d => d.Paid)));
        }
    });

    [Fact]
    public void The_days_of_a_fund_add_up_to_its_lines_and_each_is_what_the_day_added() => RandomLedger.ForAll(entries =>
    {
        var days = FundDays.Of(entries);
        for (var i = 0; i < RandomLedger.Days; i++)
        {
            var day = RandomLedger.FirstDay.AddDays(i);
            Assert.Equal(Naive.FundDay(day, entries.ToPlain()), days.GetValueOrDefault(day).ToPlain());
        }

        var lines = Figures.Lines(entries);
        var sum = days.Values.Aggregate(default(FundDays), (total, day) => total + day);
        Assert.Equal(lines.Where(l => l.HasPledge).Sum(l => l.Sums.Pledged - l.Sums.Withdrawn), sum.Pledged);
        Assert.Equal(lines.Sum(l => l.Sums.Committed), sum.Committed);
        Assert.Equal(lines.Where(l => !l.HasPledge).Sum(l => l.Sums.Committed), sum.CommittedDirect);
        Assert.Equal(lines.Sum(l => l.Sums.Paid), sum.Paid);
    });

    [Fact]
    public void A_direct_payment_is_not_withdrawn()
    {
        Add("payment", 15_000);
        var line = TheLine();
        Assert.Equal("paid", line.Status);
        Assert.Equal(new Sums(0, 0, 15_000, 15_000, 0, 0), line.Sums);
    }

    [Fact]
    public void One_donors_surplus_pays_nobody_elses_promise()
    {
        Add("pledge", 60, donor: "a");
        Add("pledge", 40, donor: "b");
        Add("payment", 90, donor: "a");
        var lines = Figures.Lines(_entries);
        Assert.Equal(40, lines.Sum(l => l.Sums.Outstanding));
        Assert.Equal(["paid", "announced"], lines.Select(l => l.Status));
        Assert.Equal("announced", Figures.HeaderStatus(lines));
    }

    [Theory]
    [InlineData(900_000)]
    [InlineData(1_000_000)]
    [InlineData(1_400_000)]
    public void A_euro_pledge_paid_in_full_in_euros_is_paid_at_any_dollar(long dollarsOfThePayment)
    {
        Add("pledge", 1_000_000, "EUR", 1_100_000);
        Add("payment", 1_000_000, "EUR", dollarsOfThePayment);
        var line = TheLine();
        Assert.Equal("paid", line.Status);
        Assert.Equal((0, 0, dollarsOfThePayment), (line.OutstandingMinor, line.Sums.Outstanding, line.Sums.Paid));
    }

    [Fact]
    public void A_euro_pledge_half_paid_in_euros_has_half_its_own_dollars_outstanding()
    {
        Add("pledge", 1_000_000, "EUR", 1_100_001);
        Add("payment", 500_000, "EUR", 700_000);
        Assert.Equal((500_000, 550_001), (TheLine().OutstandingMinor, TheLine().Sums.Outstanding));
    }

    [Fact]
    public void A_euro_pledge_paid_in_dollars_is_counted_in_dollars()
    {
        Add("pledge", 1_000_000, "EUR", 1_100_000);
        Add("payment", 1_000_000, "USD", 1_000_000);
        Assert.Equal((90_909, 100_000, "partially_paid"), (TheLine().OutstandingMinor, TheLine().Sums.Outstanding, TheLine().Status));
    }

    [Fact]
    public void A_payment_reversed_leaves_nothing_committed()
    {
        Reverse(Add("payment", 5_000));
        Assert.Equal(default, TheLine().Sums);
        Assert.Equal("void", TheLine().Status);
        Assert.Empty(Figures.Days("a", _entries));
    }

    [Fact]
    public void A_payment_reversed_on_a_pledge_leaves_it_announced()
    {
        Add("pledge", 5_000);
        Reverse(Add("payment", 5_000));
        Assert.Equal(new Sums(5_000, 0, 0, 0, 0, 5_000), TheLine().Sums);
        Assert.Equal("announced", TheLine().Status);
    }

    [Fact]
    public void A_payment_larger_than_its_commitment_was_committed_whole()
    {
        Add("pledge", 10_000);
        Add("commitment", 3_000);
        Add("payment", 4_000);
        Assert.Equal((4_000, 4_000, 6_000), (TheLine().Sums.Committed, TheLine().Sums.Paid, TheLine().Sums.Outstanding));
    }

    [Fact]
    public void A_payment_is_no_second_commitment()
    {
        Add("pledge", 10_000);
        Add("commitment", 10_000);
        Add("payment", 4_000);
        Assert.Equal(10_000, TheLine().Sums.Committed);
    }

    [Fact]
    public void A_payment_before_its_commitment_commits_the_rest_on_the_day_of_the_agreement()
    {
        Add("commitment", 10_000, on: Day.AddDays(5));
        Add("payment", 4_000, on: Day.AddDays(2));
        Assert.Equal([new Day(Day.AddDays(2), 4_000, 4_000), new Day(Day.AddDays(5), 6_000, 0)], Figures.Days("a", _entries));
    }

    [Fact]
    public void A_released_agreement_leaves_what_was_paid()
    {
        Add("commitment", 10_000);
        Add("payment", 4_000);
        Add("commitment", -10_000);
        Assert.Equal((4_000, 4_000, "paid"), (TheLine().Sums.Committed, TheLine().Sums.Paid, TheLine().Status));
    }

    [Fact]
    public void A_refund_makes_a_pledge_outstanding_again()
    {
        Add("pledge", 10_000);
        Add("payment", 10_000);
        Add("payment", -2_500);
        Assert.Equal((2_500, "partially_paid"), (TheLine().Sums.Outstanding, TheLine().Status));
    }

    [Fact]
    public void A_pledge_revised_to_zero_is_void_and_not_paid()
    {
        Add("pledge", 10_000);
        Add("revision", -10_000);
        Assert.Equal((0, 0, "void"), (TheLine().Sums.Pledged, TheLine().Sums.Outstanding, TheLine().Status));
    }

    [Fact]
    public void A_pledge_entered_by_mistake_is_void()
    {
        Reverse(Add("pledge", 10_000));
        Assert.Equal((false, "void"), (TheLine().HasPledge, TheLine().Status));
    }

    [Fact]
    public void A_fully_withdrawn_pledge_is_withdrawn_and_the_promise_stays_visible()
    {
        Add("pledge", 20_000);
        Add("revision", 3_000);
        Add("withdrawal", 23_000);
        Assert.Equal(new Sums(23_000, 23_000, 0, 0, 0, 0), TheLine().Sums);
        Assert.Equal("withdrawn", TheLine().Status);
    }

    [Fact]
    public void A_pledge_part_withdrawn_and_otherwise_paid_is_partially_withdrawn()
    {
        Add("pledge", 10_000);
        Add("withdrawal", 4_000);
        Assert.Equal("announced", TheLine().Status);
        Add("payment", 6_000);
        Assert.Equal((0, "partially_withdrawn"), (TheLine().Sums.Outstanding, TheLine().Status));
    }

    [Fact]
    public void A_pledge_part_withdrawn_and_part_paid_is_still_owed()
    {
        Add("pledge", 10_000);
        Add("withdrawal", 4_000);
        Add("payment", 1_000);
        Assert.Equal((5_000, "partially_paid"), (TheLine().Sums.Outstanding, TheLine().Status));
    }

    [Fact]
    public void Commitments_advance_a_pledge_only_until_money_arrives()
    {
        Add("pledge", 10_000);
        Add("commitment", 4_000);
        Assert.Equal("partially_committed", TheLine().Status);
        Add("commitment", 6_000);
        Assert.Equal("committed", TheLine().Status);
        Add("payment", 1);
        Assert.Equal("partially_paid", TheLine().Status);
    }

    [Fact]
    public void A_direct_agreement_is_committed_until_it_is_paid()
    {
        Add("commitment", 10_000);
        Assert.Equal("committed", TheLine().Status);
        Add("payment", 4_000);
        Assert.Equal("partially_paid", TheLine().Status);
        Add("payment", 6_000);
        Assert.Equal("paid", TheLine().Status);
    }

    [Theory]
    [InlineData("paid", "withdrawn", "partially_withdrawn")]
    [InlineData("paid", "partially_withdrawn", "partially_withdrawn")]
    [InlineData("paid", "void", "paid")]
    [InlineData("withdrawn", "void", "withdrawn")]
    [InlineData("withdrawn", "announced", "announced")]
    [InlineData("paid", "partially_paid", "partially_paid")]
    [InlineData("committed", "partially_committed", "partially_committed")]
    [InlineData("void", "void", "void")]
    public void A_header_shows_its_least_advanced_line(string one, string other, string whole)
    {
        Assert.Equal(whole, Figures.HeaderStatus([With(one), With(other)]));
        Assert.Equal(whole, Figures.HeaderStatus([With(other), With(one)]));

        static Line With(string status) => new("a", true, Day, 0, 0, 0, default, status);
    }

    [Fact]
    public void A_header_without_lines_is_void() => Assert.Equal("void", Figures.HeaderStatus([]));

    [Fact]
    public void One_donor_that_paid_and_one_that_withdrew_make_a_partially_withdrawn_pledge()
    {
        Add("pledge", 10_000, donor: "a");
        Add("pledge", 10_000, donor: "b");
        Add("payment", 10_000, donor: "a");
        Add("withdrawal", 10_000, donor: "b");
        Assert.Equal("partially_withdrawn", Figures.HeaderStatus(Figures.Lines(_entries)));
    }

    [Fact]
    public void The_qualifier_is_that_of_the_parts_where_they_agree_and_otherwise_approximate()
    {
        Assert.Null(Figures.Qualifier(_entries));
        Add("pledge", 10_000, qualifier: "at_least");
        Add("payment", 10_000, qualifier: "exact");
        Assert.Equal("at_least", Figures.Qualifier(_entries));
        var revision = Add("revision", 500);
        Assert.Equal("approximate", Figures.Qualifier(_entries));
        Reverse(revision);
        Assert.Equal("at_least", Figures.Qualifier(_entries));
    }

    [Fact]
    public void A_pledge_is_overdue_once_its_day_has_passed_with_anything_outstanding()
    {
        Assert.Equal(Day, Figures.OverdueFrom(1, 100, [], Day));
        Assert.Null(Figures.OverdueFrom(0, 100, [], Day));
        Assert.Null(Figures.OverdueFrom(100, 100, [], null));
    }

    [Theory]
    [InlineData(100, 1)]  // nothing paid: the first instalment is missed
    [InlineData(61, 1)]   // one less than the first instalment
    [InlineData(60, 10)]  // a part payment that covers the first instalment
    [InlineData(31, 10)]  // and most of the second
    [InlineData(30, 20)]  // two instalments covered
    [InlineData(1, 20)]
    public void A_part_payment_covers_the_earliest_instalments(long outstanding, int dayOfTheMonth) =>
        Assert.Equal(new DateOnly(2024, 1, dayOfTheMonth), Figures.OverdueFrom(outstanding, 100,
            [(new(2024, 1, 20), 30), (new(2024, 1, 1), 40), (new(2024, 1, 10), 30)], null));

    [Fact]
    public void What_no_instalment_speaks_of_is_due_on_the_pledges_own_day_or_on_none()
    {
        (DateOnly, long)[] first = [(Day, 40)];
        Assert.Equal(Day.AddDays(9), Figures.OverdueFrom(60, 100, first, Day.AddDays(9)));
        Assert.Null(Figures.OverdueFrom(60, 100, first, null));
        Assert.Equal(Day, Figures.OverdueFrom(61, 100, first, null));
    }

    [Fact]
    public void Overdue_is_as_the_words_say_for_any_plan()
    {
        var plans =
            from instalments in Gen.ListOf(Gen.Choose(0, 8).Zip(Gen.Choose(1, 50)))
            from promised in Gen.Choose(0, 200)
            from outstanding in Gen.Choose(0, 200)
            from due in Gen.Choose(-3, 10)
            select (Instalments: instalments.Take(5).Select(i => (Day.AddDays(i.Item1), (long)i.Item2)).ToArray(), promised, outstanding,
                Due: due < 0 ? default(DateOnly?) : Day.AddDays(due));
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2000), Prop.ForAll(Arb.From(plans), plan => Assert.Equal(
            Naive.OverdueFrom(plan.outstanding, plan.promised, plan.Instalments, plan.Due),
            Figures.OverdueFrom(plan.outstanding, plan.promised, plan.Instalments, plan.Due))));
    }

    private static List<Line> ByDonor(IEnumerable<Line> lines) => [.. lines.OrderBy(l => l.DonorId, StringComparer.Ordinal)];

    private static List<KeyValuePair<DateOnly, FundDays>> Sorted(Dictionary<DateOnly, FundDays> days) =>
        [.. days.Where(d => d.Value != default).OrderBy(d => d.Key)];

    private static Entry New(
        string kind, long amount, string currency = "USD", long? usd = null, string donor = "a", DateOnly? on = null, string qualifier = "exact") => new()
        {
            No = 0,
            DonorId = donor,
            Kind = kind,
            AmountMinor = amount,
            Currency = currency,
            UsdMinor = usd ?? amount,
            Qualifier = qualifier,
            ValueDate = on ?? Day,
        };

    private Entry Add(
        string kind, long amount, string currency = "USD", long? usd = null, string donor = "a", DateOnly? on = null, string qualifier = "exact")
    {
        var entry = New(kind, amount, currency, usd, donor, on, qualifier) with { No = _entries.Count + 1 };
        _entries.Add(entry);
        return entry;
    }

    private void Reverse(Entry wrong) => _entries.Add(RandomLedger.Reversal(wrong, _entries.Count + 1));

    private Line TheLine() => Assert.Single(Figures.Lines(_entries));
}
