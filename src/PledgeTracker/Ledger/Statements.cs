namespace PledgeTracker.Ledger;

/// <summary>What is sent of a statement: a requirement or a reported shortfall.</summary>
internal interface IStatement
{
    string? FundId { get; }
    decimal? Amount { get; }
    string? Currency { get; }
    decimal? AmountUsd { get; }
    string? Qualifier { get; }
    DateOnly? PeriodStart { get; }
    DateOnly? PeriodEnd { get; }
    DateOnly? StatedOn { get; }
    string? DatePrecision { get; }
    LocalizedText? StatedBy { get; }
    LocalizedText? Note { get; }
    IReadOnlyList<CitationRequest>? Citations { get; }
}

/// <summary>A statement as it is read, for whatever shows requirements or shortfalls.</summary>
internal abstract record StatementRow : RedactableRow
{
    /// <summary>What <see cref="Columns"/> are called, in whatever selects from them.</summary>
    public const string Names = """
        no, id, fund_id, fund_name, period_start, period_end, amount_minor, currency, usd_minor, qualifier, stated_on, date_precision, stated_by_en, stated_by_ar, note_en, note_ar,
        version, superseded_by, redaction_id, redacted_at, redaction_en, redaction_ar
        """;

    public required long No { get; init; }
    public required string Id { get; init; }
    public required string FundId { get; init; }
    public string? FundName { get; init; }
    public DateOnly? PeriodStart { get; init; }
    public DateOnly? PeriodEnd { get; init; }
    public required long AmountMinor { get; init; }
    public required string Currency { get; init; }
    public required long UsdMinor { get; init; }
    public required string Qualifier { get; init; }
    public required DateOnly StatedOn { get; init; }
    public required string DatePrecision { get; init; }
    public string? StatedByEn { get; init; }
    public string? StatedByAr { get; init; }
    public string? NoteEn { get; init; }
    public string? NoteAr { get; init; }
    public required long Version { get; init; }
    public string? SupersededBy { get; init; }

    /// <summary>What is selected of statements <c>t</c>.</summary>
    public static string Columns(Reader reader) => $"""
        t.no, t.id, t.fund_id, {reader.Text("f.name")} AS fund_name, t.period_start, t.period_end, t.amount_minor, t.currency, t.usd_minor, t.qualifier, t.stated_on, t.date_precision,
        t.stated_by_en, t.stated_by_ar, t.note_en, t.note_ar, t.version, n.id AS superseded_by, {RedactionColumns}
        """;

    /// <summary>What a filter may ask about: statements <c>t</c>, of which <c>x</c> tells whether they are superseded.</summary>
    /// <param name="kind">As for <see cref="Statements.SettleAsync"/>.</param>
    /// <param name="changing">Whether they go by what changed.</param>
    public static string From(string kind, bool changing) => $"FROM {(changing ? Statements.Changing(kind) : kind)} t LEFT JOIN superseded x ON x.kind = '{kind}' AND x.no = t.no";

    /// <summary>What is joined behind that for <see cref="Columns"/>.</summary>
    /// <param name="kind">As for <see cref="Statements.SettleAsync"/>.</param>
    public static string Beside(string kind) => $"LEFT JOIN {kind} n ON n.no = x.by_no JOIN fund f ON f.id = t.fund_id LEFT JOIN redaction rd ON rd.seq = t.redacted_by";
}

/// <summary>
/// Statements about one fund whose periods overlap, or where one has no period, are readings of one gauge: the later supersedes the
/// earlier, and they are never added up.
/// </summary>
internal static class Statements
{
    /// <summary>Statements with their `version` as that of the change after which they last showed something else: when they were stated, superseded by another, or redacted.</summary>
    /// <param name="kind">As for <see cref="SettleAsync"/>.</param>
    public static string Changing(string kind) => $"""
        (SELECT s.no, s.id, s.fund_id, {(kind == "requirement" ? "s.kind, " : "")}s.period_start, s.period_end, s.amount_minor, s.currency, s.usd_minor, s.qualifier, s.stated_on, s.date_precision,
            s.stated_by_en, s.stated_by_ar, s.note_en, s.note_ar, s.redacted_by,
            CASE WHEN m.version > coalesce(s.redacted_by, s.version) THEN m.version ELSE coalesce(s.redacted_by, s.version) END AS version
        FROM {kind} s LEFT JOIN superseded y ON y.kind = '{kind}' AND y.no = s.no LEFT JOIN {kind} m ON m.no = y.by_no)
        """;

