using System.Globalization;

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
}
