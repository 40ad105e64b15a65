using System.Reflection;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>A GET as its handler sees it: the checked query, the language, and the way to a snapshot of the data.</summary>
public sealed class ReadRequest
{
    // A body depends on the program that wrote it, too: an answer kept from an older build is not this one's.
    private static readonly ulong Build = Fnv.Hash(Fnv.Start, typeof(ReadRequest).Module.ModuleVersionId.ToString());

    private Dictionary<QueryParameter, object?>? _values;
    private List<Fault>? _faults;
    private (long Version, string Tail)? _tail;

    private ReadRequest(HttpContext context, Operation operation)
    {
        (Context, Reading) = (context, operation);
        Clock = Service<TimeProvider>();
        Today = Clock.Today();
    }

    internal HttpContext Context { get; }

    internal TimeProvider Clock { get; }

    /// <summary>Today in UTC. One value for the whole answer, so that midnight cannot fall inside it.</summary>
    public DateOnly Today { get; }

    public Language Language { get; private set; }

    public View View => new(Language, Today);

    internal IReadOnlyList<Fault> Faults => _faults is null ? [] : _faults;

    internal Operation Reading { get; }

    internal long? DatasetVersion { get; private set; }

    /// <summary>The sequence of the last change of the single resource that is shown; 0 for lists.</summary>
    internal long ResourceVersion { get; set; }

    /// <summary>Binds the parameter of the handlers. A malformed query is answered by the filter before the handler runs.</summary>
    public static ValueTask<ReadRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = new ReadRequest(context, context.GetEndpoint()!.Metadata.GetRequiredMetadata<Operation>());
        request.Parse(request.Reading.Query);
        return ValueTask.FromResult<ReadRequest?>(request);
    }

    internal T? Get<T>(QueryParameter<T> parameter) => _values is not null && _values.TryGetValue(parameter, out var value) ? (T?)value : default;

    /// <summary>A single resource, with its version in the ETag.</summary>
    internal ReadyJson<T> Ok<T>(Made<T> made)
    {
        ResourceVersion = made.Version ?? 0;
        return new ReadyJson<T>(made.Json);
    }

    /// <summary>A snapshot of the data; dispose it before the answer is written.</summary>
    public async ValueTask<Snapshot> OpenAsync()
    {
        var snapshot = await Service<Readers>().OpenAsync(Context.RequestAborted);
        DatasetVersion = snapshot.Version;
        return snapshot;
    }

    /// <summary>
    /// What stands behind the first dot of the ETag: dataset version, UTC date and a hash of the question. The date because windows and
    /// `overdue` turn at midnight without a write.
    /// </summary>
    internal string EntityTagTail(long datasetVersion)
    {
        if (_tail is not { } known || known.Version != datasetVersion)
        {
            var hash = Fnv.Hash(Fnv.Hash(Fnv.Hash(Build, Context.Request.Path.Value), Context.Request.QueryString.Value), Language.Code());
            _tail = known = (datasetVersion, $"{datasetVersion}.{Today:yyyyMMdd}.{hash:x16}");
        }

        return known.Tail;
    }

    /// <summary>One of the services of which there is one.</summary>
    internal T Service<T>()
        where T : notnull => Reading.Services.GetRequiredService<T>();

    private void Parse(QueryContract contract)
    {
        foreach (var (name, values) in Context.Request.Query)
        {
            if (!contract.ByName.TryGetValue(name, out var parameter))
            {
                (_faults ??= []).Add(contract.Unknown(name));
            }
            else if (values.Count != 1)
            {
                (_faults ??= []).Add(new Fault("?" + name, "repeated", new("Send this parameter once.", "أرسل هذه المعلمة مرة واحدة.")));
            }
            else
            {
                var (value, fault) = parameter.Read(values[0]!);
                if (fault is null)
                {
                    (_values ??= []).Add(parameter, value);
                }
                else
                {
                    (_faults ??= []).Add(fault);
                }
            }
        }

        Language = Get(Paging.Lang) is { } code ? Languages.Parse(code) : Languages.Negotiate(Context.Request);
    }
}

/// <summary>What all requests to one read share: its parameters, and the server's services, which without it cost each request a scope.</summary>
internal sealed record Operation(QueryContract Query, IServiceProvider Services);

/// <summary>The query parameters an endpoint takes. Everything else is refused: a misspelt filter must never return everything.</summary>
internal sealed class QueryContract
{
    public static readonly QueryContract Empty = new([]);

    public QueryContract(IEnumerable<QueryParameter> parameters)
    {
        Parameters = [.. parameters];
        ByName = Parameters.ToDictionary(p => p.Name);
    }

    public IReadOnlyList<QueryParameter> Parameters { get; }

    public Dictionary<string, QueryParameter> ByName { get; }

    /// <summary>Whether it is a list that is asked for.</summary>
    public bool IsPaged => ByName.ContainsKey(Paging.Limit.Name);

    public Fault Unknown(string name)
    {
        var nearest = ByName.Keys.MinBy(known => Distance(known, name));
        return nearest is null
            ? new Fault("?" + name, "unknown_parameter", new("This address takes no query parameters.", "لا يقبل هذا العنوان أي معلمات."))
            : new Fault("?" + name, "unknown_parameter", new(
                $"There is no such parameter. Did you mean {nearest}? Known: {string.Join(", ", ByName.Keys)}.",
                $"لا توجد معلمة بهذا الاسم. هل تقصد {nearest}؟ المعلمات المعروفة: {string.Join("، ", ByName.Keys)}."));
    }

    // Levenshtein's distance, letter case aside.
    private static int Distance(string known, string name)
    {
        if (name.Length > 64)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, name.Length + 1).ToArray();
        for (var i = 1; i <= known.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= name.Length; j++)
            {
                var above = row[j];
                var swap = diagonal + (char.ToLowerInvariant(known[i - 1]) == char.ToLowerInvariant(name[j - 1]) ? 0 : 1);
                row[j] = Math.Min(swap, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[^1];
    }
}

/// <summary>FNV-1a, 64 bits: short and the same in every process. Not for secrets.</summary>
internal static class Fnv
{
    public const ulong Start = 14695981039346656037UL;

    public static ulong Hash(ulong hash, string? text)
    {
        foreach (var c in text ?? "")
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return (hash ^ 0xFF) * 1099511628211UL;
    }
}
