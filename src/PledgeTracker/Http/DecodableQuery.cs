using Microsoft.AspNetCore.WebUtilities;

namespace PledgeTracker.Http;

/// <summary>
/// A query value that is not percent-encoded UTF-8 is refused. The framework hands it on with its escapes as they stand: as words to search
/// for it would find nothing, and look as if there were nothing.
/// </summary>
internal static class DecodableQuery
{
    private static readonly LocalizedText Encode = new(
        "Send it percent-encoded in UTF-8; a percent sign itself is %25.", "أرسل القيمة مرمزة بالنسبة المئوية وبترميز UTF-8، وعلامة % نفسها تُرسل %25.");

    public static void UseDecodableQuery(this WebApplication app) => app.Use((context, next) =>
    {
        var query = context.Request.QueryString.Value;
        // Where there is nothing, or not for this method, that is what is to be said.
        if (query is null || !query.Contains('%', StringComparison.Ordinal) || context.GetEndpoint() is not RouteEndpoint)
        {
            return next(context);
        }

        var faults = new List<Fault>();
        foreach (var parameter in new QueryStringEnumerable(query))
        {
            if (!Decodes(parameter.EncodedValue.ToString()))
            {
                faults.Add(new Fault("?" + parameter.DecodeName(), "invalid_encoding", Encode));
            }
        }

        return faults.Count == 0 ? next(context) : throw Refused.Invalid(faults);
    });

    // What cannot be decoded stays as it is, and so does its percent sign.
    private static bool Decodes(string encoded) =>
        !Uri.UnescapeDataString(encoded.Replace("%25", "_", StringComparison.Ordinal)).Contains('%', StringComparison.Ordinal);
}
