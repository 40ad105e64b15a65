using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Data">The items, in the order asked for.</param>
/// <param name="Next">The address of the next page, or null on the last. Also in the `Link` header.</param>
/// <param name="Count">How many items match in all; only when asked for with `count=true`.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Data,
    string? Next,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Count = null);

/// <summary>A field that lists can be sorted by.</summary>
/// <param name="Name">As in JSON.</param>
/// <param name="Column">The SQL that it is compared by. Never null in the database.</param>
/// <param name="Number">Whether it is compared as a number.</param>
internal sealed record SortField(string Name, string Column, bool Number = false);

/// <summary>The parameters every list takes, and the orders one list can have.</summary>
internal sealed class Paging
{
    // Before the parameters: static fields are initialized in this order.
    private static readonly LocalizedText BadCursor = new(
        "Take the cursor from the `next` of a page with the same filters and the same sort.",
        "خذ المؤشر من الحقل next لصفحة لها المرشحات نفسها والترتيب نفسه.");

    public static readonly QueryParameter<int?> Limit = QueryParameter.Whole("limit", "How many items a page holds.", 1, 500, 50);

    public static readonly QueryParameter<string> Cursor = new("cursor",
        "Where the page starts: taken from the `next` of the page before it. Bound to the filters and the order it was made with.",
        () => new() { Type = Microsoft.OpenApi.JsonSchemaType.String, MaxLength = 400 }, null, text => text.Length <= 400 ? text : null, "invalid_cursor", BadCursor);

    public static readonly QueryParameter<bool?> Count = QueryParameter.Flag("count", "Also count all matching items.");

    public static readonly QueryParameter<string> Lang =
        QueryParameter.OneOf("lang", "The language of names and messages; goes before `Accept-Language`.", Languages.Codes);

    private readonly SortField[] _fields;
    private readonly string _standard;
    private QueryParameter[] _own = [];

    /// <param name="standard">The order without `sort`, such as `-announcedOn`.</param>
    /// <param name="tie">The unique column that breaks ties.</param>
    public Paging(string standard, string tie, params SortField[] fields)
    {
        _fields = fields;
        _standard = standard;
        Tie = tie;
        var words = fields.SelectMany(f => new[] { f.Name, "-" + f.Name }).ToArray();
        Sort = QueryParameter.OneOf("sort", "The order; a hyphen in front means descending. Ties are broken by id.", words, standard: standard);
    }

    public QueryParameter<string> Sort { get; }

    public string Tie { get; }

    /// <summary>A list's own parameters and the ones all lists take.</summary>
    public QueryParameter[] With(params QueryParameter[] own) => [.. _own = own, Sort, Limit, Cursor, Count];

    /// <summary>Reads the order and the cursor of a request, and checks the ranges of its filters.</summary>
    public bool TryRead(ReadRequest request, [NotNullWhen(true)] out Keyset? keyset, [NotNullWhen(false)] out Invalid? invalid)
    {
        var sort = request.Get(Sort) ?? _standard;
        var descending = sort[0] == '-';
        var field = _fields.Single(f => f.Name == sort.TrimStart('-'));
        keyset = new Keyset(this, field, descending, request);
        invalid = null;
        if (QueryParameter.Reversed(request, _own) is { Count: > 0 } reversed)
        {
            keyset = null;
            invalid = new Invalid(Refusal.Invalid(reversed));
            return false;
        }

        if (request.Get(Cursor) is { } cursor && !keyset.TryResume(cursor))
        {
            keyset = null;
            invalid = new Invalid(Refusal.Invalid(new Fault("?cursor", "invalid_cursor", BadCursor)));
            return false;
        }

        return true;
    }

    /// <summary>One request's place in the order: what SQL needs to start there, and what the next page needs to go on.</summary>
    internal sealed class Keyset
    {
        private readonly Paging _paging;
        private readonly ReadRequest _request;
        private readonly string _filters;
        private (object Key, object Tie)? _after;

