namespace PledgeTracker.Shortfalls;

/// <summary>One shortfall, reported or computed.</summary>
public sealed class GetShortfall : Reads<GetShortfall.Request, Shortfall<LocalizedText>>
{
    /// <param name="Id" example="019b76da-a800-8e6f-beac-e0365b2a8d65">The id of the statement, or of the requirement.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure()
    {
        Get("/v1/shortfalls/{id}");
        Tells("Shortfalls", "One shortfall", "Reported (by the id of the statement) or computed (by the id of the requirement), with what has come in against it. " +
            "As of a day before it was stated there is none.", 404);
    }

    protected override async Task<Shortfall<LocalizedText>> ReadAsync(Request request, View view)
    {
        var (past, basis) = await Past.WithBasisAsync(request, view, Reader);
        var shown = past is null ? await FindAsync(view, request.Id, Reader) ?? throw Missing(request.Id) : await ThenAsync(request.Id, view, past);
        return shown with { AsOfBasis = basis };
    }

    private static Refused Missing(string id) => Refused.Missing($"There is no shortfall {id}.", $"لا يوجد عجز بالمعرف {id}.");

    private async Task<Shortfall<LocalizedText>> ThenAsync(string id, View view, Past past)
    {
        var (_, own) = await StatedAsync(view, id, past);
        return (await ShortfallRow.ShowAsync(view, await ShortfallRow.ThenAsync(view, [own], Reader), Reader, LocalizedText.Of, past: past)).Shortfalls[0];
    }

    /// <summary>What had been said as of a day of the fund that one was said of, the earliest first, and that one.</summary>
    /// <exception cref="Refused">It had not been said, or was not known.</exception>
    internal static async Task<(List<StatementThen> OfFund, StatementThen Own)> StatedAsync(View view, string id, Past past)
    {
        var said = await view.Sql.QueryFirstOrDefaultAsync<SaidRow>("""
            SELECT 'shortfall' AS kind, fund_id, stated_on, recorded_at, version FROM shortfall WHERE id = @id
            UNION ALL
            SELECT 'requirement' AS kind, fund_id, stated_on, recorded_at, version FROM requirement WHERE id = @id
            """, new { id }) ?? throw Missing(id);
        var ofFund = await Statements.ThenAsync(view, said.Kind, past, [said.FundId]);
        if (ofFund.Find(s => s.Statement.Id == id) is { } own)
        {
            return (ofFund, own);
        }

        throw said.Version > past.Known?.Sequence
            ? Refused.Missing($"Shortfall {id} was not known then: it was recorded at {Iso.Instant(said.RecordedAt)}.", $"لم يكن العجز {id} معروفا حينها: سُجل في {Iso.Instant(said.RecordedAt)}.")
            : Refused.Missing($"Shortfall {id} had not been stated by {past.Day:yyyy-MM-dd}: it was on {said.StatedOn:yyyy-MM-dd}.", $"لم يكن العجز {id} قد أُعلن حتى {past.Day:yyyy-MM-dd}: أُعلن في {said.StatedOn:yyyy-MM-dd}.");
    }

    /// <summary>A shortfall as it is shown, to those who read and in the answers of those who write; null where there is none.</summary>
    internal static async Task<Shortfall<LocalizedText>?> FindAsync(Session session, string id, Reader reader)
    {
        var row = await session.Sql.QueryFirstOrDefaultAsync<ShortfallRow>(ShortfallRow.Select(null, changing: false, reader, "WHERE t.id = @id"), new { id });
        return row is null ? null : (await ShortfallRow.ShowAsync(session, [row], reader, LocalizedText.Of)).Shortfalls[0];
    }

    private sealed record SaidRow
    {
        public required string Kind { get; init; }
        public required string FundId { get; init; }
        public required DateOnly StatedOn { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required long Version { get; init; }
    }
}
