using Microsoft.AspNetCore.Http.Extensions;

namespace PledgeTracker.Site;

/// <summary>The address of a page, which is its state: what is chosen stands in it, and a link is the address with something else chosen.</summary>
/// <param name="prefix">What a proxy took off the front of each path.</param>
/// <param name="path">Of the page.</param>
/// <param name="query">What was asked for, decoded.</param>
/// <param name="origin">Scheme and host, as who asks sees them.</param>
public sealed class Address(string prefix, string path, IReadOnlyDictionary<string, string> query, string origin = "")
{
    /// <summary>What is chosen on a page, in the order in which addresses have it.</summary>
    private static readonly string[] Names = ["lang", "q", "asOf", "knownAt", "event", "fund", "donor", "instrument", "sort", "view", "nu"];

    // What goes along to another page: the reader's language and digits, and the day that they look at.
    private static readonly string[] Kept = ["lang", "asOf", "knownAt", "nu"];

    // What a page alone understands.
    private static readonly string[] OfPages = ["view", "nu"];

    public string Path => path;

    /// <summary>What is chosen; null where nothing is.</summary>
    public string? this[string name] => query.GetValueOrDefault(name);

    /// <summary>This page with other things chosen; null takes a choice back.</summary>
    public string With(params ReadOnlySpan<(string Name, string? Value)> changes) => prefix + path + Query(Changed(Names, changes));

    /// <summary>Another page or file of the site, in the same language and as of the same day.</summary>
    public string To(string other, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        var (address, mark) = other.IndexOf('#', StringComparison.Ordinal) is > 0 and var at ? (other[..at], other[at..]) : (other, "");
        return prefix + address + Query(Changed(Kept, more)) + mark;
    }

    /// <summary>What the API says of the same, in the same language and as of the same day.</summary>
    /// <param name="operation">Its path.</param>
    public string Api(string operation, params ReadOnlySpan<(string Name, string? Value)> asked) => prefix + operation + Query(Changed([.. Kept.Except(OfPages)], asked));

    /// <summary>What the API has of now alone, in the same language.</summary>
    public string Plain(string operation, params ReadOnlySpan<(string Name, string? Value)> asked) => prefix + operation + Query(Changed(["lang"], asked));

    /// <summary>An address of this site as it is written elsewhere: with the host.</summary>
    public string Whole(string address) => origin + address;

    /// <summary>A file that is the same for everybody.</summary>
    public string File(string file) => prefix + file;

    /// <summary>What is chosen here but for some, as a form has to send it along.</summary>
    public IEnumerable<KeyValuePair<string, string>> Without(params string[] names) => Names.Except(names).Where(query.ContainsKey).Select(name => KeyValuePair.Create(name, query[name]));

    private List<KeyValuePair<string, string>> Changed(string[] kept, ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var all = kept.Where(query.ContainsKey).ToDictionary(name => name, name => query[name]);
        var order = kept.ToList();
        foreach (var (name, value) in changes)
        {
            all.Remove(name);
            if (value is not null)
            {
                all.Add(name, value);
            }

            if (!order.Contains(name))
            {
                order.Add(name);
            }
        }

        return [.. order.Where(all.ContainsKey).Select(name => KeyValuePair.Create(name, all[name]))];
    }

    private static string Query(List<KeyValuePair<string, string>> chosen) => new QueryBuilder(chosen).ToQueryString().Value!;
}
