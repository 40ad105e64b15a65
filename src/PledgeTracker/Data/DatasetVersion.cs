namespace PledgeTracker.Data;

/// <summary>The sequence of the last committed change, known in memory: a conditional read that finds nothing new costs no SQL.</summary>
internal sealed class DatasetVersion
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Set(long value) => Volatile.Write(ref _value, value);
}
