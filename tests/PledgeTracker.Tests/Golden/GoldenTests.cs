namespace PledgeTracker.Tests.Golden;

public sealed class GoldenTests
{
    private static readonly Lazy<Task> Coalition = new(() => GoldenReplay.RunAsync("coalition", seed: "coalition"));
    private static readonly Lazy<Task> Ledger = new(() => GoldenReplay.RunAsync("ledger", seed: "none"));

    /// <summary>Both conversations, held once in a process.</summary>
    internal static Task Both => Task.WhenAll(Coalition.Value, Ledger.Value);

    [Fact]
    public Task What_is_answered_over_the_documented_facts_is_as_recorded() => Coalition.Value;

    [Fact]
    public Task What_is_answered_while_a_ledger_is_entered_and_after_is_as_recorded() => Ledger.Value;
}
