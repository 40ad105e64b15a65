using System.Text.Json;
using PledgeTracker.Funds;

namespace PledgeTracker.Imports.Fts;

/// <summary>Some flows of a snapshot, or what plans require: each beside what its dataset told before.</summary>
internal sealed class FtsJob : ImportJob
{
    private const int DroppedAtOnce = 100;

    private readonly Write _write;
    private readonly Import _import;
    private readonly bool _isCsv;

    /// <summary>Whether the dataset was imported before: then what is there for the first time is news.</summary>
    private readonly bool _isLater;

    private readonly OrganizationNames _names;
    private readonly FtsLedger _ledger;
    private readonly DateOnly _today;
    private readonly Dictionary<string, NameSuggestion?> _suggestions = new(StringComparer.Ordinal);

    private FtsJob(Write write, Import import, bool isCsv, bool isLater, OrganizationNames names)
    {
        (_write, _import, _isCsv, _isLater, _names) = (write, import, isCsv, isLater, names);
        (_ledger, _today) = (new FtsLedger(write, names), DateOnly.FromDateTime(write.At.UtcDateTime));
    }

    public static async Task<FtsJob> BeginAsync(Write write, Import import, bool isCsv)
    {
        // Of one that nobody named no snapshot is the next.
        var isLater = import.Dataset != ImportFormat.Unnamed && await write.Sql.QueryFirstOrDefaultAsync<long?>("SELECT no FROM import WHERE dataset = @Dataset AND no < @No AND state = 'done' ORDER BY no LIMIT 1", new { import.Dataset, import.No }) is not null;
        return new FtsJob(write, import, isCsv, isLater, await OrganizationNames.LoadAsync(write, import.Organizations));
    }

    /// <summary>What a request's own rules find wrong with it.</summary>
    public static List<RowFault> Check<TRequest>(IValidator<TRequest> rules, TRequest request) =>
        rules.Check(request).ConvertAll(fault => new RowFault(fault.Pointer.TrimStart('/'), null, fault.Code, fault.Detail));

    public override Task<ReadRow> CheckAsync(ReadRow row)
    {
        if (row is not { Faults.Count: 0, Counted: FtsCounted { Flow: var flow } })
        {
            return Task.FromResult(row);
        }

        var reading = new FtsReading();
        var entry = FtsEntry.Of(flow, _today, reading);
        // What is not incoming is not recorded.
        var faults = flow.IsIncoming ? FtsLedger.Check(flow, entry) : [];
        var organizations = (flow.From.Organizations ?? []).Concat(flow.To.Organizations ?? []).Select(organization => organization.Name).ToList();
        foreach (var name in organizations.FindAll(name => _names.Find(name) is []))
        {
            if (_import.Organizations.TryGetValue(name, out var id))
            {
                faults.Add(new("mapping", null, "unknown_reference", new($"There is no organization {id}, which the mapping gives for {name}.", $"لا توجد جهة بالمعرف {id} الذي يعطيه mapping للاسم {name}.")));
            }
        }

        var named = organizations.ConvertAll(Suggested).OfType<NameSuggestion>().ToList();
        return Task.FromResult(row with { Faults = faults, Notes = [.. row.Notes, .. reading.Notes], Counted = new FtsCounted(flow, named) });
    }

    public override async Task<RowOutcome> ApplyAsync(StagedRow row)
    {
        if (row.Key!.StartsWith(FtsRequirements.KeyOf, StringComparison.Ordinal))
        {
            return await StateAsync(_write, _ledger, JsonSerializer.Deserialize<FtsRequirement>(row.Content, Http.Json.Options)!);
        }

        var (flow, stored) = (FtsFlow.Of(row.Content), await StoredAsync(row.Key));
        var numbers = flow.Numbers;
        flow = flow with { Numbers = null };
        var own = stored.Find(f => f.Dataset == _import.Dataset);
        flow = own is not null && _isCsv ? flow.WithWhatCsvLacks(FtsFlow.Of(own.Content)) : flow;
        if (stored.Find(f => f.IsRedacted) is { } blanked && FtsFlow.Of(blanked.Content) is var left)
        {
            // What an admin blanked does not come back with the next snapshot.
            flow = flow with { Description = left.Description is null ? null : flow.Description, Reference = left.Reference is null ? null : flow.Reference };
        }

        var content = flow.ToJson();
        var returns = own?.SourceState == "dropped";
        if (own is not null && !returns && own.Content == content)
        {
            return new("unchanged", own.PledgeId);
        }

        // Whoever told it first said where its money stands.
        var others = stored.FindAll(f => f != own && f.PledgeNo is not null);
        var (no, state, came) = flow.IsIncoming ? await RecordAsync(flow, own, others, returns) : await LeaveAsync(flow, own, others);
        var difference = Difference(own, flow, content, returns);
        var donor = difference is null ? null : await _ledger.DonorAsync(flow);
        await KeepAsync(flow, content, own, no, state, isEntered: came == "created");
        await FtsNumber.KeepAsync(_write, numbers);
        return new(own is not null ? "changed" : others.Count == 0 ? "created" : came, await PledgeAsync(no),
            difference is null ? null : new(difference, donor, own?.Status, own?.AmountUsd, flow.Status, Cents(flow)));
    }