    /// <summary>Records one, for the API and for whatever else brings it. Its id.</summary>
    /// <param name="kind">As for <see cref="SettleAsync"/>.</param>
    /// <param name="requirement">Of a requirement, whether it is original or revised.</param>
    public static async Task<string> StateAsync(Write write, string kind, IStatement said, string? requirement = null)
    {
        var faults = new Faults();
        var usd = await FindAsync(write, faults, said);
        faults.ThrowIfAny();
        var minor = Currency.Minor(said.Amount!.Value, said.Currency!)!.Value;

        var id = write.NewId();
        var version = await ChangeLog.AppendAsync(write, "created", kind, id, said, fundId: said.FundId);
        var no = await write.Sql.QueryFirstAsync<long>($"""
            INSERT INTO {kind} (no, id, fund_id, {(requirement is null ? "" : "kind, ")}period_start, period_end, amount_minor, currency, usd_minor, usd_basis, rate_no, qualifier, stated_on,
                date_precision, stated_by_en, stated_by_ar, note_en, note_ar, recorded_at, recorded_by, version)
            VALUES ((SELECT coalesce(max(no), 0) + 1 FROM {kind}), @id, @FundId, {(requirement is null ? "" : "@requirement, ")}@PeriodStart, @PeriodEnd, @minor, @Currency, @usd, @Basis, @RateNo, @qualifier,
                @StatedOn, @precision, @statedByEn, @statedByAr, @noteEn, @noteAr, @At, @by, @version)
            RETURNING no
            """, new
        {
            id, said.FundId, requirement, said.PeriodStart, said.PeriodEnd, minor, said.Currency, usd = usd.Minor, usd.Basis, usd.RateNo, qualifier = said.Qualifier ?? "exact", said.StatedOn,
            precision = said.DatePrecision ?? "day", statedByEn = said.StatedBy?.En, statedByAr = said.StatedBy?.Ar, noteEn = said.Note?.En, noteAr = said.Note?.Ar, write.At, by = write.By.Id, version,
        });
        await Citations.AddAsync(write, $"{kind}_no", no, said.Citations);
        await SettleAsync(write, kind, said.FundId!);
        return id;
    }

    /// <summary>What is wrong with one beyond its shape; its dollars.</summary>
    public static async Task<Usd> FindAsync(Session session, Faults faults, IStatement said)
    {
        var references = new References(session, faults);
        await references.FundAsync("/fundId", said.FundId);
        await references.CitationsAsync(said.Citations);
        Amounts.NotAfterTomorrow(faults, "/statedOn", said.StatedOn, session.At, precision: said.DatePrecision);
        Amounts.NotFarAhead(faults, "/periodStart", said.PeriodStart, session.At);
        Amounts.NotFarAhead(faults, "/periodEnd", said.PeriodEnd, session.At);
        return await Amounts.UsdAsync(session, faults, said.Amount, said.Currency, said.AmountUsd, said.StatedOn);
    }

    /// <summary>Derives anew which statements of a fund are superseded, and by which: the next later one that speaks of the same time.</summary>
    /// <param name="kind">`shortfall` or `requirement`; also the table's name.</param>
    public static async Task SettleAsync(Write write, string kind, string fundId)
    {
        var statements = await write.Sql.QueryAsync<Statement>($"{Select(kind)} WHERE s.fund_id = @fundId ORDER BY s.stated_on, s.no", new { fundId });
        foreach (var (statement, by) in WithNext([.. statements]).Where(s => s.Statement.SupersededBy != s.Next?.No))
        {
            await write.Sql.ExecuteAsync("""
                INSERT INTO superseded (kind, no, by_no) VALUES (@kind, @No, @by) ON CONFLICT (kind, no) DO UPDATE SET by_no = excluded.by_no
                """, new { kind, statement.No, by = by?.No });
        }
    }

    /// <summary>Derives them anew for every fund, and says what differs from what is stored.</summary>
    public static async Task<List<string>> CheckAsync(Session session)
    {
        var faults = new List<string>();
        foreach (var kind in (string[])["shortfall", "requirement"])
        {
            var statements = await session.Sql.QueryAsync<Statement>($"{Select(kind)} ORDER BY s.stated_on, s.no");
            faults.AddRange(statements.GroupBy(s => s.FundId).SelectMany(fund => WithNext([.. fund])).Where(s => s.Statement.SupersededBy != s.Next?.No)
                .Select(s => $"{kind} {s.Statement.No} of fund {s.Statement.FundId}: not superseded by the statement that should"));
            faults.AddRange((await session.Sql.QueryAsync<long>($"SELECT no FROM superseded WHERE kind = @kind AND no NOT IN (SELECT no FROM {kind})", new { kind }))
                .Select(no => $"{kind} {no}: superseded, and not there"));
        }

        return faults;
    }

