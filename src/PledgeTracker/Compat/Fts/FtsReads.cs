using System.Text.Json.Serialization;

namespace PledgeTracker.Compat.Fts;

/// <summary>What every address of the dialect may be asked. Names of parameters come in any case.</summary>
public abstract record FtsRequest : ReadRequest, IDialect
{
    /// <summary>`json`: there is nothing else.</summary>
    public string? Format { get; init; }
}

/// <summary>The rules of that.</summary>
public abstract class FtsRules<TRequest> : ReadRules<TRequest>
    where TRequest : FtsRequest
{
    protected FtsRules() => RuleFor(r => r.Format).IsOneOf(["json"]);

    private protected static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}

/// <summary>The envelope.</summary>
public sealed record FtsAnswer<TData>(TData Data, FtsMeta Meta)
{
    public string Status => "ok";
}

/// <param name="Count">How many flows there are, on all pages.</param>
/// <param name="NextLink">The address of the next page, in full; left out on the last.</param>
public sealed record FtsMeta(
    string Language, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Count = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextLink = null);

/// <summary>An answer in the dialect of the Financial Tracking Service. It is conditional and kept like every read; the document does not describe it: docs/compat.md does.</summary>
public abstract class FtsReads<TRequest, TData> : Reads<TRequest, FtsAnswer<TData>>
    where TRequest : FtsRequest
{
    // Its clients say all sorts of things in `Accept`, and it answers with JSON.
    private protected override Format Asked => Own;

    private protected FtsAnswer<TData> Ok(TData data, int? count = null, string? nextLink = null) => new(data, new(Reader.Language.Code(), count, nextLink));

    protected void Answers(string summary, params string[] routes)
    {
        Get([.. routes.Select(route => Dialects.Fts + route)]);
        Definition.Summary(s => s.Summary = summary);
        Definition.Description(builder => builder.ExcludeFromDescription(), clearDefaults: true);
    }
}
