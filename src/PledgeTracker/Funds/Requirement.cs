namespace PledgeTracker.Funds;

/// <summary>What a fund said it needs.</summary>
public sealed record Requirement<TText>
    where TText : class
{
    [Hxl("#meta+id")]
    public required string Id { get; init; }

    [Hxl("#activity+fund")]
    public required Ref Fund { get; init; }

    /// <summary>IATI budget type: `original` (1) or `revised` (2).</summary>
    [OneOf(nameof(Vocabulary.RequirementKinds))]
    public required string Kind { get; init; }

    /// <summary>Null where the statement names no period.</summary>
    [Hxl("#date+start")]
    public required DateOnly? PeriodStart { get; init; }

    [Hxl("#date+end")]
    public required DateOnly? PeriodEnd { get; init; }

    [Hxl("#value+requirement")]
    public required decimal Amount { get; init; }

    /// <example>USD</example>
    [Hxl("#currency+code")]
    public required string Currency { get; init; }

    [Hxl("#value+requirement+usd")]
    public required decimal AmountUsd { get; init; }

    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string Qualifier { get; init; }

    [Hxl("#date+stated")]
    public required DateOnly StatedOn { get; init; }

    [OneOf(nameof(Vocabulary.DatePrecisions))]
    public required string DatePrecision { get; init; }

    [Hxl("#org+name+stated")]
    public required TText? StatedBy { get; init; }

    [Hxl("#description+note")]
    public required TText? Note { get; init; }

    /// <summary>No later statement of this fund speaks of the same time.</summary>
    public required bool Current { get; init; }

    /// <summary>The id of the next later statement that speaks of the same time.</summary>
    public required string? SupersededBy { get; init; }

    [Hxl("#meta+source")]
    public required IReadOnlyList<Citation> Citations { get; init; }

    /// <summary>Set where an admin blanked free text of it.</summary>
    public required Redacted? Redacted { get; init; }
}

/// <summary>A requirement as it is read, for whatever shows requirements.</summary>
internal sealed record RequirementRow : StatementRow
{
    public required string Kind { get; init; }

    /// <summary>What is selected, and from what, in front of the WHERE that finds <c>requirement t</c>.</summary>
    /// <param name="changing">Whether they go by what changed.</param>
    public static string Select(Reader reader, bool changing = false) => $"SELECT t.kind, {Columns(reader)} {From("requirement", changing)} {Beside("requirement")}";

    /// <summary>SQL for the period of the one requirement of `fund f` that is current, as `only_start` and `only_end`: null where there is none, or several, or it has none.</summary>
    public static readonly string OnlyPeriod = string.Join(", ", ((string[])["start", "end"]).Select(side => $"""
        (SELECT min(t.period_{side}) {From("requirement", changing: false)} WHERE t.fund_id = f.id AND x.no IS NULL HAVING count(*) = 1) AS only_{side}
        """));

    /// <summary>The same of the statements of one fund as they stood as of a day.</summary>
    public static Period? OnlyPeriodOf(IEnumerable<StatementThen> then) =>
        then.Where(s => s.Next is null).ToList() is [{ Statement: { PeriodStart: { } start, PeriodEnd: { } end } }] ? new(start, end) : null;

    /// <summary>Some of them as they stood as of a day, in the order in which they are named.</summary>
    /// <param name="then">Each with the one that superseded it by then.</param>
    public static async Task<List<RequirementRow>> ThenAsync(Session session, IEnumerable<StatementThen> then, Reader reader)
    {
        var all = then.ToList();
        var list = all.ConvertAll(s => s.Statement.Id);
        var rows = list.Count == 0 ? [] : (await session.Sql.QueryAsync<RequirementRow>($"{Select(reader)} WHERE {session.Engine.AnyOf("t.id", "@list")}", new { list })).ToDictionary(row => row.Id);
        return all.ConvertAll(s => rows[s.Statement.Id] with { SupersededBy = s.Next?.Id });
    }

    /// <summary>Rows as they are shown, with their citations.</summary>
    public static async Task<List<Requirement<TText>>> ShowAsync<TText>(Session session, IReadOnlyList<RequirementRow> rows, Reader reader, Func<string?, string?, TText?> text)
        where TText : class
    {
        var citations = await Citations.OfAsync(session, "requirement_no", rows.Select(r => r.No), reader);
        return [.. rows.Select(row => row.ToRequirement(citations[row.No], text))];
    }

    public Requirement<TText> ToRequirement<TText>(IEnumerable<Citation> citations, Func<string?, string?, TText?> text)
        where TText : class => new()
        {
            Id = Id,
            Fund = new Ref(FundId, FundName),
            Kind = Kind,
            PeriodStart = PeriodStart,
            PeriodEnd = PeriodEnd,
            Amount = Words.Currency.Major(AmountMinor, Currency),
            Currency = Currency,
            AmountUsd = Words.Currency.Usd(UsdMinor),
            Qualifier = Qualifier,
            StatedOn = StatedOn,
            DatePrecision = DatePrecision,
            StatedBy = text(StatedByEn, StatedByAr),
            Note = text(NoteEn, NoteAr),
            Current = SupersededBy is null,
            SupersededBy = SupersededBy,
            Citations = [.. citations],
            Redacted = Redacted,
        };
}
