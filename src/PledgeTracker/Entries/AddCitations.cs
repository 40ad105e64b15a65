using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Pledges;
using PledgeTracker.Sources;

namespace PledgeTracker.Entries;

/// <summary>Names further documents that an entry rests on: the same fact told by two documents is one fact with two citations.</summary>
internal sealed class AddCitations : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/entries/{id}/citations", Handle).Writes("AddCitations", "Entries",
        "Cite further sources", "Names documents that an entry rests on, beside those it has. The first entry of a pledge carries the pledge's own citations.",
        Role.Recorder).Refuses(403, 404);

    public sealed record Request(IReadOnlyList<CitationRequest>? Citations = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Citations).HasSome().HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    /// <param name="id" example="019b76da-a800-812c-979a-e8b431cc74cd">The entry's id; a contribution's id is its entry's.</param>
    private static Task<Recorded<LedgerEntry>> Handle(string id, WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller, id, request.Body)
            .Then<Made<LedgerEntry>>(entry => new Made<LedgerEntry>($"/v1/pledges/{entry.PledgeId}/ledger", LedgerEntryRow.Load(write, entry.No, request.View))));

    private static Outcome<EntryToReverse> Record(Write write, ChangeLog log, Caller caller, string id, Request request)
    {
        if (EntryToReverse.Find(write, id) is not { } entry)
        {
            return Refusal.Missing($"There is no entry {id}.", $"لا يوجد قيد بالمعرف {id}.");
        }

        if (!caller.SpeaksFor(entry.RecordedFor is null ? "" : References.Survivor(write, entry.RecordedFor)))
        {
            return new Refusal("forbidden", new("A recorder cites sources for its own organization's entries.", "لا يضيف المسجل مصادر إلا إلى قيود جهته."));
        }

        var references = new References(write);
        Citations.Check(references, request.Citations);
        if (references.Faults.Count > 0)
        {
            return references.Faults;
        }

        var (owner, key) = entry.Kind == "pledge" ? (Citations.OfPledges, entry.PledgeNo) : (Citations.OfEntries, entry.No);
        Citations.Add(write, owner, key, request.Citations);
        var version = log.Append(write, caller.Actor, "cited", "entry", id, request, pledgeId: entry.PledgeId);
        write.Execute("UPDATE pledge SET version = @version WHERE no = @no", ("@version", version), ("@no", entry.PledgeNo));
        return entry;
    }
}