    /// <summary>The statements of some funds, or of all, that had been made as of a day, each with the next later one of them that spoke of the same time.</summary>
    /// <param name="kind">As for <see cref="SettleAsync"/>.</param>
    public static async Task<List<StatementThen>> ThenAsync(Session session, string kind, Past past, IReadOnlyList<string>? funds)
    {
        var list = funds?.ToList();
        var statements = await session.Sql.QueryAsync<Statement>($"""
            {Select(kind)} WHERE {Past.HasStatement} {(list is null ? "" : $"AND {session.Engine.AnyOf("s.fund_id", "@list")}")} ORDER BY s.fund_id, s.stated_on, s.no
            """, past.WithStatements(new { list }));
        return [.. statements.GroupBy(s => s.FundId).SelectMany(fund => WithNext([.. fund]))];
    }

    /// <summary>Statements, each with the next later one of them that speaks of the same time.</summary>
    /// <param name="statements">Of one fund and one kind, the earliest first.</param>
    public static IEnumerable<StatementThen> WithNext(List<Statement> statements) =>
        statements.Select((statement, i) => new StatementThen(statement, statements.Skip(i + 1).FirstOrDefault(statement.Overlaps)));

    private static string Select(string kind) => $"""
        SELECT s.no, s.id, s.fund_id, s.period_start, s.period_end, s.stated_on, s.date_precision, s.recorded_at, x.by_no AS superseded_by
        FROM {kind} s LEFT JOIN superseded x ON x.kind = '{kind}' AND x.no = s.no
        """;
}

/// <summary>A statement, as far as others of its fund and the money against it go.</summary>
internal sealed record Statement
{
    public required long No { get; init; }
    public required string Id { get; init; }
    public required string FundId { get; init; }
    public DateOnly? PeriodStart { get; init; }
    public DateOnly? PeriodEnd { get; init; }
    public required DateOnly StatedOn { get; init; }
    public required string DatePrecision { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The number of the one that is kept as superseding it.</summary>
    public long? SupersededBy { get; init; }

    /// <summary>The day from which it is there: its own, or that on which it was recorded where that was earlier.</summary>
    public DateOnly MadeOn => DateOnly.FromDateTime(RecordedAt.UtcDateTime) is var recorded && recorded < StatedOn ? recorded : StatedOn;

    public bool IsOfWholeYears => this is { PeriodStart: { Month: 1, Day: 1 }, PeriodEnd: { Month: 12, Day: 31 } };

    public bool Holds(DateOnly day) => !(day < PeriodStart) && !(day > PeriodEnd);

    /// <summary>Money names years from the first of January of the first to the end of the last.</summary>
    public bool HoldsYears(int first, int last) => Holds(new DateOnly(first, 1, 1)) && Holds(new DateOnly(last, 12, 31));

    public bool Overlaps(Statement other)
    {
        // "Now" and "until July" have no start; they reach back as far as any other.
        var (start, end) = (PeriodStart ?? DateOnly.MinValue, PeriodEnd ?? DateOnly.MaxValue);
        var (otherStart, otherEnd) = (other.PeriodStart ?? DateOnly.MinValue, other.PeriodEnd ?? DateOnly.MaxValue);
        return start <= otherEnd && otherStart <= end;
    }
}

/// <summary>A statement as it stood as of a day.</summary>
/// <param name="Next">The one that had superseded it: the next later one that speaks of the same time.</param>
internal sealed record StatementThen(Statement Statement, Statement? Next)
{
    /// <summary>The last day whose money counts against it: the earlier of its period's end and the next statement; null while there is neither.</summary>
    public DateOnly? WindowEnd => Next is { } next && !(next.StatedOn >= Statement.PeriodEnd) ? next.StatedOn : Statement.PeriodEnd;

    /// <summary>Whether a reported shortfall's window holds a day.</summary>
    public bool HasInWindow(DateOnly day) => Statement.StatedOn < day && !(WindowEnd < day);
}
