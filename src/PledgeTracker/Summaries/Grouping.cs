using System.Globalization;

namespace PledgeTracker.Summaries;

/// <summary>What a row of a summary stands for.</summary>
/// <param name="Kind">One of <see cref="Vocabulary.RowKinds"/>.</param>
/// <param name="Key">Of an item: an id, a code, a word or a year.</param>
internal readonly record struct RowKey(string Kind, string? Key = null)
{
    /// <summary>The items beyond the limit, together.</summary>
    public static readonly RowKey Other = new("other");

    /// <summary>Money for several of what the rows stand for, without a published split.</summary>
    public static readonly RowKey Shared = new("shared");

    public static readonly RowKey None = new("none");

    public static RowKey Of(string? key) => key is null ? None : new("item", key);
}

/// <summary>What a summary can be grouped by: in which rows a line stands, and with what part of it.</summary>
internal sealed record Grouping(IReadOnlyList<string> Dimensions, (int Month, int Day) YearStart, IReadOnlyDictionary<string, string> Types)
{
    public static readonly string[] Words =
        ["donor", "donor-type", "fund", "recipient", "recipient-type", "country", "sector", "event", "instrument", "earmarking", "status", "year", "currency"];

    public static async Task<Grouping> OfAsync(View view, IReadOnlyList<string> dimensions, (int Month, int Day) yearStart) =>
        new(dimensions, yearStart, dimensions.Any(dimension => dimension.EndsWith("-type", StringComparison.Ordinal))
            ? (await view.Sql.QueryAsync<(string, string)>("SELECT id, type FROM organization")).ToDictionary()
            : []);

    /// <summary>The rows that a line stands in, with its sums or its part of them: each is the whole of those it is the way to.</summary>
    public List<(RowKey[] Path, Sums Part)> RowsOf(SummedHeader header, string donorId, Line line)
    {
        var isSplit = Dimensions.Contains("country") && header is { Shared: false, Countries.Length: > 1, Shares.Length: > 0 };
        var (countries, parts) = isSplit ? (header.Countries, Shares.Split(line.Sums, Shares.Of(header.Countries, header.Shares))) : ([], []);
        List<(RowKey[] Path, Sums Part)> all = [], rows = [([], line.Sums)];
        foreach (var dimension in Dimensions)
        {
            rows = isSplit && dimension == "country"
                ? [.. rows.SelectMany(row => countries.Select((country, i) => ((RowKey[])[.. row.Path, RowKey.Of(country)], parts[i])))]
                : rows.ConvertAll(row => ((RowKey[])[.. row.Path, KeyOf(dimension, header, donorId, line)], row.Part));
            all.AddRange(rows);
        }

        return all;
    }

    private RowKey KeyOf(string dimension, SummedHeader header, string donorId, Line line) => dimension switch
    {
        "donor" => RowKey.Of(donorId),
        "donor-type" => RowKey.Of(Types[donorId]),
        "fund" => RowKey.Of(header.FundId),
        "recipient" => RowKey.Of(header.RecipientId),
        "recipient-type" => RowKey.Of(header.RecipientId is { } id ? Types[id] : null),
        "country" => OneOf(header.Countries, header.Shared),
        "sector" => OneOf(header.Sectors, shared: false),
        "event" => RowKey.Of(header.EventId),
        "instrument" => RowKey.Of(header.Instrument),
        "earmarking" => RowKey.Of(header.Earmarking),
        "status" => RowKey.Of(line.Status),
        "year" => RowKey.Of(YearOf(header.AnnouncedOn).ToString(CultureInfo.InvariantCulture)),
        _ => RowKey.Of(header.Currency),
    };

    /// <summary>Of a year that does not begin in January, the calendar year in which it ends.</summary>
    public int YearOf(DateOnly day) => YearStart is (1, 1) || (day.Month, day.Day).CompareTo(YearStart) < 0 ? day.Year : day.Year + 1;

    private static RowKey OneOf(string[] codes, bool shared) => codes.Length == 0 ? RowKey.None : codes.Length > 1 || shared ? RowKey.Shared : RowKey.Of(codes[0]);
}

/// <summary>Money on one day, for each instrument, and how many headers it stands under.</summary>
internal sealed class Pile
{
    private readonly SortedDictionary<string, Sums> _byInstrument = new(StringComparer.Ordinal);
    private long _lastHeader;

    public Sums Sums { get; private set; }

    /// <summary>What the sums are, or were before they were turned into another currency.</summary>
    public Sums Dollars { get; private set; }

    /// <summary>What they are of, where that is measured line by line.</summary>
    public List<MeasuredLine> Lines { get; } = [];

    public int Pledges { get; private set; }

    public IReadOnlyDictionary<string, Sums> ByInstrument => _byInstrument;

    public InstrumentFigures[] Instruments(string currency = "USD") => [.. _byInstrument.Select(i => new InstrumentFigures { Instrument = i.Key, Figures = TotalSet.Of(i.Value, currency) })];