    /// <summary>Drops a part of what this snapshot does not tell any more.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> DropAsync(Func<bool> hasTime)
    {
        // Where the number of a row could not be read nobody knows which one is missing.
        if (await _write.Sql.QueryFirstOrDefaultAsync<long?>("SELECT no FROM import_row WHERE import_no = @No AND outcome = 'refused' AND key IS NULL LIMIT 1", new { _import.No }) is not null)
        {
            return true;
        }

        // A file of HDX has one sort of flows, such as those that came in, and says nothing of others.
        var among = !_isCsv ? "" : """
            AND f.boundary IN (SELECT t.boundary FROM import_row r JOIN flow t ON t.dataset = @Dataset AND t.external_id = r.key WHERE r.import_no = @No)
            """;
        while (hasTime())
        {
            var gone = (await _write.Sql.QueryAsync<string>($"""
                SELECT f.external_id FROM flow f
                WHERE f.dataset = @Dataset AND f.source_state IS DISTINCT FROM 'dropped' {among} AND NOT EXISTS (SELECT 1 FROM import_row r WHERE r.import_no = @No AND r.key = f.external_id)
                ORDER BY f.external_id LIMIT {DroppedAtOnce}
                """, new { _import.Dataset, _import.No })).AsList();
            foreach (var id in gone)
            {
                await DropAsync(id);
                if (!hasTime())
                {
                    return false;
                }
            }

            if (gone.Count < DroppedAtOnce)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>States what a plan requires, unless that is what was stated last.</summary>
    public static async Task<RowOutcome> StateAsync(Write write, FtsLedger ledger, FtsRequirement required)
    {
        var statement = required.Statement with { FundId = await ledger.FundAsync(required.Plan, required.Countries), StatedOn = required.Statement.StatedOn ?? DateOnly.FromDateTime(write.At.UtcDateTime) };
        var cents = Currency.Minor(statement.Amount!.Value, "USD");
        var same = await write.Sql.QueryFirstOrDefaultAsync<long?>("""
            SELECT r.usd_minor FROM requirement r
            WHERE r.fund_id = @FundId AND r.kind = @Kind AND r.period_start IS NOT DISTINCT FROM @PeriodStart AND r.period_end IS NOT DISTINCT FROM @PeriodEnd
            ORDER BY r.stated_on DESC, r.no DESC LIMIT 1
            """, new { statement.FundId, statement.Kind, statement.PeriodStart, statement.PeriodEnd });
        if (same == cents)
        {
            return new("unchanged", statement.FundId);
        }

        if (new StateRequirement.Rules().Check(statement) is { Count: > 0 } faults)
        {
            throw Refused.Invalid(faults);
        }

        await StateRequirement.RecordAsync(write, statement);
        await FtsNumber.KeepAsync(write, required.Numbers);
        return new(same is null ? "created" : "changed", statement.FundId);
    }

    private static long Cents(FtsFlow flow) => Currency.Minor(flow.Usd, "USD")!.Value;

    // What stands here is brought to what is told; where that cannot be done, because others entered something beside it, it is said that the source tells it otherwise.
    /// <returns>The header, what is to be said of a pledge there, and what came of it in the ledger, as of a row.</returns>
    private async Task<(long? No, string? State, string Came)> RecordAsync(FtsFlow flow, FlowStored? own, List<FlowStored> others, bool returns)
    {
        // What stands is what was told last: of one that this dataset did not tell any more, by another.
        var standing = others.FindAll(f => f.Tells).MaxBy(f => f.Version);
        var before = (returns ? standing ?? own : own ?? standing) ?? others.FirstOrDefault();
        if (await _ledger.HeaderAsync(before?.PledgeNo, flow.Id) is not { } no)
        {
            return (await _ledger.EnterAsync(flow), null, "created");
        }

        var told = before is null ? null : FtsFlow.Of(before.Content);
        // What was taken back because it was dropped, or never entered because it did not come in, is entered whatever it told then.
        var isBack = before is not null && (returns || !before.Tells);
        var same = told is null ? null : told with { Boundary = flow.Boundary, OnBoundary = flow.OnBoundary };
        if (own is null && !isBack && same?.ToJson() == (_isCsv && same is not null ? flow.WithWhatCsvLacks(same) : flow).ToJson())
        {
            return (no, null, "unchanged");
        }

        try
        {
            return await _write.TryAsync(async () =>
            {
                var head = await Head.OfAsync(_write.Sql);
                var (now, wentBack) = await _ledger.FollowAsync(flow, told, no, isBack: isBack && (others.Count > 0 || before!.Boundary != "incoming"), keepsShared: own is null || others.Exists(f => f.Tells));
                return ((long?)now, wentBack ? "changed" : null,
                    (await Head.OfAsync(_write.Sql)).Sequence == head.Sequence ? "unchanged" : "changed");
            });
        }
        catch (Refused)
        {
            return (no, "changed", "unchanged");
        }
    }

    // Money that does not come in is kept, and counts in nothing.
    private async Task<(long? No, string? State, string Came)> LeaveAsync(FtsFlow flow, FlowStored? own, List<FlowStored> others)
    {
        if (own?.PledgeNo is null)
        {
            return (null, null, "unchanged");
        }

        var no = await _ledger.HeaderAsync(own.PledgeNo, flow.Id);
        return (no, others.Exists(f => f.Tells) ? null : await TakeBackAsync(no!.Value, flow.Id) ? "changed" : null, "changed");
    }

    /// <returns>Whether something still stands that is not told like this.</returns>
    private async Task<bool> TakeBackAsync(long no, string id)
    {
        try
        {
            await _write.TryAsync(async () =>
            {
                await _ledger.TakeBackAsync(no, id);
                return true;
            });
        }
        catch (Refused)
        {
            // A refund of it, say, was entered by others: it stands.
        }

        return (await _write.Sql.QueryFirstAsync<string>("SELECT status FROM pledge WHERE no = @no", new { no })) != "void";
    }

    private async Task DropAsync(string id)
    {
        var stored = await StoredAsync(id);
        var own = stored.Find(f => f.Dataset == _import.Dataset)!;
        var flow = FtsFlow.Of(own.Content);
        var no = own.PledgeNo is null ? null : await _ledger.HeaderAsync(own.PledgeNo, id);
        if (no is { } header)
        {
            var others = stored.FindAll(f => f != own && f is { PledgeNo: not null, Tells: true });
            if (others.MaxBy(f => f.Version) is not { } standing)
            {
                await TakeBackAsync(header, id);
            }
            else if (own.Version > standing.Version)
            {
                await GiveWayAsync(flow, FtsFlow.Of(standing.Content), header, isAlone: others.Count == 1);
            }
        }

        var donor = await _ledger.DonorAsync(flow);
        await KeepAsync(flow, own.Content, own, no, "dropped", isEntered: false);
        await _write.Sql.ExecuteAsync("""
            INSERT INTO import_row (import_no, no, page, line, key, outcome, record_id, difference, donor_id, before_status, before_usd)
            VALUES (@No, (SELECT max(no) + 1 FROM import_row WHERE import_no = @No), 0, 0, @id, 'changed', @pledge, 'dropped', @donor, @Status, @AmountUsd)
            """, new { _import.No, id, pledge = await PledgeAsync(no), donor, own.Status, own.AmountUsd });
    }

    // What this dataset told last, and does not tell any more, gives way to what another still tells.
    private async Task GiveWayAsync(FtsFlow dropped, FtsFlow standing, long no, bool isAlone)
    {
        try
        {
            await _write.TryAsync(() => _ledger.FollowAsync(standing.IsOfApi ? standing : standing.WithWhatCsvLacks(dropped), dropped, no, isBack: false, keepsShared: !isAlone));
        }
        catch (Refused)
        {
            // What others entered beside it keeps it as it is.
        }
    }

    private string? Difference(FlowStored? own, FtsFlow flow, string content, bool returns)
    {
        if (own is null)
        {
            return _isLater ? "new" : null;
        }

        var (before, after) = (Array.IndexOf(FtsFlow.Statuses, own.Status), Array.IndexOf(FtsFlow.Statuses, flow.Status));
        var told = FtsFlow.Of(own.Content);
        return returns ? "returned" : after > before ? "advanced" : after < before ? "went_back"
            : own.AmountUsd != Cents(flow) || (told.OriginalAmount, told.OriginalCurrency) != (flow.OriginalAmount, flow.OriginalCurrency) ? "amount_changed" : "changed";
    }

    private async Task<string?> PledgeAsync(long? no) => no is { } stands ? await _ledger.IdOfAsync(stands) : null;

    // What a dataset tells is kept as it tells it now; what it told before stands in the changes.
    private async Task KeepAsync(FtsFlow flow, string content, FlowStored? own, long? no, string? state, bool isEntered)
    {
        var pledge = await PledgeAsync(no);
        var since = state is null ? null : state == own?.SourceState ? own.SourceStateSince : (DateOnly?)_today;
        var (write, id) = (_write, $"{_import.Dataset}/{flow.Id}");
        // Of one that is new and was entered just now the entry tells it all.
        var version = own is null && isEntered ? (await Head.OfAsync(write.Sql)).Sequence
            : own is null ? await ChangeLog.AppendAsync(write, "created", "flow", id, Told(content, state), pledgeId: pledge)
            : await ChangeLog.AppendAsync(write, "amended", "flow", id, Told(content, state), Told(own.Content, own.SourceState), pledge);
        await write.Sql.ExecuteAsync("""
            INSERT INTO flow (dataset, external_id, status, boundary, on_boundary, amount_usd, parent_id, content, pledge_no, source_state, source_state_since, version)
            VALUES (@Dataset, @Id, @Status, @Boundary, @OnBoundary, @usd, @ParentFlowId, @content, @no, @state, @since, @version)
            ON CONFLICT (dataset, external_id) DO UPDATE SET status = excluded.status, boundary = excluded.boundary, on_boundary = excluded.on_boundary, amount_usd = excluded.amount_usd,
                parent_id = excluded.parent_id, content = excluded.content, pledge_no = excluded.pledge_no, source_state = excluded.source_state, source_state_since = excluded.source_state_since,
                version = excluded.version
            """, new { _import.Dataset, flow.Id, flow.Status, flow.Boundary, flow.OnBoundary, usd = Cents(flow), flow.ParentFlowId, content, no, state, since, version });

        object Told(string content, string? state) => new { _import.Dataset, sourceState = state, flow = JsonSerializer.Deserialize<JsonElement>(content) };
    }

    private async Task<List<FlowStored>> StoredAsync(string id) => (await _write.Sql.QueryAsync<FlowStored>("""
        SELECT f.dataset, f.status, f.boundary, f.amount_usd, f.content, f.pledge_no, p.id AS pledge_id, p.redacted_by IS NOT NULL OR EXISTS (SELECT 1 FROM ledger_entry e WHERE e.pledge_no = p.no AND e.redacted_by IS NOT NULL) AS is_redacted, f.source_state, f.source_state_since, f.version
        FROM flow f LEFT JOIN pledge p ON p.no = f.pledge_no WHERE f.external_id = @id ORDER BY f.dataset
        """, new { id })).AsList();

    private NameSuggestion? Suggested(string name)
    {
        if (!_suggestions.TryGetValue(name, out var suggestion))
        {
            _suggestions[name] = suggestion = name != FtsSide.Several && _names.Find(name) is [] && _names.Suggest(name) is [_, ..] near ? new(name, near) : null;
        }

        return suggestion;
    }

    private sealed record FlowStored
    {
        public required string Dataset { get; init; }
        public required string Status { get; init; }
        public required string Boundary { get; init; }
        public required long AmountUsd { get; init; }
        public required string Content { get; init; }
        public long? PledgeNo { get; init; }
        public string? PledgeId { get; init; }
        public bool IsRedacted { get; init; }
        public string? SourceState { get; init; }
        public DateOnly? SourceStateSince { get; init; }

        /// <summary>The change with which it was told last.</summary>
        public required long Version { get; init; }

        /// <summary>Whether it still says that the money came in.</summary>
        public bool Tells => Boundary == "incoming" && SourceState != "dropped";
    }
}