        public Keyset(Paging paging, SortField field, bool descending, ReadRequest request)
        {
            (_paging, Field, Descending, _request) = (paging, field, descending, request);
            // The cursor is bound to everything that decides what is listed and in which order.
            var hash = Fnv.Hash(Fnv.Hash(Fnv.Start, request.Context.Request.Path.Value), (descending ? "-" : "") + field.Name);
            foreach (var (name, value) in request.Context.Request.Query.OrderBy(q => q.Key, StringComparer.Ordinal))
            {
                if (name is not ("cursor" or "limit" or "count" or "lang" or "sort"))
                {
                    hash = Fnv.Hash(Fnv.Hash(hash, name), value);
                }
            }

            _filters = hash.ToString("x16", CultureInfo.InvariantCulture);
        }

        public SortField Field { get; }

        public bool Descending { get; }

        public int Limit => _request.Get(Paging.Limit) ?? 50;

        /// <summary>ORDER BY and LIMIT; one row more than the page, to know whether there is a next one.</summary>
        /// <param name="column">Where the sort field stands in this query, if not in its own column.</param>
        /// <param name="tie">Where the tiebreak stands.</param>
        public string OrderSql(string? column = null, string? tie = null)
        {
            (column, tie) = (column ?? Field.Column, tie ?? _paging.Tie);
            return column == tie ? $"ORDER BY {column}{Direction} LIMIT @take" : $"ORDER BY {column}{Direction}, {tie}{Direction} LIMIT @take";
        }

        private string Direction => Descending ? " DESC" : "";

        public bool TryResume(string cursor)
        {
            try
            {
                var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('\n');
                if (parts.Length != 4 || parts[0] != _filters || parts[3] is not ("n" or "t"))
                {
                    return false;
                }

                object key = Field.Number ? long.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : parts[1];
                object tie = parts[3] == "n" ? long.Parse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : parts[2];
                _after = (key, tie);
                return true;
            }
            catch (FormatException)
            {
                return false;
            }
            catch (OverflowException)
            {
                return false;
            }
        }

        /// <summary>Narrows the filter to what comes after the cursor, and adds the parameters of <see cref="OrderSql"/>.</summary>
        public Filter Apply(Filter filter, string? column = null, string? tie = null)
        {
            (column, tie) = (column ?? Field.Column, tie ?? _paging.Tie);
            filter = filter.Copy().With("@take", Limit + 1);
            if (_after is not { } after)
            {
                return filter;
            }

            var beyond = Descending ? "<" : ">";
            return column == tie
                ? filter.Where($"{column} {beyond} @afterKey").With("@afterKey", after.Key)
                : filter.Where($"({column}, {tie}) {beyond} (@afterKey, @afterTie)").With("@afterKey", after.Key).With("@afterTie", after.Tie);
        }

        /// <summary>The page that the rows make.</summary>
        /// <param name="rows">At most one more than the page holds.</param>
        /// <param name="place">A row's sort key and tiebreak, as <see cref="OrderSql"/> compares them.</param>
        public Page<TItem> Page<TRow, TItem>(List<TRow> rows, Func<TRow, (object Key, object Tie)> place, Func<TRow, TItem> item, long? count)
        {
            string? next = null;
            if (rows.Count > Limit)
            {
                rows.RemoveRange(Limit, rows.Count - Limit);
                next = Next(place(rows[^1]));
            }

            return new Page<TItem>(rows.ConvertAll(row => item(row)), next, count);
        }

        /// <summary>The address of the page behind this one, which goes into the `Link` header as well.</summary>
        /// <param name="last">The sort key and the tiebreak of this page's last row.</param>
        public string Next((object Key, object Tie) last)
        {
            var (key, tie) = last;
            key = key is DateOnly date ? Iso.Date(date) : key;
            var next = Address(string.Create(CultureInfo.InvariantCulture, $"{_filters}\n{key}\n{tie}\n{(tie is long ? 'n' : 't')}"));
            _request.Context.Response.Headers.Link = $"<{next}>; rel=\"next\"";
            return next;
        }

        private string Address(string cursor)
        {
            var address = new StringBuilder(_request.Context.Request.Path.Value).Append('?');
            foreach (var (name, value) in _request.Context.Request.Query)
            {
                if (name is not ("cursor" or "count"))
                {
                    address.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value.ToString())).Append('&');
                }
            }

            return address.Append("cursor=").Append(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(cursor))).ToString();
        }
    }
}
