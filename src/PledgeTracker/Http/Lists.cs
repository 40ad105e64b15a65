using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dapper;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>What every list may be asked.</summary>
public abstract record ListRequest : TableRequest
{
    /// <summary>The order; a hyphen in front means descending. Ties are broken by id.</summary>
    public string? Sort { get; init; }

    /// <summary>How many items a page holds. CSV, XLSX and NDJSON without it are one page with every item.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the page starts: taken from the `next` of the page before it. Bound to the filters and the order it was made with.</summary>
    public string? Cursor { get; init; }

    /// <summary>Also count all matching items.</summary>
    public bool? Count { get; init; }
}

/// <summary>What a list may be asked whose items show when they last changed.</summary>
public abstract record ChangingListRequest : ListRequest
{
    /// <summary>
    /// Only what changed after this version of the dataset, as `Dataset-Version` gave it, in the order of changing; `0` for all. Nothing is left out: what was
    /// reversed or is void shows, too. Send the `Dataset-Version` of the first page the next time. Such a list has no other order.
    /// </summary>
    public string? ChangedSince { get; init; }
}

/// <summary>The rules of what such a list may be asked.</summary>
public abstract class ChangingListRules<TRequest> : ListRules<TRequest>
    where TRequest : ChangingListRequest
{
    protected ChangingListRules(Sorting sorting)
        : base(sorting)
    {
        RuleFor(r => r.ChangedSince).IsDatasetVersion();
        RuleFor(r => r.Sort).Must((r, sort) => sort is null || r.ChangedSince is null).Or("not_allowed",
            "Leave this out: with changedSince the order is that of changing.", "لا ترسل هذه المعلمة: مع changedSince يكون الترتيب بحسب التغيير.");
    }
}

/// <summary>The rules of what every list may be asked.</summary>
public abstract class ListRules<TRequest> : TableRules<TRequest>
    where TRequest : ListRequest
{
    protected ListRules(Sorting sorting)
    {
        RuleFor(r => r.Sort).IsOneOf(sorting.Words, sorting.Standard);
        RuleFor(r => r.Limit).IsWithin(1, 500, 50);
        RuleFor(r => r.Cursor).IsNoLongerThan(400).Or("invalid_cursor", Sorting.BadCursor);
    }
}

/// <summary>A field that a list can be sorted by.</summary>
/// <param name="Name">As in JSON.</param>
/// <param name="Column">The SQL that it is compared by. Never null in the database.</param>
/// <param name="Type">What it is compared as: <c>string</c>, <c>long</c> or <c>DateOnly</c>.</param>
public sealed record SortField(string Name, string Column, Type Type);

/// <summary>The orders that a list can have.</summary>
/// <param name="standard">The one without `sort`, such as `-announcedOn`.</param>
/// <param name="tie">The unique column that breaks ties, and what it is.</param>
public sealed class Sorting(string standard, (string Column, Type Type) tie, params SortField[] fields)
{
    internal static readonly LocalizedText BadCursor = new(
        "Take the cursor from the `next` of a page with the same filters and the same sort.",
        "خذ المؤشر من الحقل next لصفحة لها المرشحات نفسها والترتيب نفسه.");

    /// <summary>The order of changing.</summary>
    /// <param name="table">As the statement calls it: its rows have a version.</param>
    /// <param name="tie">The column that breaks ties, and what it is.</param>
    public static Sorting ByVersion(string table, (string Column, Type Type) tie) => new("version", tie, new SortField("version", $"{table}.version", typeof(long)));

    public string Standard => standard;

    public (string Column, Type Type) Tie => tie;

    public string[] Words { get; } = [.. fields.SelectMany(o => new[] { o.Name, "-" + o.Name })];

    internal (SortField Field, bool Descending) Of(string? sort) =>
        (fields.Single(o => o.Name == (sort ?? standard).TrimStart('-')), (sort ?? standard)[0] == '-');
}

