using PledgeTracker.Pledges;

namespace PledgeTracker.Entries;

/// <summary>Corrects an entry that was wrong: a second entry takes it back, and both stay to be read.</summary>
public sealed class ReverseEntry : Writes<ReverseEntry.Request, LedgerEntry>
{
    /// <param name="Reason">Why; it becomes the note of the reversal.</param>
    public sealed record Request(LocalizedText? Reason = null)
    {
        /// <summary>The entry's id; a contribution's id is its entry's.</summary>
        /// <example>019b76da-a800-812c-979a-e8b431cc74cd</example>
        [RouteParam]
        public string Id { get; init; } = "";
    }

    public sealed class Rules : Validator<Request>
    {
        public Rules() => RuleFor(r => r.Reason).Needed().IsText(20_000);
    }

    public override void Configure()
    {
        Post("/v1/entries/{id}/reversal");
        Tells("Entries", "Reverse an entry",
            "For an entry that was entered by mistake: another one with the opposite amount and the same date takes it back, and both stay in the ledger. " +
            "Then record what is right. An entry is reversed at most once; a recorder reverses only its own organization's entries.",
            Role.Recorder, refusals: [403, 404], example: new Request(new("Entered twice", "أُدخل مرتين")), exampleNeeds: Role.Editor);
    }

    protected override async Task<Made<LedgerEntry>> WriteAsync(Request request, Write write)
    {
        var entry = await RecordedEntry.FindAsync(write, request.Id);
        return new(await LedgerEntryRow.ShowAsync(write, await ReverseAsync(write, entry, request.Reason!), Reader), $"/v1/pledges/{entry.PledgeId}/ledger");
    }

    /// <summary>Reverses an entry, whether or not another is to stand in its place. The number of the reversal.</summary>
    internal static async Task<long> ReverseAsync(Write write, RecordedEntry entry, LocalizedText reason)
    {
        if (!write.By.SpeaksFor(entry.Owner ?? ""))
        {
            throw new Refused("forbidden", new("A recorder reverses only its own organization's entries.", "لا يلغي المسجل إلا قيود جهته."));
        }

        var ledger = $"/v1/pledges/{entry.PledgeId}/ledger";
        if (entry.ReversesNo is not null)
        {
            throw Refused.Conflict("This entry is itself a reversal.", "هذا القيد هو نفسه إلغاء لقيد آخر.");
        }

        if (entry.ReversedBy is not null)
        {
            throw Refused.Conflict("This entry is reversed already.", "أُلغي هذا القيد من قبل.", ledger);
        }

        var posting = await Posting.OpenAsync(write, entry.PledgeNo);
        var made = await posting.AddAsync(entry.Opposite(reason));
        posting.ThrowIfShort(entry.MergedInto ?? entry.DonorId, entry.CountsFrom);
        var line = Figures.Live(posting.Entries).FindAll(e => e.DonorId == (entry.MergedInto ?? entry.DonorId));
        if (line.Exists(e => e.Kind is "revision" or "withdrawal") && !line.Exists(e => e.Kind == "pledge"))
        {
            throw Refused.Conflict("A revision or a withdrawal rests on this pledge: reverse that first.", "يستند إلى هذا التعهد تعديل أو سحب: ألغ ذلك أولا.", ledger);
        }

        await posting.SettleAsync(await ChangeLog.AppendAsync(write, "reversed", "entry", entry.Id, new { reversal = made.Id, reason }, pledgeId: entry.PledgeId));
        return made.No;
    }
}
