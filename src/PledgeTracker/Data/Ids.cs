using System.Security.Cryptography;

namespace PledgeTracker.Data;

/// <summary>Where the ids of new records and the ids and secrets of new keys come from: a service, so that a test can say what comes next.</summary>
public class Ids
{
    /// <summary>As everywhere in production.</summary>
    internal static readonly Ids Standard = new();

    /// <summary>The id of a new record.</summary>
    /// <param name="at">When it is written; ids grow with it.</param>
    public virtual Guid NewRecord(DateTimeOffset at) => Guid.CreateVersion7(at);

    /// <summary>Hexadecimal digits that nobody can foresee.</summary>
    public virtual string NewDigits(int count) => RandomNumberGenerator.GetHexString(count, lowercase: true);
}
