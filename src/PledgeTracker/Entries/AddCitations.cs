using PledgeTracker.Pledges;

namespace PledgeTracker.Entries;

/// <summary>Names further documents that an entry rests on: the same fact told by two documents is one fact with two citations.</summary>
public sealed class AddCitations : Writes<AddCitations.Request, LedgerEntry>
{
    public sealed record Request(IReadOnlyList<CitationRequest>? Citations = null)
    {
        /// <summary>The entry's id; a contribution's id is its entry's.</summary>
        /// <example>019b76da-a800-812c-979a-e8b431cc74cd</example>
        [RouteParam]
        public string Id { get; init; } = "";
    }

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Citations).HasSome().HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    public override void Configure()
    {
        Post("/v1/entries/{id}/citations");
        Tells("Entries", "Cite further sources", "Names documents that an entry rests on, beside those it has. The first entry of a pledge carries the pledge's own citations.",
            Role.Recorder, refusals: [403, 404], example: new Request([new("state-note-2018-07-12")]), exampleNeeds: Role.Editor);
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => new References(session, faults).CitationsAsync(request.Citations);

    protected override async Task<Made<LedgerEntry>> WriteAsync(Request request, Write write)
    {
        var entry = await RecordedEntry.FindAsync(write, request.Id);
        if (!write.By.SpeaksFor(entry.Owner ?? ""))
        {
            throw new Refused("forbidden", new("A recorder cites sources for its own organization's entries.", "لا يضيف المسجل مصادر إلا إلى قيود جهته."));
        }

        var faults = new Faults();
        await new References(write, faults).CitationsAsync(request.Citations);
        faults.ThrowIfAny();
        var (owner, no) = entry.Kind == "pledge" ? ("pledge_no", entry.PledgeNo) : ("entry_no", entry.No);
        await Citations.AddAsync(write, owner, no, request.Citations);
        var version = await ChangeLog.AppendAsync(write, "cited", "entry", entry.Id, request, pledgeId: entry.PledgeId);
        await write.Sql.ExecuteAsync("UPDATE pledge SET version = @version WHERE no = @PledgeNo; UPDATE contribution SET version = @version WHERE entry_no = @No", new { version, entry.PledgeNo, entry.No });
        return new(await LedgerEntryRow.ShowAsync(write, entry.No, Reader), $"/v1/pledges/{entry.PledgeId}/ledger");
    }
}