    /// <summary>Lines come header by header.</summary>
    public void Add(SummedHeader header, Sums part)
    {
        Pledges += header.No == _lastHeader ? 0 : 1;
        _lastHeader = header.No;
        Add(header.Instrument, part);
    }

    public void Add(string instrument, Sums sums, int pledges)
    {
        Pledges += pledges;
        Add(instrument, sums);
    }

    /// <summary>A header under both counts in both.</summary>
    public void Add(Pile other)
    {
        Pledges += other.Pledges;
        Lines.AddRange(other.Lines);
        foreach (var (instrument, sums) in other._byInstrument)
        {
            Add(instrument, sums);
        }

        Dollars += other.Dollars - other.Sums;
    }

    /// <summary>Its money becomes the sum of other parts, which are no less exact.</summary>
    public void Become(IEnumerable<(string Instrument, Sums Sums)> parts)
    {
        var exactness = _byInstrument.ToDictionary();
        _byInstrument.Clear();
        var dollars = Dollars;
        Sums = default;
        foreach (var (instrument, sums) in parts)
        {
            Add(instrument, sums);
        }

        foreach (var (instrument, sums) in exactness)
        {
            _byInstrument[instrument] = _byInstrument[instrument].AsExactAs(sums);
        }

        Sums = Sums.AsExactAs(dollars);
        Dollars = dollars;
    }

    private void Add(string instrument, Sums part)
    {
        Sums += part;
        Dollars += part;
        _byInstrument[instrument] = _byInstrument.GetValueOrDefault(instrument) + part;
    }
}

/// <summary>Money in one row, or in all.</summary>
internal sealed class Group
{
    public Dictionary<RowKey, Group> Rows { get; } = [];

    /// <summary>As of the day.</summary>
    public Pile Now { get; } = new();

    /// <summary>As of the day that it is compared to.</summary>
    public Pile Before { get; } = new();

    /// <summary>What was changed of it, by the first day of the period.</summary>
    public Dictionary<DateOnly, Sums> Changes { get; } = [];

    /// <summary>How many items it takes together.</summary>
    public int Folded { get; private set; }

    public Group At(IEnumerable<RowKey> path) => path.Aggregate(this, (group, key) => group[key]);

    public Group this[RowKey key] => Rows.TryGetValue(key, out var row) ? row : Rows[key] = new Group();

    /// <summary>Turns its money into another currency: the parts of each instrument in the innermost rows; the rest are sums of these.</summary>
    public void Convert(Func<long, long> amount)
    {
        foreach (var row in Rows.Values)
        {
            row.Convert(amount);
        }

        foreach (var (own, ofRow) in ((Pile, Func<Group, Pile>)[])[(Now, row => row.Now), (Before, row => row.Before)])
        {
            own.Become(Rows.Count == 0
                ? [.. own.ByInstrument.Select(i => (i.Key, i.Value.Parted(amount)))]
                : Rows.Values.SelectMany(row => ofRow(row).ByInstrument.Select(i => (i.Key, i.Value))));
        }
    }

    /// <summary>Adds what a period changed of it.</summary>
    /// <param name="period">Its first day.</param>
    public void Add(DateOnly period, SummedHeader header, Sums change)
    {
        Now.Add(header, change);
        Changes[period] = Changes.GetValueOrDefault(period) + change;
    }

    /// <summary>Its rows in order, at most so many items, the rest of them together.</summary>
    public List<(RowKey Key, Group Row)> Ordered(string sort, int limit)
    {
        var (field, descending) = (sort.TrimStart('-'), sort[0] == '-');
        var rows = Rows.Select(row => (row.Key, Row: row.Value)).ToLookup(row => row.Key.Kind);
        var items = rows["item"].OrderBy(row => row.Key.Key, StringComparer.Ordinal).ToList();
        if (field != "key")
        {
            // Where that says nothing, of money that nobody had pledged say, what was paid does.
            items = [.. descending ? items.OrderByDescending(row => row.Row.Now.Sums.Figure(field)).ThenByDescending(row => row.Row.Now.Sums.Paid)
                : items.OrderBy(row => row.Row.Now.Sums.Figure(field)).ThenBy(row => row.Row.Now.Sums.Paid)];
        }
        else if (descending)
        {
            items.Reverse();
        }

        List<(RowKey, Group)> ordered = [.. items.Take(limit)];
        if (items.Count > limit)
        {
            var other = new Group();
            items.Skip(limit).ToList().ForEach(row => other.Fold(row.Row, isItem: true));
            ordered.Add((RowKey.Other, other));
        }

        return [.. ordered, .. rows["shared"], .. rows["none"]];
    }

    private void Fold(Group row, bool isItem)
    {
        Folded += isItem ? 1 : 0;
        Now.Add(row.Now);
        Before.Add(row.Before);
        foreach (var (period, change) in row.Changes)
        {
            Changes[period] = Changes.GetValueOrDefault(period) + change;
        }

        foreach (var (key, nested) in row.Rows)
        {
            this[key].Fold(nested, isItem: false);
        }
    }
}
