using System.Data.Common;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PledgeTracker.Pledges;

namespace PledgeTracker.Redactions;

/// <summary>
/// Blanks the free text of one record: in its row and its citations, in the changes that tell of it, in answers that are kept for retries, in the index of words, and
/// wherever the same words were copied when a pledge was reclassified or an entry replaced or reversed. It is itself a change, and names what it left of each change.
/// </summary>
public sealed class RedactRecord : Writes<RedactRecord.Request, Redaction>
{
    /// <param name="Entity">What it is, as `entity` of its changes says.</param>
    /// <param name="Id">The record's id; a contribution's is its entry's.</param>
    /// <param name="Reason">Why. It stays public: do not repeat in it what is to go.</param>
    public sealed record Request(string? Entity = null, string? Id = null, LocalizedText? Reason = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Entity).Needed().IsOneOf(Vocabulary.Redactable);
            RuleFor(r => r.Id).Needed().IsSlug();
            RuleFor(r => r.Reason).Needed().IsText(20_000);
        }
    }

    /// <summary>Every column of free text: its table, its name, and what it is called in JSON.</summary>
    internal static IEnumerable<(string Table, string Column, string Member)> FreeTexts =>
        from place in ((string Table, string[] Texts)[])[.. Tables.Values.Select(table => (table.Table, table.Texts)), ("citation", Cited), ("verification", Noted), ("confirmation", Noted)]
        from column in place.Texts
        select (place.Table, column, NameOf(column));

    private static readonly string[] Noted = ["note_en", "note_ar"];
    private static readonly string[] Described = ["description_en", "description_ar"];
    private static readonly string[] Cited = ["quote", "note_en", "note_ar"];

    /// <summary>The tables of records: each with its key, its free text, the column of citations that names it, and whether it has a version to move.</summary>
    private static readonly Dictionary<string, (string Table, string Key, string[] Texts, string? Carries, bool Moves)> Tables = new()
    {
        ["organization"] = ("organization", "id", Described, null, true),
        ["fund"] = ("fund", "id", Described, null, true),
        ["event"] = ("event", "id", Described, "event_id", true),
        ["source"] = ("source", "id", Noted, null, true),
        ["requirement"] = ("requirement", "no", ["stated_by_en", "stated_by_ar", .. Noted], "requirement_no", false),
        ["shortfall"] = ("shortfall", "no", ["stated_by_en", "stated_by_ar", .. Noted], "shortfall_no", false),
        ["indicator"] = ("indicator", "no", Noted, "indicator_no", true),
        ["pledge"] = ("pledge", "no", [.. Described, .. Noted], "pledge_no", true),
        ["entry"] = ("ledger_entry", "no", ["reference", .. Noted], "entry_no", false),
    };

    public override void Configure()
    {
        Post("/v1/redactions");
        Tells("Redactions", "Redact a record",
            "Blanks the free text of a record (descriptions, notes, quotes, references, reasons of reversals, who stated something) wherever it is shown and in its changes, and the same words where they were " +
            "copied to by a reclassification, a replacement or a reversal. Amounts, days, names, ids and hashes stay, and `verify` tells what was redacted from what was tampered with. " +
            "It cannot be undone; `dryRun=true` says what would go. Backups that were made before still hold the text.",
            Role.Admin, example: new Request("contribution", "019b76da-a800-812c-979a-e8b431cc74cd", new("It named a private person", "ورد فيه اسم شخص")));
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => FindAsync(session, request, faults);

    protected override async Task<Made<Redaction>> WriteAsync(Request request, Write write)
    {
        var faults = new Faults();
        var pledge = await FindAsync(write, request, faults);
        faults.ThrowIfAny();
        var (entity, id, reason) = (request.Entity!, request.Id!, request.Reason!);
        var rows = pledge is { } no ? await OfLedgerAsync(write, id, await RelatedAsync(write, no)) : await OfRecordAsync(write, entity, id);
        var changes = (await write.Sql.QueryAsync<Logged>($"""
            SELECT seq, entity_id, body, body_hash FROM change
            WHERE {(pledge is null ? "entity = @entity AND entity_id = @id" : write.Engine.AnyOf("pledge_id", "@list"))} ORDER BY seq
            """, new { entity, id, list = rows.Where(row => row.Entity == "pledge").Select(row => row.Id).Distinct().ToList() })).AsList();

        // All that the record says or ever said; and the same words wherever they stand beside it.
        var (texts, members) = (new HashSet<string>(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var row in rows.Where(row => row.IsOwn))
        {
            texts.UnionWith(row.Texts.Values.OfType<string>());
            members.UnionWith(row.Texts.Where(text => row.Id == id && text.Value is not null).Select(text => NameOf(text.Key)));
        }

        var bodies = changes.ConvertAll(change => (Change: change, Body: JsonNode.Parse(change.Body)!));
        bodies.RemoveAll(change => (string)change.Body["action"]! == RedactionChange.Action);
        foreach (var (member, text) in bodies.Where(change => change.Change.EntityId == id).SelectMany(change => FreeText.Of(change.Body)))
        {
            texts.Add(text);
            members.Add(member);
        }

        var blanked = new List<(Logged Change, JsonNode Body)>();
        foreach (var change in bodies)
        {
            if (FreeText.Blank(change.Body, texts))
            {
                blanked.Add(change);
            }
        }

        rows.ForEach(row => row.Blank(texts));
        if (blanked.Count == 0 && !rows.Exists(row => row.IsBlanked))
        {
            throw Refused.Conflict("Nothing is left of it to redact: it has no free text.", "لم يبق فيه ما يُحجب: ليس فيه نص حر.",
                await write.Sql.QueryFirstOrDefaultAsync<string>("SELECT id FROM redaction WHERE entity_id = @id LIMIT 1", new { id }) is null ? null : $"/v1/redactions?record={id}");
        }

        // The tables let it happen under a redaction whose change is still to come.
        var (redaction, sequence) = (write.NewId(), (await Data.Head.OfAsync(write.Sql)).Sequence + 1);
        await write.Sql.ExecuteAsync("""
            INSERT INTO redaction (seq, id, entity, entity_id, reason_en, reason_ar, recorded_at, recorded_by) VALUES (@sequence, @redaction, @entity, @id, @En, @Ar, @At, @by)
            """, new { sequence, redaction, entity, id, reason.En, reason.Ar, write.At, by = write.By.Id });
        var touched = rows.Where(row => row.IsBlanked).Select(row => row.Id).Append(id).ToHashSet();
        foreach (var row in rows.Where(row => row.IsBlanked || (row.IsRecord && touched.Contains(row.Id))))
        {
            await row.StoreAsync(write, sequence);
        }

        var left = new List<RedactedChange>();
        foreach (var (change, parsed) in blanked)
        {
            var body = parsed.ToJsonString(Json.Options);
            left.Add(new(change.Seq, Convert.ToHexStringLower(Chain.BodyHash(body))));
            await write.Sql.ExecuteAsync("UPDATE change SET body = @body, body_hash = @hash, redacted_by = @sequence WHERE seq = @Seq",
                new { body, hash = change.BodyHash ?? Chain.BodyHash(change.Body), sequence, change.Seq });
        }

        if (pledge is not null)
        {
            await MoveAsync(write, sequence, rows, touched);
            await BlankFlowsAsync(write, sequence, rows, texts);
        }

        await ForgetAnswersAsync(write, touched, texts);
        var copies = rows.Where(row => row.IsBlanked && row.Id != id).Select(row => new RedactedRecord(row.Entity, row.Id)).Distinct().ToList();
        await ChangeLog.AppendAsync(write, RedactionChange.Action, entity, id, new RedactionChange(redaction, reason, [.. members], copies, left),
            pledgeId: rows.Find(row => row.IsRecord && row.Id == id)!.PledgeId,
            fundId: entity is "requirement" or "shortfall" or "indicator" ? await write.Sql.QueryFirstAsync<string?>($"SELECT fund_id FROM {Tables[entity].Table} WHERE id = @id", new { id }) : null);
        return new((await write.Sql.QueryFirstAsync<RedactionRow>($"{RedactionRow.Select} WHERE r.id = @redaction", new { redaction })).ToRedaction(Reader));
    }

    protected override async Task AfterAsync()
    {
        try
        {
            await Db.Engine.ForgetAsync();
        }
        catch (DbException fault)
        {
            // What was redacted is, and is shown to nobody; what the engine has not overwritten yet it overwrites in time.
            Logger.LogWarning(fault, "A redaction is on the disk; what it blanked was not yet cleared from the database's files");
        }
    }

    /// <summary>The pledge that the record belongs to, by its number, where it is one or stands under one; a fault where there is no such record.</summary>
    private static async Task<long?> FindAsync(Session session, Request request, Faults faults)
    {
        if (request is not { Entity: { } entity, Id: { } id } || !Vocabulary.Redactable.Contains(entity))
        {
            return null;
        }

        var found = await session.Sql.QueryFirstOrDefaultAsync<string>(entity switch
        {
            "pledge" => "SELECT id FROM pledge WHERE id = @id",
            "contribution" => "SELECT e.id FROM ledger_entry e JOIN contribution c ON c.entry_no = e.no WHERE e.id = @id",
            _ => $"SELECT id FROM {Tables[entity].Table} WHERE id = @id",
        }, new { id });
        if (found is null)
        {
            var nearest = Tables.TryGetValue(entity, out var table) && table.Key == "id" ? await References.NearestAsync(session, table.Table, id) : null;
            faults.Add("/id", "unknown_reference", $"There is no {entity} {id}.{(nearest is null ? "" : $" Did you mean {nearest}?")}",
                $"لا يوجد سجل من نوع {entity} بالمعرف {id}.{(nearest is null ? "" : $" هل تقصد {nearest}؟")}");
        }

        return entity switch
        {
            "pledge" => await NoAsync("SELECT no FROM pledge WHERE id = @id"),
            "contribution" or "entry" => await NoAsync("SELECT pledge_no FROM ledger_entry WHERE id = @id"),
            _ => null,
        };

        Task<long?> NoAsync(string sql) => session.Sql.QueryFirstOrDefaultAsync<long?>(sql, new { id });
    }

    /// <summary>The pledge, and those that it was made from or into: by reclassifications, and by replacements of what stands under them.</summary>
    private static async Task<List<long>> RelatedAsync(Write write, long pledge) => (await write.Sql.QueryAsync<long>("""
        WITH RECURSIVE related (no) AS (
            SELECT no FROM pledge WHERE no = @pledge UNION SELECT w.other FROM related r JOIN (
                SELECT no, reclassifies_no AS other FROM pledge WHERE reclassifies_no IS NOT NULL
                UNION ALL SELECT reclassifies_no, no FROM pledge WHERE reclassifies_no IS NOT NULL
                UNION ALL SELECT e.pledge_no, o.pledge_no FROM ledger_entry e JOIN ledger_entry o ON o.no = e.replaces_no WHERE e.replaces_no IS NOT NULL
                UNION ALL SELECT o.pledge_no, e.pledge_no FROM ledger_entry e JOIN ledger_entry o ON o.no = e.replaces_no WHERE e.replaces_no IS NOT NULL) w ON w.no = r.no)
        SELECT no FROM related
        """, new { pledge })).AsList();

    /// <summary>A record that stands for itself, with its citations.</summary>
    private static async Task<List<TextRow>> OfRecordAsync(Write write, string entity, string id)
    {
        var (table, key, texts, carries, _) = Tables[entity];
        var rows = await ReadAsync(write, table, texts, id, $"SELECT t.{key} AS key, '{entity}' AS entity, t.id, t.id AS own, NULL AS pledge, {Columns("t", texts)} FROM {table} t WHERE t.id = @id", new { id });
        if (carries is not null)
        {
            rows.AddRange(await ReadAsync(write, "citation", Cited, id, $"""
                SELECT c.no AS key, '{entity}' AS entity, t.id, t.id AS own, NULL AS pledge, {Columns("c", Cited)} FROM citation c JOIN {table} t ON t.{key} = c.{carries} WHERE t.id = @id
                """, new { id }));
        }

        return rows;
    }

    /// <summary>Pledges with all that stands under them. A reversal is the reversed entry's own: it is shown as the reason for it.</summary>
    private static async Task<List<TextRow>> OfLedgerAsync(Write write, string id, List<long> list)
    {
        const string entry = "'entry' AS entity, e.id, coalesce(o.id, e.id) AS own, p.id AS pledge";
        const string entries = "ledger_entry e JOIN pledge p ON p.no = e.pledge_no LEFT JOIN ledger_entry o ON o.no = e.reverses_no";
        var (pledges, under) = (write.Engine.AnyOf("p.no", "@list"), write.Engine.AnyOf("e.pledge_no", "@list"));
        var (ofPledge, ofEntry) = (Tables["pledge"].Texts, Tables["entry"].Texts);
        return
        [
            .. await ReadAsync(write, "pledge", ofPledge, id, $"SELECT p.no AS key, 'pledge' AS entity, p.id, p.id AS own, p.id AS pledge, {Columns("p", ofPledge)} FROM pledge p WHERE {pledges} ORDER BY p.no", new { list }),
            .. await ReadAsync(write, "ledger_entry", ofEntry, id, $"SELECT e.no AS key, {entry}, {Columns("e", ofEntry)} FROM {entries} WHERE {under} ORDER BY e.no", new { list }),
            .. await ReadAsync(write, "citation", Cited, id, $"SELECT c.no AS key, 'pledge' AS entity, p.id, p.id AS own, p.id AS pledge, {Columns("c", Cited)} FROM citation c JOIN pledge p ON p.no = c.pledge_no WHERE {pledges} ORDER BY c.no", new { list }),
            .. await ReadAsync(write, "citation", Cited, id, $"SELECT c.no AS key, {entry}, {Columns("c", Cited)} FROM {entries} JOIN citation c ON c.entry_no = e.no WHERE {under} ORDER BY c.no", new { list }),
            .. await ReadAsync(write, "verification", Noted, id, $"SELECT v.no AS key, {entry}, {Columns("v", Noted)} FROM {entries} JOIN verification v ON v.entry_no = e.no WHERE {under} ORDER BY v.no", new { list }),
            .. await ReadAsync(write, "confirmation", Noted, id, $"SELECT n.no AS key, {entry}, {Columns("n", Noted)} FROM {entries} JOIN confirmation n ON n.entry_no = e.no WHERE {under} ORDER BY n.no", new { list }),
        ];
    }

    private static string Columns(string table, string[] texts) => string.Join(", ", texts.Select(text => $"{table}.{text}"));

    private static async Task<List<TextRow>> ReadAsync(Write write, string table, string[] texts, string id, string sql, object parameters) =>
        (await write.Sql.QueryAsync(sql, parameters)).Cast<IDictionary<string, object?>>().Select(row => new TextRow
        {
            Table = table,
            Key = row["key"]!,
            Entity = (string)row["entity"]!,
            Id = (string)row["id"]!,
            PledgeId = (string?)row["pledge"],
            IsOwn = (string)row["own"]! == id || (string)row["id"]! == id,
            Texts = texts.ToDictionary(text => text, text => (string?)row[text]),
        }).ToList();

    /// <summary>Pledges and contributions show the change; words that are gone find nothing.</summary>
    private async Task MoveAsync(Write write, long sequence, List<TextRow> rows, HashSet<string> touched)
    {
        var list = rows.Where(row => touched.Contains(row.Id)).Select(row => row.PledgeId!).Distinct().ToList();
        await write.Sql.ExecuteAsync($"UPDATE pledge SET version = @sequence WHERE {write.Engine.AnyOf("id", "@list")}", new { sequence, list });
        list = [.. touched];
        await write.Sql.ExecuteAsync($"UPDATE contribution SET version = @sequence WHERE entry_no IN (SELECT no FROM ledger_entry WHERE {write.Engine.AnyOf("id", "@list")})", new { sequence, list });
        foreach (var row in rows.Where(row => row.Table == "pledge" && row.IsBlanked))
        {
            var header = (await PledgeRow.FindAsync(write, row.Id, Reader))!;
            await Posting.IndexTextAsync(write, header.No, LocalizedText.Of(row.Texts["description_en"], row.Texts["description_ar"]), LocalizedText.Of(row.Texts["note_en"], row.Texts["note_ar"]));
        }

        foreach (var row in rows.Where(row => row.Table == "ledger_entry" && row.IsBlanked))
        {
            await Posting.IndexNoteAsync(write, (long)row.Key, LocalizedText.Of(row.Texts["note_en"], row.Texts["note_ar"]));
        }

        await write.Engine.ForgetWordsAsync(write.Sql);
    }

    /// <summary>What another system told of it is kept without the words as well.</summary>
    private static async Task BlankFlowsAsync(Write write, long sequence, List<TextRow> rows, HashSet<string> texts)
    {
        var list = rows.Select(row => row.PledgeId!).Distinct().ToList();
        foreach (var (dataset, number, content) in (await write.Sql.QueryAsync<(string, string, string)>($"""
            SELECT f.dataset, f.external_id, f.content FROM flow f WHERE f.pledge_no IN (SELECT no FROM pledge WHERE {write.Engine.AnyOf("id", "@list")})
            """, new { list })).AsList())
        {
            var told = JsonNode.Parse(content)!;
            if (FreeText.Blank(told, texts))
            {
                // There what is not told is left out.
                foreach (var gone in told.AsObject().Where(member => member.Value is null).Select(member => member.Key).ToList())
                {
                    told.AsObject().Remove(gone);
                }

                await write.Sql.ExecuteAsync("UPDATE flow SET content = @left, version = @sequence WHERE dataset = @dataset AND external_id = @number",
                    new { left = told.ToJsonString(Json.Options), sequence, dataset, number });
            }
        }
    }

    /// <summary>A retry still gets the answer that was given, without the words.</summary>
    private static async Task ForgetAnswersAsync(Write write, HashSet<string> touched, HashSet<string> texts)
    {
        var ids = touched.Select(id => Encoding.UTF8.GetBytes($"\"{id}\"")).ToList();
        var kept = new List<Kept>();
        await foreach (var row in write.Sql.QueryUnbufferedAsync<Kept>("SELECT caller, route, key, answer FROM idempotency"))
        {
            if (ids.Exists(id => row.Answer.AsSpan().IndexOf(id) >= 0))
            {
                kept.Add(row);
            }
        }

        foreach (var row in kept)
        {
            var answer = JsonNode.Parse(row.Answer);
            if (FreeText.Blank(answer, texts))
            {
                await write.Sql.ExecuteAsync("UPDATE idempotency SET answer = @body WHERE caller = @Caller AND route = @Route AND key = @Key",
                    new { body = Encoding.UTF8.GetBytes(answer!.ToJsonString(Json.Options)), row.Caller, row.Route, row.Key });
            }
        }
    }

    /// <summary>What a column is called in JSON.</summary>
    private static string NameOf(string column) => column switch
    {
        "stated_by_en" or "stated_by_ar" => "statedBy",
        _ => column.Split('_')[0],
    };

    /// <summary>A row with free text, of the record or beside it.</summary>
    private sealed record TextRow
    {
        public required string Table { get; init; }
        public required object Key { get; init; }

        /// <summary>The record that it is of: itself, or what cites, verifies or confirms it.</summary>
        public required string Entity { get; init; }

        /// <inheritdoc cref="Entity"/>
        public required string Id { get; init; }

        public required string? PledgeId { get; init; }
        public required bool IsOwn { get; init; }
        public required Dictionary<string, string?> Texts { get; init; }
        public bool IsBlanked { get; private set; }

        public bool IsRecord => Tables[Entity].Table == Table;

        public void Blank(HashSet<string> texts)
        {
            foreach (var (column, text) in Texts.ToList())
            {
                if (text is not null && (IsOwn || texts.Contains(text)))
                {
                    Texts[column] = null;
                    IsBlanked = true;
                }
            }
        }

        public Task<int> StoreAsync(Write write, long sequence)
        {
            var parameters = new DynamicParameters(new { key = Key, sequence });
            foreach (var (column, text) in Texts)
            {
                parameters.Add(column, text);
            }

            var sets = Texts.Keys.Select(column => $"{column} = @{column}");
            if (Table != "citation")
            {
                sets = sets.Append("redacted_by = @sequence");
            }

            if (IsRecord && Tables[Entity].Moves)
            {
                sets = sets.Append("version = @sequence");
            }

            return write.Sql.ExecuteAsync($"UPDATE {Table} SET {string.Join(", ", sets)} WHERE {(IsRecord ? Tables[Entity].Key : "no")} = @key", parameters);
        }
    }

    /// <summary>A change that may tell of the record.</summary>
    private sealed record Logged
    {
        public required long Seq { get; init; }
        public required string EntityId { get; init; }
        public required string Body { get; init; }
        public byte[]? BodyHash { get; init; }
    }

    /// <summary>An answer that is kept for retries.</summary>
    private sealed record Kept
    {
        public required string Caller { get; init; }
        public required string Route { get; init; }
        public required string Key { get; init; }
        public required byte[] Answer { get; init; }
    }
}
