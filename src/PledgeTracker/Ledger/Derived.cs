namespace PledgeTracker.Ledger;

/// <summary>Writes everything anew that is derived from the ledger: after a change of the rules, and where it was damaged.</summary>
internal static class Derived
{
    private const int Page = 1000;

    // Tens of megabytes.
    private const int MostTotals = 20_000;

    /// <summary>Has what is derived follow the rules of this program, where those of an older one computed it.</summary>
    public static async Task FollowRulesAsync(Db db, ILogger log)
    {
        await using (var view = await db.ReadAsync(CancellationToken.None))
        {
            if (await FollowsAsync(view))
            {
                return;
            }

            if (view.Head.Sequence > 0)
            {
                log.LogInformation("The figures follow older rules: they are computed anew before anything is answered");
            }
        }

        // Another server may have begun with the same database.
        await db.WriteAsync(Caller.Local, async write =>
            await FollowsAsync(write) || await RebuildAsync(write, (done, all) => log.LogInformation("{Done} of {All} pledges are computed anew", done, all)));
    }

    private static async Task<bool> FollowsAsync(Session session) => await session.Sql.ExecuteScalarAsync<long>("SELECT rules FROM schema") >= Migrations.Known.Rules;

    /// <summary>Settles each header as if all of its entries had just been made. What the ledger says, and the versions of records, stay as they are.</summary>
    /// <param name="tell">Hears how many pledges are done, and of how many, every now and then.</param>
    public static async Task<bool> RebuildAsync(Write write, Action<long, long> tell)
    {
        await write.Engine.WithoutLimitAsync(write.Sql);
        await write.Sql.ExecuteAsync("UPDATE schema SET rules = @Rules, rebuilt = rebuilt + 1", new { Migrations.Known.Rules });
        foreach (var table in (string[])["line", "pledge_country", "contribution_text", "line_day", "fund_day", "total", "total_month", "superseded"])
        {
            await write.Sql.ExecuteAsync($"DELETE FROM {table}");
        }

        // Which change was each one's last only its own row tells.
        await write.Sql.ExecuteAsync("""
            DELETE FROM contribution WHERE entry_no IN (SELECT e.no FROM ledger_entry e WHERE e.reverses_no IS NOT NULL OR e.kind NOT IN ('commitment', 'payment', 'adjustment'));
            INSERT INTO contribution (entry_no, pledge_no, stage, donor_id, fund_id, value_date, reversed, verification, version)
            SELECT e.no, e.pledge_no, CASE WHEN e.amount_minor >= 0 OR e.kind = 'adjustment' THEN e.kind WHEN e.kind = 'payment' THEN 'refund' ELSE 'release' END, coalesce(o.merged_into, o.id),
                   p.fund_id, e.value_date, EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_no = e.no),
                   coalesce((SELECT v.state FROM verification v WHERE v.entry_no = e.no ORDER BY v.no DESC LIMIT 1), 'reported'),
                   -- Where a row was lost, when it last changed is not known any more: whoever asks what did is sent it.
                   (SELECT coalesce(max(seq), 0) FROM change)
            FROM ledger_entry e JOIN pledge p ON p.no = e.pledge_no JOIN organization o ON o.id = e.donor_id
            WHERE e.kind IN ('commitment', 'payment', 'adjustment') AND e.reverses_no IS NULL
            ON CONFLICT (entry_no) DO UPDATE SET pledge_no = excluded.pledge_no, stage = excluded.stage, donor_id = excluded.donor_id, fund_id = excluded.fund_id,
                value_date = excluded.value_date, reversed = excluded.reversed, verification = excluded.verification
            """);
        var all = await write.Sql.ExecuteScalarAsync<long>("SELECT count(*) FROM pledge");
        var totals = new AddedTotals();
        long after = 0, done = 0;
        while (await Posting.PageAsync(write, after) is [.., var last] page)
        {
            var texts = (await write.Sql.QueryAsync<HeaderTexts>("""
                SELECT no, description_en, description_ar, note_en, note_ar, version FROM pledge WHERE no > @after AND no <= @last
                """, new { after, last = last.Header.No })).ToDictionary(text => text.No);
            foreach (var posting in page)
            {
                var (header, text) = (posting.Header, texts[posting.Header.No]);
                await Posting.ListCountriesAsync(write, header.No, header.Origin, header.AnnouncedOn, header.Countries);
                await Posting.IndexTextAsync(write, header.No, new(text.DescriptionEn, text.DescriptionAr), new(text.NoteEn, text.NoteAr));
                await posting.SettleAnewAsync(text.Version, totals);
            }

            if (totals.Count > MostTotals)
            {
                await totals.WriteAsync(write);
            }

            tell(done += page.Count, all);
            after = last.Header.No;
        }

        await totals.WriteAsync(write);
        List<NoteRow> notes;
        after = 0;
        do
        {
            notes = (await write.Sql.QueryAsync<NoteRow>($"""
                SELECT e.no, e.note_en, e.note_ar FROM contribution c JOIN ledger_entry e ON e.no = c.entry_no
                WHERE c.entry_no > @after AND (e.note_en IS NOT NULL OR e.note_ar IS NOT NULL) ORDER BY c.entry_no LIMIT {Page}
                """, new { after })).AsList();
            foreach (var entry in notes)
            {
                await Posting.IndexNoteAsync(write, entry.No, new(entry.NoteEn, entry.NoteAr));
                after = entry.No;
            }
        }
        while (notes.Count == Page);

        await Searched.FollowAllAsync(write);
        await ContributionKeys.RebuildAsync(write);
        foreach (var kind in (string[])["shortfall", "requirement"])
        {
            foreach (var fund in await write.Sql.QueryAsync<string>($"SELECT DISTINCT fund_id FROM {kind}"))
            {
                await Statements.SettleAsync(write, kind, fund);
            }
        }

        return true;
    }

    private sealed record NoteRow
    {
        public required long No { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
    }

    private sealed record HeaderTexts
    {
        public required long No { get; init; }
        public string? DescriptionEn { get; init; }
        public string? DescriptionAr { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public required long Version { get; init; }
    }
}
