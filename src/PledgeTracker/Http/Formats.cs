using FastEndpoints;

namespace PledgeTracker.Http;

/// <summary>An answer that is a table, or holds one: it is sent as CSV, XLSX and NDJSON, too. (Implement it explicitly: it is no member of the JSON.)</summary>
/// <typeparam name="TRow">The shape of a row: its members are the columns, see <see cref="Table"/>.</typeparam>
public interface ITable<out TRow>
    where TRow : class
{
    IEnumerable<TRow> Rows { get; }
}

/// <summary>What every read may be asked that answers with a table.</summary>
public abstract record TableRequest : ReadRequest
{
    /// <summary>In CSV, XLSX and NDJSON only these fields, in this order, such as `id,fund.name,figures.outstanding`: the names of CSV's first row. The name of a member stands for all that is in it.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>In CSV and XLSX a second row with the tags of the Humanitarian Exchange Language (hxlstandard.org).</summary>
    public bool? Hxl { get; init; }

    /// <summary>In CSV a byte order mark in front: Excel shows no Arabic without it.</summary>
    public bool? Bom { get; init; }
}

/// <summary>The rules of what every such read may be asked. Which fields there are, the answer decides: <see cref="Table.Faults"/>.</summary>
public abstract class TableRules<TRequest> : ReadRules<TRequest>
    where TRequest : TableRequest
{
    protected TableRules()
    {
        RuleFor(r => r.Fields).HasAtMost(100);
        RuleForEach(r => r.Fields).IsNoLongerThan(100);
    }
}

/// <summary>What answers are written as: asked for by the end of the path, or else by `Accept`.</summary>
/// <param name="ContentType">As the answer names it.</param>
/// <param name="Suffix">The end of a path that asks for it; JSON needs none.</param>
internal sealed record Format(string MediaType, string ContentType, string? Suffix)
{
    private const string XlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public static readonly Format Json = new("application/json", "application/json; charset=utf-8", null);
    public static readonly Format Csv = new("text/csv", "text/csv; charset=utf-8; header=present", ".csv");
    public static readonly Format Ndjson = new("application/x-ndjson", "application/x-ndjson", ".ndjson");

    /// <summary>ECMA-376.</summary>
    public static readonly Format Xlsx = new(XlsxType, XlsxType, ".xlsx");

    /// <summary>RFC 5545.</summary>
    public static readonly Format Calendar = new("text/calendar", "text/calendar; charset=utf-8", null);

    /// <summary>RFC 4287.</summary>
    public static readonly Format Atom = new("application/atom+xml", "application/atom+xml; charset=utf-8", null);

    /// <summary>IATI's media type.</summary>
    public static readonly Format Xml = new("application/xml", "application/xml; charset=utf-8", null);

    public static readonly Format Html = new("text/html", "text/html; charset=utf-8", null);

    public static readonly Format Svg = new("image/svg+xml", "image/svg+xml; charset=utf-8", null);

    /// <summary>What a table is sent as. The first is sent to who does not say.</summary>
    public static readonly IReadOnlyList<Format> OfTables = [Json, Csv, Ndjson, Xlsx];

    /// <summary>What a read answers with, of what it offers.</summary>
    /// <exception cref="Refused">The client takes none of what it could be sent.</exception>
    public static Format Of(HttpContext context, IReadOnlyList<Format> offers)
    {
        if (Suffixes.Asked(context) is { } asked)
        {
            return asked;
        }

        // What the client names itself goes before what it takes among others.
        var (format, quality) = offers.Select(offered => (offered, Accepted.Weigh(context.Request, offered.MediaType))).MaxBy(o => o.Item2);
        return quality.Quality > 0 ? format : throw new Refused("not_acceptable", new(
            $"Send `Accept: {string.Join("` or `", offers.Select(offered => offered.MediaType))}`, or none.", $"أرسل Accept: {string.Join(" أو ", offers.Select(offered => offered.MediaType))} أو لا ترسل شيئا."));
    }
}

/// <summary>The ends of paths that ask for a format.</summary>
internal static class Suffixes
{
    /// <summary>The format that the end of the path asks for; null where it asks for none.</summary>
    public static Format? Asked(HttpContext context) => context.Features.Get<Suffixed>()?.Format;

    /// <summary>`/v1/pledges.csv` is `/v1/pledges`, as CSV.</summary>
    public static void UseSuffixes(this WebApplication app) => app.Use((context, next) =>
    {
        var path = context.Request.Path.Value!;
        if (HttpMethods.IsGet(context.Request.Method) && Format.OfTables.FirstOrDefault(f => f.Suffix is not null && path.EndsWith(f.Suffix, StringComparison.Ordinal)) is { Suffix: { } suffix } format
            && path[..^suffix.Length] is not [.., '/'])
        {
            context.Features.Set(new Suffixed(format));
            context.Request.Path = path[..^suffix.Length];
        }

        return next(context);
    });

    /// <summary>Behind routing: where there is neither a table nor a file in that format, there is no such address either.</summary>
    public static void UseNoOtherSuffixes(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Features.Get<Suffixed>() is { } suffixed && (context.GetEndpoint()?.Metadata.GetMetadata<EndpointDefinition>() is not { } operation || !IsOffered(suffixed.Format, operation, context)))
        {
            context.Features.Set<Suffixed>(null);
            context.Request.Path += suffixed.Format.Suffix;
            context.SetEndpoint(null);
        }

        return next(context);
    });

    private static bool IsOffered(Format format, EndpointDefinition operation, HttpContext context) =>
        Table.IsIn(operation.ResDtoType) || context.GetEndpoint()!.Metadata.GetMetadata<HasSuffixes>()?.Formats.Contains(format) == true;

    private sealed record Suffixed(Format Format);
}
