using System.Globalization;
using Dapper;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>
/// How far the data goes that an answer shows: the last change's sequence and the beginning of its hash. Sent back as `Dataset-Version-Min`, it keeps a
/// server that reads from a replica from answering with less.
/// </summary>
internal static class DatasetVersion
{
    public const string Header = "Dataset-Version";

    /// <summary>
    /// The sequence that the client has seen; 0 where it says nothing that could be one. Whoever shows a key may have written just now: they read what no
    /// replica has to have.
    /// </summary>
    public static long LeastOf(HttpRequest request) =>
        request.Headers.Authorization.Count > 0 ? long.MaxValue
        : long.TryParse(request.Headers["Dataset-Version-Min"].ToString().Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var least) ? least : 0;

    /// <summary>The sequence of a version that kept its shape: with the beginning of its hash, or alone.</summary>
    /// <param name="pointer">The parameter that it was sent as.</param>
    /// <exception cref="Refused">This dataset never had it.</exception>
    public static async Task<long> SequenceAsync(View view, string pointer, string version)
    {
        var (number, hash) = version.Split('-') is [var first, var second] ? (first, second) : (version, null);
        var seen = long.Parse(number, CultureInfo.InvariantCulture);
        var there = seen > view.Head.Sequence ? null : seen == 0 ? new byte[32] : await view.Sql.QueryFirstAsync<byte[]>("SELECT hash FROM change WHERE seq = @seen", new { seen });
        return there is not null && (hash is null || there.AsSpan(0, 4).SequenceEqual(Convert.FromHexString(hash))) ? seen
            : throw Refused.Invalid(new Fault(pointer, "unknown_version", new(
                $"This dataset never had that version: it stands at {view.Head.Version}. Read everything anew.", $"لم تكن لهذه البيانات هذه النسخة قط: نسختها الآن {view.Head.Version}. اقرأ كل شيء من جديد.")));
    }
}
