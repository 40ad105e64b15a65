using Dapper;

namespace PledgeTracker.Data;

/// <summary>
/// The WHERE of a query whose filters are optional: constant clauses with their parameters, only those that were asked for. (An
/// <c>(@x IS NULL OR …)</c> would keep the planner from any index.)
/// </summary>
public sealed class Filter
{
    // A word that finds more rows than this is no place to begin; one that more texts have says nothing.
    private const int Few = 50_000;
    private const int Many = 200_000;

    private readonly List<string> _clauses = [];

    /// <summary>For Dapper: what the clauses name.</summary>
    public DynamicParameters Parameters { get; } = new();

    /// <summary>`WHERE …`, or nothing.</summary>
    public string Sql => _clauses.Count == 0 ? "" : "WHERE " + string.Join("\n  AND ", _clauses);

    public Filter Where(string clause)
    {
        _clauses.Add(clause);
        return this;
    }

    /// <summary>Adds the clause where there is a value for its parameter.</summary>
    /// <param name="clause">Names the parameter, such as <c>p.fund_id = @fund</c>.</param>
    /// <param name="name">Of the parameter, without the @.</param>
    public Filter Where(string clause, string name, object? value) => value is null ? this : Where(clause).With(name, value);

    /// <summary>
    /// Days within a range, where some are known to the month or the year only: those that stand for a day of it. The bounds of the column itself are plain, so
    /// that along an index no more than a year is walked in vain.
    /// </summary>
    /// <param name="precision">The column that says so: `month` or `year`.</param>
    public Filter WhereOverlaps(string day, string precision, DateOnly? from, DateOnly? to)
    {
        if (from is { } first)
        {
            Where($"{day} >= @fromYear").With("fromYear", Period.Of(first, "year").First);
            Where($"({day} >= @from OR {precision} = 'year' OR ({precision} = 'month' AND {day} >= @fromMonth))")
                .With("from", first).With("fromMonth", Period.Of(first, "month").First);
        }

        if (to is { } last)
        {
            Where($"{day} <= @toYear").With("toYear", Period.Of(last, "year").Last);
            Where($"({day} <= @to OR {precision} = 'year' OR ({precision} = 'month' AND {day} <= @toMonth))")
                .With("to", last).With("toMonth", Period.Of(last, "month").Last);
        }

        return this;
    }

    /// <summary>The column is one of these values, where there are any. Of a single one it is an equation, which is walked along an index.</summary>
    /// <param name="clause">Makes the clause of the condition, where the column stands in another table.</param>
    public Filter WhereAny(Engine engine, string column, string name, IReadOnlyList<string>? values, Func<string, string>? clause = null) =>
        values is null ? this : Where((clause ?? (any => any))(AnyOf(engine, column, name, values)));

    /// <summary>The same condition alone, for a clause of several; its parameter is added.</summary>
    public string AnyOf(Engine engine, string column, string name, IReadOnlyList<string> values)
    {
        With(name, values.Count == 1 ? values[0] : values.ToList());
        return values.Count == 1 ? $"{column} = @{name}" : engine.AnyOf(column, "@" + name);
    }

    /// <summary>Adds the clause where it is asked for.</summary>
    public Filter Where(string clause, bool asked) => asked ? Where(clause) : this;

    /// <summary>All the folded words of a text must occur in a column of folded text. For tables that are small enough to be read through.</summary>
    public Filter WhereWords(string column, string? text) => WhereEachWord(text, (_, like) => $"{column} LIKE {like}");

    /// <summary>Each folded word of a text must be found. A text of signs alone, in which there is no word to look for, finds nothing.</summary>
    /// <param name="found">Makes the clause that finds a word, from the parameters that are the word and what it is like.</param>
    public Filter WhereEachWord(string? text, Func<string, string, string> found)
    {
        foreach (var (word, like) in WithWords(text))
        {
            Where(found(word, like));
        }

        return this;
    }

    /// <summary>
    /// The same of words that are looked for in a large table. Where one finds few rows of it they are selected, and the list begins with them. One that finds many is looked for in
    /// each row that is walked: a page is full soon, and to select them all would take longer than anybody waits.
    /// </summary>
    /// <param name="number">The column that the numbers are of.</param>
    /// <param name="finding">Makes of a word the statement that selects the numbers of what has it in a text of its own, the one that does by the names of what it names, and the clause
    /// that says by these names of a row whether it is found.</param>
    /// <returns>Whether it begins with what is selected.</returns>
    /// <exception cref="Refused">Texts have it everywhere.</exception>
    public async Task<bool> WhereEachWordAsync(Session session, string? text, string number, Func<string, string, (string InTexts, string ByNames, string IsByNames)> finding)
    {
        var words = WithWords(text).Select(w => (w.Word, Found: finding(w.Word, w.Like))).ToList();
        if (words.Count == 0)
        {
            return true;
        }

        // How many each finds, and no further than it matters, in one statement.
        var counts = ((IDictionary<string, object>)await session.Sql.QueryFirstAsync(
            $"SELECT {string.Join(", ", words.Select((w, i) => $"{Counted(w.Found.InTexts, Many)} AS texts{i}, {Counted(All(w.Found), Few)} AS all{i}"))}", Parameters)).Values.Cast<long>().ToArray();
        if (words.Index().Any(w => counts[(2 * w.Index) + 1] == 0))
        {
            // Where one finds nothing, all of them together do not either.
            Where("1 = 0");
            return true;
        }

        // What finds least is where it begins.
        var isFew = false;
        foreach (var (i, (word, (inTexts, _, isByNames))) in words.Index().OrderBy(w => counts[(2 * w.Index) + 1]))
        {
            if (counts[2 * i] > Many)
            {
                throw Refused.Invalid(new Fault("?q", "too_many_found", new(
                    $"Leave out '{Parameters.Get<string>(word)}', or send a longer word: more than {Many:#,0} have it in their texts.",
                    $"احذف \u2068{Parameters.Get<string>(word)}\u2069 أو أرسل كلمة أطول: ترد في نصوص أكثر من {Many:#,0}.")));
            }

            var found = counts[(2 * i) + 1];
            isFew |= found <= Few;
            Where(found <= Few ? $"{number} IN ({All(words[i].Found)})" : $"({isByNames} OR {number} IN ({inTexts}))");
        }

        return isFew;

        static string All((string InTexts, string ByNames, string IsByNames) word) => $"{word.InTexts} UNION ALL {word.ByNames}";

        static string Counted(string numbers, int most) => $"(SELECT count(*) FROM (SELECT 1 FROM ({numbers}) s LIMIT {most + 1}) c)";
    }

    private IEnumerable<(string Word, string Like)> WithWords(string? text)
    {
        var words = SearchText.Words(text ?? "");
        Where("1 = 0", text is not null && words.Length == 0);
        for (var i = 0; i < words.Length; i++)
        {
            // Folded words are letters and digits: nothing in them means anything to LIKE.
            With($"word{i}", words[i]).With($"like{i}", $"%{words[i]}%");
            yield return ($"@word{i}", $"@like{i}");
        }
    }

    public Filter With(string name, object? value)
    {
        Parameters.Add(name, value);
        return this;
    }

    /// <summary>The same filter, to be narrowed further without changing this one.</summary>
    public Filter Copy()
    {
        var copy = new Filter();
        copy._clauses.AddRange(_clauses);
        copy.Parameters.AddDynamicParams(Parameters);
        return copy;
    }
}
