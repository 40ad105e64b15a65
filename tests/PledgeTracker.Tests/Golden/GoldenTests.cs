namespace PledgeTracker.Tests.Golden;

public sealed class CoalitionGoldenTests
{
    [Fact]
    public Task What_is_answered_over_the_documented_facts_is_as_recorded() => GoldenReplay.RunAsync("coalition", seed: "coalition");
}

public sealed class LedgerGoldenTests
{
    [Fact]
    public Task What_is_answered_while_a_ledger_is_entered_and_after_is_as_recorded() => GoldenReplay.RunAsync("ledger", seed: "none");
}
