using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PledgeTracker.Ledger;

/// <summary>
/// The chain of changes: hash = SHA-256(previous hash ‖ sequence, 8 bytes big-endian ‖ time ‖ actor ‖ SHA-256(stored JSON)), the texts in UTF-8. It goes over
/// the JSON's own hash, so that free text can be blanked where that hash is kept.
/// </summary>
internal static class Chain
{
    /// <param name="at">As it is shown: RFC 3339 in UTC with milliseconds.</param>
    public static byte[] Hash(byte[] previous, long sequence, string at, string actor, string json) => Hash(previous, sequence, at, actor, BodyHash(json));

    /// <inheritdoc cref="Hash(byte[], long, string, string, string)"/>
    /// <param name="bodyHash">The JSON's, where its free text was blanked since.</param>
    public static byte[] Hash(byte[] previous, long sequence, string at, string actor, byte[] bodyHash)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        hash.AppendData(previous);
        hash.AppendData(number);
        hash.AppendData(Encoding.UTF8.GetBytes(at));
        hash.AppendData(Encoding.UTF8.GetBytes(actor));
        hash.AppendData(bodyHash);
        return hash.GetHashAndReset();
    }

    public static byte[] BodyHash(string json) => SHA256.HashData(Encoding.UTF8.GetBytes(json));
}