/// <summary>An operation that lists: filtered, in an order, and walked by keyset, so that page 1,000 costs what page 1 does.</summary>
public abstract class Lists<TRequest, TItem> : Reads<TRequest, Page<TItem>>
    where TRequest : ListRequest
    where TItem : class
{
    private const int StandardLimit = 50;
    private const int LargestLimit = 500;
    private const int LongestStretch = 1000;

    // As the databases compare them: texts byte by byte.
    private static readonly Comparer<(object Key, object Tie)> InOrder = Comparer<(object Key, object Tie)>.Create((a, b) => Compare(a.Key, b.Key) is not 0 and var first ? first : Compare(a.Tie, b.Tie));

    // Where a list is walked to its end: the last row that was read, while there are more behind it.
    private bool _isWalked;
    private (object Key, object Tie)? _last;

    private protected sealed override async IAsyncEnumerable<Page<TItem>> PartsAsync(TRequest request, View view)
    {
        _isWalked = request.Limit is null;
        _last = null;
        do
        {
            // Each page has the time of a read, and all of them the moment of the first.
            view.GiveTime();
            yield return await ReadAsync(request, view);
        }
        while (_last is not null && !Pipeline.IsHead(HttpContext));
    }

    /// <summary>One page of rows, and the way to the next.</summary>
    /// <param name="select">The columns and what they are selected from: everything in front of WHERE.</param>
    /// <param name="from">What is counted where `count` is asked for: the FROM that the filter needs.</param>
    /// <param name="place">A row's sort key and tiebreak, as the order compares them.</param>
    protected Task<Page<TRow>> PageAsync<TRow>(
        View view, TRequest request, Sorting sorting, string select, string from, Filter filter, Func<TRow, SortField, (object Key, object Tie)> place)
        where TRow : class =>
        PageAsync(view, request, sorting, (where, order) => $"{select} {where} {order}", where => $"SELECT count(*) {from} {where}", filter, place);

    /// <summary>The same of a list that stands in several tables.</summary>
    /// <param name="page">The statement, made of a WHERE and of an ORDER BY with its LIMIT: each table is walked no further than the page can reach.</param>
    /// <param name="counted">The statement that counts, made of a WHERE.</param>
    protected Task<Page<TRow>> PageAsync<TRow>(View view, TRequest request, Sorting sorting, Func<string, string, string> page, Func<string, string> counted,
        Filter filter, Func<TRow, SortField, (object Key, object Tie)> place)
        where TRow : class =>
        PageAsync(request, sorting, LargestLimit, async (after, take) => (await RowsAsync<TRow>(view, request, sorting, page, filter, after, take), null),
            () => view.Sql.ExecuteScalarAsync<long>(Once(counted(filter.Sql), filter)), place);

    /// <summary>One page of those rows that are wanted, where no statement can tell: they are read stretch by stretch until the page is full, or so many were read for it.</summary>
    /// <param name="most">How many rows are read for one page at most; then it shows what there is, and its next one goes on behind them.</param>
    /// <param name="wanted">Those of some rows that are wanted, in their order.</param>
    protected Task<Page<TRow>> PageAsync<TRead, TRow>(View view, TRequest request, Sorting sorting, string select, Filter filter, int most,
        Func<List<TRead>, Task<List<TRow>>> wanted, Func<TRead, SortField, (object Key, object Tie)> placeOfRead, Func<TRow, SortField, (object Key, object Tie)> place)
        where TRow : class =>
        PageAsync(request, sorting, LargestLimit, async (after, take) =>
        {
            var found = new List<TRow>();
            var (length, left) = (take, most);
            while (true)
            {
                length = Math.Min(length, left);
                var read = await RowsAsync<TRead>(view, request, sorting, (where, order) => $"{select} {where} {order}", filter, after, length);
                found.AddRange(await wanted(read));
                left -= read.Count;
                if (found.Count >= take || read.Count < length)
                {
                    return (found, null);
                }

                after = placeOfRead(read[^1], sorting.Of(request.Sort).Field);
                if (left == 0)
                {
                    return (found, after);
                }

                length = Math.Min(length * 4, LongestStretch);
            }
        }, () => throw new NotSupportedException("What is wanted of them is not counted."), place);

    /// <summary>One page of rows that are all there: few, and in an order that only their reading gave.</summary>
    protected Task<Page<TRow>> PageAsync<TRow>(TRequest request, Sorting sorting, IReadOnlyCollection<TRow> all, Func<TRow, SortField, (object Key, object Tie)> place)
        where TRow : class
    {
        var (order, descending) = sorting.Of(request.Sort);
        // They were read for every page anew: a walk takes them all at once.
        return PageAsync(request, sorting, all.Count, (after, take) =>
        {
            var rows = all.Select(row => (Row: row, Place: place(row, order))).OrderBy(row => row.Place, InOrder).ToList();
            if (descending)
            {
                rows.Reverse();
            }

            return Task.FromResult<(List<TRow>, (object, object)?)>(
                ([.. rows.Where(row => after is not { } last || (descending ? InOrder.Compare(row.Place, last) < 0 : InOrder.Compare(row.Place, last) > 0)).Take(take).Select(row => row.Row)], null));
        }, () => Task.FromResult((long)all.Count), place);
    }

    // Places, cuts and links a page, whatever its rows come from.
    /// <param name="largest">How many rows a page of a walk has.</param>
    /// <param name="rows">At most so many rows behind a place; and the place up to which was read, where that was given up before the end.</param>
    private async Task<Page<TRow>> PageAsync<TRow>(TRequest request, Sorting sorting, int largest,
        Func<(object Key, object Tie)?, int, Task<(List<TRow> Rows, (object Key, object Tie)? GivenUp)>> rows, Func<Task<long>> counted, Func<TRow, SortField, (object Key, object Tie)> place)
        where TRow : class
    {
        var (order, descending) = sorting.Of(request.Sort);
        var question = Question(order, descending);
        var limit = _isWalked ? largest : request.Limit ?? StandardLimit;
        var after = _last ?? (request.Cursor is not { } cursor ? null
            : Place(cursor, question, order.Type, sorting.Tie.Type) ?? throw Refused.Invalid(new Fault("?cursor", "invalid_cursor", Sorting.BadCursor)));
        var (found, last) = await rows(after, limit + 1);
        long? count = request.Count == true ? await counted() : null;
        if (found.Count > limit)
        {
            found.RemoveRange(limit, found.Count - limit);
            last = place(found[^1], order);
        }

        if (_isWalked)
        {
            _last = last;
            return new Page<TRow>(found, null, count);
        }

        var next = last is null ? null : Next(question, last.Value);
        if (next is not null)
        {
            HttpContext.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }

        return new Page<TRow>(found, next, count);
    }

    private static async Task<List<TRow>> RowsAsync<TRow>(
        View view, TRequest request, Sorting sorting, Func<string, string, string> page, Filter filter, (object Key, object Tie)? after, int take)
    {
        var ((order, descending), tie) = (sorting.Of(request.Sort), sorting.Tie);
        var narrowed = filter.Copy().With("take", take);
        if (after is var (key, tieKey))
        {
            var beyond = descending ? "<" : ">";
            narrowed = order.Column == tie.Column
                ? narrowed.Where($"{tie.Column} {beyond} @afterKey").With("afterKey", key)
                : narrowed.Where($"({order.Column}, {tie.Column}) {beyond} (@afterKey, @afterTie)").With("afterKey", key).With("afterTie", tieKey);
        }

        var direction = descending ? " DESC" : "";
        var by = order.Column == tie.Column ? $"{tie.Column}{direction}" : $"{order.Column}{direction}, {tie.Column}{direction}";
        return (await view.Sql.QueryAsync<TRow>(Once(page(narrowed.Sql, $"ORDER BY {by} LIMIT @take"), narrowed))).AsList();
    }

    private static int Compare(object a, object b) => a is string text ? string.CompareOrdinal(text, (string)b) : Comparer<object>.Default.Compare(a, b);

    // Filters make texts without end: Dapper would remember each for good, and saves nothing by it, since what reads rows is kept by type.
    private static CommandDefinition Once(string text, Filter filter) => new(text, filter.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache);

    /// <summary>The sequence of a version of the dataset that the caller has seen; null where none is sent.</summary>
    /// <exception cref="Refused">This dataset never had it.</exception>
    protected static async Task<long?> SinceAsync(View view, string? version) => version is null ? null : await DatasetVersion.SequenceAsync(view, "?changedSince", version);

    // A cursor is bound to everything that decides what is listed and in which order.
    private string Question(SortField order, bool descending)
    {
        var parts = new List<string?> { HttpContext.Request.Path.Value, (descending ? "-" : "") + order.Name };
        foreach (var (name, value) in HttpContext.Request.Query.OrderBy(q => q.Key, StringComparer.Ordinal))
        {
            if (name is not ("cursor" or "limit" or "count" or "lang" or "sort" or "fields" or "hxl" or "bom"))
            {
                parts.Add(name);
                parts.Add(value);
            }
        }

        return Fnv.Of([.. parts]).ToString("x16", CultureInfo.InvariantCulture);
    }

    private static (object Key, object Tie)? Place(string cursor, string question, Type key, Type tie)
    {
        Span<byte> bytes = stackalloc byte[400];
        if (!Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(bytes[..length]).Split('\n');
        return parts.Length == 3 && parts[0] == question && Value(parts[1], key) is { } keyValue && Value(parts[2], tie) is { } tieValue ? (keyValue, tieValue) : null;
    }

    private static object? Value(string text, Type type) =>
        type == typeof(string) ? text.Any(char.IsControl) ? null : text
        : type == typeof(DateOnly) ? Iso.TryParseDate(text, out var day) ? day : null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The address of the page behind this one.</summary>
    private string Next(string question, (object Key, object Tie) last)
    {
        var (key, tie) = last;
        var cursor = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{question}\n{(key is DateOnly day ? Iso.Date(day) : key)}\n{tie}")));
        var address = new StringBuilder(Pipeline.Seen(HttpContext, HttpContext.Request.Path.Value)).Append(Suffixes.Asked(HttpContext)?.Suffix).Append('?');
        foreach (var (name, value) in HttpContext.Request.Query)
        {
            if (name is not ("cursor" or "count"))
            {
                address.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value.ToString())).Append('&');
            }
        }

        return address.Append("cursor=").Append(cursor).ToString();
    }
}
