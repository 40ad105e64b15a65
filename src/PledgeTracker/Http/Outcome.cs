namespace PledgeTracker.Http;

/// <summary>What came of a request that may be refused: a value, or why not.</summary>
internal readonly record struct Outcome<T>(T? Value, Refusal? Refusal)
{
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);

    /// <summary>Goes on with the value, if there is one.</summary>
    public Outcome<TNext> Then<TNext>(Func<T, TNext> next) => Refusal is { } refusal ? refusal : next(Value!);

    public static implicit operator Outcome<T>(List<Fault> faults) => new(default, Refusal.Invalid(faults));
}
