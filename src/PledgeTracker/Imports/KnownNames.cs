using System.Collections.Immutable;

namespace PledgeTracker.Imports;

/// <summary>What the names of a file mean, of one table: by id, and by whatever else it is called, in spellings that people take for the same.</summary>
internal class KnownNames
{
    private const int MostSuggestions = 5;

    private static readonly Dictionary<string, string> Selects = new()
    {
        ["organization"] = "SELECT id, coalesce(merged_into, id) AS means, name_en, name_ar, aliases FROM organization",
        ["fund"] = "SELECT id, id AS means, name_en, name_ar, aliases FROM fund",
        ["event"] = "SELECT id, id AS means, name_en, name_ar, '[]' AS aliases FROM event",
        ["country"] = "SELECT code AS id, code AS means, NULL AS name_en, NULL AS name_ar, aliases FROM country",
        ["source"] = "SELECT id, id AS means, title_en AS name_en, title_ar AS name_ar, '[]' AS aliases FROM source",
    };

    // By table the names as one dataset has them: the hash of the last change of any of them says which, and none that there was no change. Jobs that follow one another have the same.
    private static ImmutableDictionary<string, (string Hash, Index Names)> _last = ImmutableDictionary<string, (string, Index)>.Empty;

    private readonly Index _names;
    private readonly Index _added = new();

    protected KnownNames(Index names) => _names = names;

    /// <summary>All of a table's names as they are now.</summary>
    public static async Task<KnownNames> LoadAsync(Session session, string table) => new(await ReadAsync(session, table));

    /// <summary>The ids that a name stands for: one, several where several are called so, or none. An id stands for itself, in capitals or not.</summary>
    public virtual IReadOnlyList<string> Find(string name) => _names.Named(name) is { } id || (id = _added.Named(name)) is not null ? [id]
        : SearchText.Fold(name) is { Length: > 0 } folded ? [.. _names.Called(folded).Union(_added.Called(folded)).Order(StringComparer.Ordinal)] : [];

    /// <summary>The ids of what has a name like it, the nearest first: at most five. What was added is not among them.</summary>
    public IReadOnlyList<string> Suggest(string name) => _names.Near.Of(SearchText.Fold(name)).Take(MostSuggestions).ToList();

    /// <summary>Knows one as well that was made since.</summary>
    public void Add(string id, params ReadOnlySpan<string?> names) => _added.Add(id, id, names);

    protected static async Task<Index> ReadAsync(Session session, string table)
    {
        var hash = await session.Sql.QueryFirstOrDefaultAsync<byte[]>($"SELECT hash FROM change WHERE seq = (SELECT max(version) FROM {table})") is { } bytes ? Convert.ToHexString(bytes) : "";
        if (_last.TryGetValue(table, out var last) && last.Hash == hash)
        {
            return last.Names;
        }

        var names = new Index();
        foreach (var row in await session.Sql.QueryAsync<NamedRow>(Selects[table]))
        {
            names.Add(row.Id, row.Means, [row.NameEn, row.NameAr, .. row.Aliases]);
        }

        if (table == "country")
        {
            // Beside those that editors added.
            foreach (var (code, called) in Country.Names)
            {
                names.Add(code, code, [.. called, .. Country.FullNames.GetValueOrDefault(code, [])]);
            }
        }

        ImmutableInterlocked.AddOrUpdate(ref _last, table, (hash, names), (_, _) => (hash, names));
        return names;
    }

    private sealed record NamedRow
    {
        public required string Id { get; init; }
        public required string Means { get; init; }
        public string? NameEn { get; init; }
        public string? NameAr { get; init; }
        public required string[] Aliases { get; init; }
    }

    /// <summary>Ids and folded names.</summary>
    protected sealed class Index
    {
        private readonly Dictionary<string, string> _ids = new(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, ImmutableArray<string>> _called = new(StringComparer.Ordinal);
        private NearNames? _near;

        public NearNames Near => LazyInitializer.EnsureInitialized(ref _near, () => new NearNames(_called.SelectMany(name => name.Value.Select(id => (name.Key, id)))));

        public void Add(string id, string means, ReadOnlySpan<string?> names)
        {
            _ids[id] = means;
            foreach (var name in names)
            {
                if (SearchText.Fold(name) is { Length: > 0 } folded && Called(folded) is var ids && !ids.Contains(means))
                {
                    _called[folded] = ids.Add(means);
                }
            }
        }

        public string? Named(string id) => _ids.GetValueOrDefault(id);

        public ImmutableArray<string> Called(string folded) => _called.GetValueOrDefault(folded, []);
    }

    /// <summary>Finds names that resemble one by what they are made of, three letters at a time: what few names have says more than what many have.</summary>
    protected sealed class NearNames
    {
        private const int LongestName = 300;
        private const int MostLookedAt = 50;
        private const int MostLettersWrong = 2;

        /// <summary>From here on names resemble one another: 1 is the same, 0 has nothing in common.</summary>
        private const double Alike = 0.45;

        private readonly (string Name, string Id, double Length)[] _names;
        private readonly Dictionary<(char, char, char), List<int>> _with = [];

        public NearNames(IEnumerable<(string Name, string Id)> names)
        {
            _names = [.. names.Select(name => (name.Name, name.Id, 0d))];
            foreach (var (i, name) in _names.Index())
            {
                foreach (var part in Parts(name.Name))
                {
                    (_with.TryGetValue(part, out var with) ? with : _with[part] = []).Add(i);
                }
            }

            for (var i = 0; i < _names.Length; i++)
            {
                _names[i].Length = Length(Parts(_names[i].Name));
            }
        }

        /// <summary>The ids of those near it, the nearest first.</summary>
        public IEnumerable<string> Of(string folded)
        {
            if (folded.Length is 0 or > LongestName)
            {
                return [];
            }

            var parts = Parts(folded);
            var shared = new Dictionary<int, double>();
            foreach (var part in parts)
            {
                foreach (var i in _with.GetValueOrDefault(part, []))
                {
                    shared[i] = shared.GetValueOrDefault(i) + (Weight(part) * Weight(part));
                }
            }

            var length = Length(parts);
            var looked = shared.Select(s => (Name: _names[s.Key], Likeness: s.Value / (length * _names[s.Key].Length)))
                .OrderByDescending(s => s.Likeness).ThenBy(s => s.Name.Id, StringComparer.Ordinal).Take(MostLookedAt).ToList();
            // A few wrong letters in a short name leave little of it. More of them make another name of a long one: the government of Spain is not that of Japan.
            var misspelt = Words.Near.Of(folded, looked.Select(s => s.Name.Name), MostLettersWrong);
            return looked.Where(s => s.Name.Name == misspelt).Concat(looked.Where(s => s.Likeness >= Alike)).Select(s => s.Name.Id).Distinct();
        }

        private static HashSet<(char, char, char)> Parts(string folded)
        {
            var padded = $" {folded} ";
            return [.. Enumerable.Range(0, padded.Length - 2).Select(i => (padded[i], padded[i + 1], padded[i + 2]))];
        }

        private double Weight((char, char, char) part) => Math.Log(1 + ((_names.Length + 1d) / (_with.TryGetValue(part, out var with) ? with.Count : 1)));

        private double Length(IEnumerable<(char, char, char)> parts) => Math.Sqrt(parts.Sum(part => Weight(part) * Weight(part)));
    }
}
