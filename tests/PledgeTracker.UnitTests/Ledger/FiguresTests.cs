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

    private readonly List<Naive.Entry> _plain = [];
    private readonly List<Entry> _entries = [];

    [Fact]
    public void Figures_and_statuses_are_those_of_the_table_on_any_ledger_as_of_any_day() => RandomLedger.ForAll(ledger =>
    {
        Assert.Equal(Naive.Lines(ledger), Figures.Lines(ledger.ToEntries()).ToPlain());
        foreach (var day in ledger.Select(e => e.CountsFrom).Distinct())
        {
            Assert.Equal(Naive.Lines([.. ledger.Where(e => e.CountsFrom <= day)]), LinesAsOf(day, ledger).ToPlain());
        }
    });

    [Fact]
    public void The_random_ledgers_reach_every_status_and_both_ways_to_count_what_is_left()
    {
        var statuses = new HashSet<string>();
        var headers = new HashSet<string>();
        var settled = 0;
        RandomLedger.ForAll(ledger =>
        {
            var lines = Naive.Lines(ledger);
            statuses.UnionWith(lines.Select(l => l.Status));
            headers.Add(Naive.HeaderStatus(lines));
            settled += Naive.Standing(ledger).Count(e => e.SettlesMinor is not null);
        }, cases: 10_000);
        Assert.Equal(Vocabulary.Statuses.Order(StringComparer.Ordinal), statuses.Order(StringComparer.Ordinal));
        Assert.Equal(Vocabulary.Statuses.Order(StringComparer.Ordinal), headers.Order(StringComparer.Ordinal));
        Assert.True(settled > 100, $"{settled} entries settle a promise in another currency.");
    }

    [Fact]
    public void Stages_add_up_to_what_was_pledged_on_20_000_random_lines()
    {
        var seen = 0;
        while (seen < 20_000)
        {
            RandomLedger.ForAll(ledger =>
            {
                foreach (var line in Figures.Lines(ledger.ToEntries()).Where(l => l.HasPledge))
                {
                    seen++;
                    var sums = line.Sums;
                    var (promisedOnly, committedUnpaid, paid, withdrawn) =
                        (sums.PromisedOnly, sums.Outstanding - sums.PromisedOnly, sums.Pledged - sums.Withdrawn - sums.Outstanding, sums.Withdrawn);
                    Assert.True(promisedOnly >= 0 && committedUnpaid >= 0 && paid >= 0 && withdrawn >= 0 && sums.Excess >= 0 && sums.RevisedDown >= 0, line.ToString());
                    Assert.Equal(sums.Pledged, promisedOnly + committedUnpaid + paid + withdrawn);
                }
            });
        }
    }

    [Fact]
    public void Every_figure_is_within_its_bounds_as_of_every_day() => RandomLedger.ForAll(ledger =>
    {
        foreach (var day in ledger.Select(e => e.CountsFrom).Distinct())
        {
            foreach (var line in LinesAsOf(day, ledger))
            {
                var s = line.Sums;
                Assert.True(s.Pledged >= s.Withdrawn && s.Withdrawn >= 0 && s.RevisedDown >= 0, $"{day}: {line}");
                Assert.True(s.PromisedOnly >= 0 && s.Outstanding >= s.PromisedOnly && s.Pledged - s.Withdrawn >= s.Outstanding, $"{day}: {line}");
                Assert.True(line.PromisedMinor >= line.OutstandingMinor && line.OutstandingMinor >= 0, $"{day}: {line}");
                Assert.True(s.Paid >= s.AdjustedPaid && s.Committed >= s.AdjustedPaid + s.AdjustedCommitted, $"{day}: {line}");
                Assert.True(!line.HasPledge || (s.Excess >= 0 && s.Excess <= s.Paid && s.Undisbursed >= 0), $"{day}: {line}");
                Assert.True(line.PromisedMinor != 0 || (s.Pledged == s.Withdrawn && s.Outstanding == 0), $"{day}: {line}");
                Assert.True(s.WithdrawnByDonor + s.Lapsed + s.WrittenOff <= s.Withdrawn, $"{day}: {line}");
            }
        }
    });

    [Fact]
    public void A_header_is_the_sum_of_its_lines() => RandomLedger.ForAll(ledger =>
    {
        var lines = Figures.Lines(ledger.ToEntries());
        Assert.Equal(Naive.Sums.Of([.. Naive.Lines(ledger).Select(l => l.Sums)]), lines.Aggregate(default(Sums), (total, line) => total + line.Sums).ToPlain());
        Assert.Equal(Naive.HeaderStatus(Naive.Lines(ledger)), Figures.HeaderStatus(lines));
    });

    [Fact]
    public void Nothing_is_owed_promised_or_in_excess_without_a_promise() => RandomLedger.ForAll(ledger =>
        Assert.All(Figures.Lines(ledger.ToEntries()), line =>
            Assert.True(line.HasPledge || line.Sums is { Pledged: 0, Withdrawn: 0, Outstanding: 0, PromisedOnly: 0, Excess: 0, Undisbursed: 0 }, line.ToString())));

    [Fact]
    public void Figures_of_lines_without_a_promise_are_direct_and_those_of_others_are_not() => RandomLedger.ForAll(ledger =>
        Assert.All(Figures.Lines(ledger.ToEntries()), line => Assert.Equal(
            line.HasPledge ? (0, 0) : (line.Sums.Committed, line.Sums.Paid), (line.Sums.DirectCommitted, line.Sums.DirectPaid))));

    [Fact]
    public void Money_that_arrived_was_committed() => RandomLedger.ForAll(ledger =>
        Assert.All(Figures.Lines(ledger.ToEntries()), line => Assert.True(line.Sums.Committed - line.Sums.AdjustedCommitted >= line.Sums.Paid, line.ToString())));

    [Fact]
    public void An_entry_and_its_reversal_change_nothing() => RandomLedger.ForAll(ledger =>
    {
        foreach (var wrong in (Naive.Entry[])[
            new(1001, "a", "commitment", 777, "KWD", 2500, "exact", Day, Day, SettlesMinor: 99), new(1001, "z", "payment", 5, "USD", 5, "at_most", Day, Day),
            new(1001, "b", "withdrawal", 10, "EUR", 11, "exact", Day, Day, Reason: "lapsed"), new(1001, "c", "adjustment", -5, "USD", -5, "exact", Day, Day, Adjusts: "payment")])
        {
            List<Naive.Entry> corrected = [.. ledger, wrong, RandomLedger.Reversal(wrong, 1002)];
            var (before, after) = (ledger.ToEntries(), corrected.ToEntries());
            Assert.Equal(Figures.Lines(before).ToPlain(), Figures.Lines(after).ToPlain().Where(l => ledger.Exists(e => e.DonorId == l.DonorId)));
            Assert.Equal(Figures.HeaderStatus(Figures.Lines(before)), Figures.HeaderStatus(Figures.Lines(after)));
            Assert.Equal(Sorted(FundDays.Of(before)), Sorted(FundDays.Of(after)));
            Assert.Equal(Figures.Qualifier(before), Figures.Qualifier(after));
        }
    });

    [Fact]
    public void The_order_of_entries_does_not_matter() => Check.One(
        Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(1000),
        Prop.ForAll(RandomLedger.Arbitrary, Arb.From(Gen.Choose(0, int.MaxValue - 1)), (ledger, seed) =>
        {
            var entries = ledger.Entries().ToEntries();
            var shuffled = entries.ToList();
            new System.Random(seed).Shuffle(CollectionsMarshal.AsSpan(shuffled));
            Assert.Equal(Figures.Lines(entries).ToPlain(), Figures.Lines(shuffled).ToPlain());
            Assert.Equal(Figures.HeaderStatus(Figures.Lines(entries)), Figures.HeaderStatus(Figures.Lines(shuffled)));
            Assert.Equal(Sorted(FundDays.Of(entries)), Sorted(FundDays.Of(shuffled)));
            Assert.Equal(Figures.Qualifier(entries), Figures.Qualifier(shuffled));
        }));

    [Fact]
    public void The_days_of_a_fund_hold_what_each_day_added_less_what_was_taken_back_and_add_up_to_its_lines() => RandomLedger.ForAll(ledger =>
    {
        var days = FundDays.Of(ledger.ToEntries());
        var expected = Naive.FundDays(ledger);
        foreach (var day in expected.Keys.Union(days.Keys))
        {
            Assert.Equal(expected.GetValueOrDefault(day), days.GetValueOrDefault(day).ToPlain());
        }

        var lines = Figures.Lines(ledger.ToEntries());
        var sum = days.Values.Aggregate(default(FundDay), (total, day) => total + day);
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
        Assert.Equal((0, 0, 15_000, 15_000, 0), (line.Sums.Pledged, line.Sums.Withdrawn, line.Sums.Committed, line.Sums.Paid, line.Sums.Outstanding));
        Assert.Equal((15_000, 15_000), (line.Sums.DirectCommitted, line.Sums.DirectPaid));
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
        Assert.Equal((500_000, 550_000), (TheLine().OutstandingMinor, TheLine().Sums.Outstanding));
    }

    [Fact]
    public void A_euro_pledge_paid_in_dollars_is_counted_in_the_euros_that_they_settle()
    {
        Add("pledge", 1_000_000, "EUR", 1_100_000);
        Add("payment", 1_000_000, "USD", settles: 909_091);
        Assert.Equal((90_909, 100_000, "partially_paid"), (TheLine().OutstandingMinor, TheLine().Sums.Outstanding, TheLine().Status));
    }

    [Fact]
    public void A_promise_in_euros_settled_in_dollars_closes()
    {
        Add("pledge", 100_000, "EUR", 110_000);
        Add("payment", 105_000, "USD", settles: 100_000);
        Assert.Equal((0, 0, 105_000, 0, "paid"),
            (TheLine().OutstandingMinor, TheLine().Sums.Outstanding, TheLine().Sums.Paid, TheLine().Sums.Excess, TheLine().Status));
    }

    [Fact]
    public void What_is_committed_and_not_paid_is_undisbursed_at_the_pledges_rate_however_much_was_promised()
    {
        Add("pledge", 10_000, "EUR", 11_000);
        Add("commitment", 8_000, "EUR", 9_999);
        Assert.Equal(8_800, TheLine().Sums.Undisbursed);
        Add("payment", 3_000, "EUR", 3_100);
        Assert.Equal(5_500, TheLine().Sums.Undisbursed);
        Add("commitment", 7_000, "EUR", 7_000);
        Assert.Equal(13_200, TheLine().Sums.Undisbursed);
        Add("payment", 14_000, "EUR", 14_000);
        Assert.Equal(0, TheLine().Sums.Undisbursed);
    }

    [Fact]
    public void Where_nothing_is_promised_any_more_what_is_undisbursed_goes_by_the_promise_as_it_was_made()
    {
        Add("pledge", 10_000, "EUR", 11_000);
        Add("commitment", 8_000, "EUR", 8_800);
        Add("revision", -5_000, "EUR", -3_000);
        Assert.Equal(12_800, TheLine().Sums.Undisbursed);
        Add("withdrawal", 5_000, "EUR", 8_000);
        Assert.Equal(8_800, TheLine().Sums.Undisbursed);
    }

    [Theory]
    [InlineData(1, "EUR", 0, 0)]
    [InlineData(null, "EUR", 100, 0)]
    [InlineData(1000, "USD", 1000, 100)]
    public void Nothing_is_undisbursed_where_a_promise_has_no_dollars_or_is_none(int? promised, string currency, int usd, int undisbursed)
    {
        if (promised is { } amount)
        {
            Add("pledge", amount, currency, usd);
        }

        Add("commitment", 100, currency);
        Assert.Equal(undisbursed, TheLine().Sums.Undisbursed);
    }

    [Fact]
    public void What_was_paid_beyond_the_promise_is_in_excess_and_no_stage()
    {
        Add("pledge", 10_000);
        Add("payment", 14_000);
        var sums = TheLine().Sums;
        Assert.Equal((14_000, 0, 4_000, 0), (sums.Paid, sums.Outstanding, sums.Excess, sums.PromisedOnly));
        Assert.Equal("paid", TheLine().Status);
    }

    [Fact]
    public void A_promise_that_rounds_to_no_dollars_is_announced_and_then_paid()
    {
        Add("pledge", 500_00, "IRR", 0);
        Assert.Equal(("announced", 0), (TheLine().Status, TheLine().Sums.Outstanding));
        Add("payment", 500_00, "IRR", 0);
        Assert.Equal("paid", TheLine().Status);
    }

    [Fact]
    public void A_payment_reversed_leaves_nothing_committed()
    {
        Reverse(Add("payment", 5_000));
        Assert.Equal(default, TheLine().Sums);
        Assert.Equal("void", TheLine().Status);
        Assert.Empty(FundDays.Of(_entries));
    }

    [Fact]
    public void A_payment_reversed_on_a_pledge_leaves_it_announced()
    {
        Add("pledge", 5_000);
        Reverse(Add("payment", 5_000));
        Assert.Equal((5_000, 0, 0, 5_000), (TheLine().Sums.Pledged, TheLine().Sums.Committed, TheLine().Sums.Paid, TheLine().Sums.Outstanding));
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
        Assert.Equal([(Day.AddDays(2), 4_000L, 4_000L), (Day.AddDays(5), 6_000L, 0L)], Sorted(FundDays.Of(_entries)).Select(d => (d.Key, d.Value.Committed, d.Value.Paid)));
    }

    [Fact]
    public void Money_taken_back_comes_off_the_latest_money_first_and_belongs_where_that_lay()
    {
        Add("payment", 10_000);
        Add("payment", 4_000, on: Day.AddDays(5));
        Add("payment", -6_000, on: Day.AddDays(400));
        Assert.Equal([(Day, 8_000L, 8_000L)], Sorted(FundDays.Of(_entries)).Select(d => (d.Key, d.Value.Committed, d.Value.Paid)));
    }

    [Fact]
    public void What_an_adjustment_takes_back_of_nothing_stays_on_its_own_day()
    {
        Add("adjustment", -5_000, on: Day.AddDays(3), adjusts: "commitment");
        Assert.Equal([(Day.AddDays(3), -5_000L, 0L)], Sorted(FundDays.Of(_entries)).Select(d => (d.Key, d.Value.Committed, d.Value.Paid)));
    }

    [Fact]
    public void A_lone_adjustment_of_a_commitment_lowers_what_was_committed()
    {
        Add("adjustment", -5_000, adjusts: "commitment");
        Assert.Equal((-5_000, 0, -5_000, "adjusted"), (TheLine().Sums.Committed, TheLine().Sums.Paid, TheLine().Sums.AdjustedCommitted, TheLine().Status));
    }

    [Fact]
    public void An_adjustment_of_a_payment_counts_as_paid_and_committed_and_one_of_a_pledge_in_no_figure()
    {
        Add("adjustment", -300, adjusts: "payment");
        Add("adjustment", 70_000, adjusts: "pledge");
        var sums = TheLine().Sums;
        Assert.Equal((0, -300, -300), (sums.Pledged, sums.Committed, sums.Paid));
        Assert.Equal((70_000, 0, -300), (sums.AdjustedPledged, sums.AdjustedCommitted, sums.AdjustedPaid));
    }

    [Theory]
    [InlineData("payment")]
    [InlineData("commitment")]
    public void A_contribution_given_back_in_full_is_taken_back_and_one_that_was_reversed_is_void(string kind)
    {
        var given = Add(kind, 5_000);
        Add(kind, -5_000);
        Assert.Equal("taken_back", TheLine().Status);
        Reverse(_plain[1]);
        Reverse(given);
        Assert.Equal("void", TheLine().Status);
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
    public void A_pledge_revised_to_zero_is_withdrawn_and_neither_void_nor_paid()
    {
        Add("pledge", 10_000);
        Add("revision", -10_000);
        Assert.Equal((0, 0, 10_000, "withdrawn"), (TheLine().Sums.Pledged, TheLine().Sums.Outstanding, TheLine().Sums.RevisedDown, TheLine().Status));
    }

    [Fact]
    public void Cents_that_a_reversal_leaves_of_nothing_go_to_what_was_withdrawn()
    {
        Add("pledge", 10_000, "EUR", 11_001);
        var more = Add("revision", 5_000, "EUR", 5_000);
        Add("withdrawal", 10_000, "EUR", 10_667);
        Reverse(more);
        var sums = TheLine().Sums;
        Assert.Equal((11_001, 11_001, 0, "withdrawn"), (sums.Pledged, sums.Withdrawn, sums.Outstanding, TheLine().Status));
    }

    [Fact]
    public void Cents_that_a_reversal_leaves_of_nothing_go_off_the_promise_where_nothing_was_withdrawn()
    {
        Add("pledge", 10_000, "EUR", 11_001);
        var more = Add("revision", 5_000, "EUR", 5_000);
        Add("revision", -10_000, "EUR", -10_667);
        Reverse(more);
        var sums = TheLine().Sums;
        Assert.Equal((0, 0, 11_001, "withdrawn"), (sums.Pledged, sums.Withdrawn, sums.RevisedDown, TheLine().Status));
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
        Assert.Equal((23_000, 23_000, 0, 0), (TheLine().Sums.Pledged, TheLine().Sums.Withdrawn, TheLine().Sums.Paid, TheLine().Sums.Outstanding));
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
    [InlineData("taken_back", "void", "taken_back")]
    [InlineData("paid", "taken_back", "paid")]
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

    private static List<Line> LinesAsOf(DateOnly day, List<Naive.Entry> ledger) => Figures.Lines(ledger.Where(e => e.CountsFrom <= day).ToEntries());

    private static List<KeyValuePair<DateOnly, FundDay>> Sorted(Dictionary<DateOnly, FundDay> days) =>
        [.. days.Where(d => d.Value != default).OrderBy(d => d.Key)];

    private Naive.Entry Add(
        string kind, long amount, string currency = "USD", long? usd = null, string donor = "a", DateOnly? on = null, string qualifier = "exact", long? settles = null,
        string? adjusts = null)
    {
        var entry = new Naive.Entry(_entries.Count + 1, donor, kind, amount, currency, usd ?? amount, qualifier, on ?? Day, on ?? Day, SettlesMinor: settles, Adjusts: adjusts);
        _entries.AddRange(((Naive.Entry[])[entry]).ToEntries());
        _plain.Add(entry);
        return entry;
    }

    private void Reverse(Naive.Entry wrong)
    {
        var reversal = RandomLedger.Reversal(wrong, _entries.Count + 1);
        _entries.AddRange(((Naive.Entry[])[reversal]).ToEntries());
        _plain.Add(reversal);
    }

    // What the rules say a second time must agree wherever a value is given by hand.
    private Line TheLine()
    {
        var line = Assert.Single(Figures.Lines(_entries));
        Assert.Equal(Naive.Lines(_plain), ((Line[])[line]).ToPlain());
        return line;
    }
}
