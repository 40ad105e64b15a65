using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PledgeTracker.Tests.Ledger;

/// <summary>
/// Walks the change log: no gap, no time that runs backwards, each hash made of the one before:
/// SHA-256(previous hash ‖ sequence, 8 bytes big-endian ‖ time ‖ actor ‖ SHA-256(stored JSON)), that of the JSON as it was where a redaction blanked text in it.
/// </summary>
internal static class Chain
{
    public static void Check(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT seq, at, actor, body, hash, body_hash FROM change ORDER BY seq";
        using var reader = command.ExecuteReader();
        var (sequence, at, hash) = (0L, "", new byte[32]);
        while (reader.Read())
        {
            Assert.Equal(++sequence, reader.GetInt64(0));
            var then = reader.GetValue(1) is DateTime instant ? instant.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) : reader.GetString(1);
            Assert.True(string.CompareOrdinal(at, then) <= 0, $"Change {sequence} is older than the one before it.");
            at = then;
            var place = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(place, sequence);
            hash = SHA256.HashData([.. hash, .. place, .. Encoding.UTF8.GetBytes(at + reader.GetString(2)), .. reader.IsDBNull(5) ? SHA256.HashData(Encoding.UTF8.GetBytes(reader.GetString(3))) : reader.GetFieldValue<byte[]>(5)]);
            Assert.Equal(hash, reader.GetFieldValue<byte[]>(4));
        }
    }
}
