using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace PledgeTracker.Http;

/// <summary>The document as it is served: written once, on the first request for it.</summary>
internal sealed class OpenApiTexts(IServiceProvider services)
{
    public static readonly Dictionary<string, string> Tags = new()
    {
        ["Pledges"] = "Public promises, and the headers of contributions that nobody had pledged.",
        ["Contributions"] = "Commitments and payments.",
        ["Donors"] = "Organizations that pledged or gave, with their figures.",
        ["Organizations"] = "Everyone who gives, receives or runs a fund.",
        ["Funds"] = "What money is given to, and what it says it needs.",
        ["Entries"] = "Corrections and citations of what stands in the ledger.",
        ["Shortfalls"] = "What funds still lack, reported or computed.",
        ["Events"] = "Conferences and meetings where pledges were announced.",
        ["Sources"] = "The documents that figures rest on.",
        ["Indicators"] = "What the money is for, and what has come of it.",
        ["Exchange rates"] = "US dollars for other currencies.",
        ["Changes"] = "Every change of the data, and as it happens.",
        ["Keys"] = "API keys, for those who run the server.",
        ["Health"] = "For those who run the server.",
    };

    public static readonly Dictionary<string, string> Statuses = new()
    {
        ["200"] = "Found.",
        ["201"] = "Recorded, and on the disk.",
        ["304"] = "Nothing has changed since the `ETag` that was sent.",
        ["400"] = "The request is not valid; `errors` names each member or parameter and says what to send.",
        ["308"] = "The organization was merged into another; `Location` says which.",
        ["401"] = "A valid API key is needed.",
        ["403"] = "The key may not do that.",
        ["404"] = "There is no such resource.",
        ["406"] = "`Accept` leaves out what the operation sends.",
        ["408"] = "The body took too long to arrive.",
        ["409"] = "It conflicts with what is recorded; `existing` says where, if somewhere.",
        ["412"] = "The resource has changed since the `ETag` of `If-Match`.",
        ["413"] = "The body is larger than 1 MiB.",
        ["415"] = "The body must be of a media type that the operation takes, in UTF-8 and not compressed.",
        ["422"] = "The `Idempotency-Key` was used for another request.",
        ["428"] = "`If-Match` is missing.",
        ["429"] = "Too many requests; `Retry-After` says when to try again.",
        ["503"] = "The server is busy, or the query took too long; `Retry-After` says when to try again.",
    };

    private readonly Lazy<(string Json, string Yaml)> _texts = new(() =>
    {
        using var scope = services.CreateScope();
        var document = scope.ServiceProvider.GetRequiredService<ISwaggerProvider>().GetSwagger("v1");
        return (Write(document, text => new OpenApiJsonWriter(text)), Write(document, text => new OpenApiYamlWriter(text)));
    });

    public string Json => _texts.Value.Json;

    public string Yaml => _texts.Value.Yaml;

    private static string Write(OpenApiDocument document, Func<TextWriter, IOpenApiWriter> writer)
    {
        using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAsV31(writer(text));
        return text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n";
    }
}
