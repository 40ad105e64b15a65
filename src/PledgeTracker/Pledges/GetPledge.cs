namespace PledgeTracker.Pledges;

/// <summary>One pledge, whole.</summary>
public sealed class GetPledge : Reads<GetPledge.Request, Pledge>
{
    /// <param name="Id" example="019b76da-a800-89f3-bf96-67ceab5649cd">The pledge's id.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure()
    {
        Get("/v1/pledges/{id}");
        Tells("Pledges", "One pledge", "With its donors' lines, its figures, both languages of its texts, and the documents it rests on. " +
            "As of a day on which nothing of it counted yet there is none.", 404);
    }

    protected override async Task<Pledge> ReadAsync(Request request, View view)
    {
        var (past, basis) = await Past.WithBasisAsync(request, view, Reader);
        return past is null ? (await FindAsync(view, request.Id, Reader) ?? throw Missing(request.Id)) with { Basis = basis } : await ThenAsync(request.Id, view, past) with { Basis = basis };
    }

    internal static Refused Missing(string id) => Refused.Missing($"There is no pledge {id}.", $"لا يوجد تعهد بالمعرف {id}.");

    /// <summary>A pledge as it is shown, to those who read and in the answers of those who write; null where there is none.</summary>
    internal static async Task<Pledge?> FindAsync(Session session, string id, Reader reader)
    {
        if (await PledgeRow.FindAsync(session, id, reader) is not { } row)
        {
            return null;
        }

        var (donors, movements, citations) = await PledgeRow.PartsAsync(session, [row], reader);
        return new Pledge(row, donors[row.No], movements[row.No], citations[row.No], reader);
    }

    private async Task<Pledge> ThenAsync(string id, View view, Past past)
    {
        var row = await PledgeRow.FindAsync(view, id, Reader) ?? throw Missing(id);
        var entries = (await past.EntriesAsync(view, [row.No]))[row.No].ToList();
        if (entries.Count == 0)
        {
            throw await view.Sql.QueryFirstAsync<DateOnly?>("SELECT min(coalesce(e.counts_from, e.value_date)) FROM ledger_entry e WHERE e.pledge_no = @No AND e.no <= @lastEntry", past.WithEntries(new { row.No })) is { } since
                ? Refused.Missing($"Nothing of pledge {id} counted by {past.Day:yyyy-MM-dd}: the first of it counts from {since:yyyy-MM-dd}.", $"لم يكن شيء من التعهد {id} محسوبا حتى {past.Day:yyyy-MM-dd}: يُحسب أوله من {since:yyyy-MM-dd}.")
                : Refused.Missing($"Pledge {id} was not known then: it was recorded at {Iso.Instant(row.RecordedAt)}.", $"لم يكن التعهد {id} معروفا حينها: سُجل في {Iso.Instant(row.RecordedAt)}.");
        }

        var said = await past.SaidAsync(view, "pledge", [row.Id]);
        var pledge = (said.TryGetValue(row.Id, out var then) ? row.Said(then) : row).Then(entries);
        var (donors, movements, citations) = await PledgeRow.PartsAsync(view, [pledge], Reader);
        return new Pledge(pledge.Row, donors[row.No], movements[row.No], citations[row.No], past.Seen(Reader));
    }
}
