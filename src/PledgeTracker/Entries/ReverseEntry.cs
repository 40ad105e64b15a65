using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Pledges;

namespace PledgeTracker.Entries;

/// <summary>Corrects an entry that was wrong: a second entry takes it back, and both stay to be read.</summary>
internal sealed class ReverseEntry : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/entries/{id}/reversal", Handle).Writes("ReverseEntry", "Entries",
        "Reverse an entry",
        "For an entry that was entered by mistake: another one with the opposite amount and the same date takes it back, and both stay in the ledger. " +
        "Then record what is right. An entry is reversed at most once; a recorder reverses only its own organization's entries.",
        Role.Recorder).Refuses(403, 404);

    /// <param name="Reason">Why; it becomes the note of the reversal.</param>
    public sealed record Request(LocalizedText? Reason = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules() => RuleFor(r => r.Reason).Needed().IsText(4000);
    }

    /// <param name="id" example="019b76da-a800-812c-979a-e8b431cc74cd">The entry's id; a contribution's id is its entry's.</param>
    private static Task<Recorded<LedgerEntry>> Handle(string id, WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller, id, request.Body)
            .Then<Made<LedgerEntry>>(made => new Made<LedgerEntry>($"/v1/pledges/{made.PledgeId}/ledger", LedgerEntryRow.Load(write, made.No, request.View))));

    private static Outcome<(long No, string PledgeId)> Record(Write write, ChangeLog log, Caller caller, string id, Request request)
    {
        if (EntryToReverse.Find(write, id) is not { } entry)
        {
            return Refusal.Missing($"There is no entry {id}.", $"لا يوجد قيد بالمعرف {id}.");
        }

        if (!caller.SpeaksFor(entry.RecordedFor is null ? "" : References.Survivor(write, entry.RecordedFor)))
        {
            return new Refusal("forbidden", new("A recorder reverses only its own organization's entries.", "لا يلغي المسجل إلا قيود جهته."));
        }

        if (entry.ReversesNo is not null || entry.ReversedBy is not null)
        {
            return Refusal.Conflict(entry.ReversesNo is not null ? "This entry is itself a reversal." : "This entry is reversed already.",
                entry.ReversesNo is not null ? "هذا القيد هو نفسه إلغاء لقيد آخر." : "أُلغي هذا القيد من قبل.", entry.ReversedBy is null ? null : $"/v1/pledges/{entry.PledgeId}/ledger");
        }

        var posting = Posting.Open(write, entry.PledgeNo);
        var made = posting.Add(caller.Actor, entry.Opposite(write, request.Reason));
        if (posting.Entries.GroupBy(e => e.DonorId).Any(line => !StandsAlone(Figures.Live([.. line]))))
        {
            return Refusal.Conflict("A revision, a withdrawal, a release or a refund rests on this entry: reverse that first.",
                "يستند إلى هذا القيد تعديل أو سحب أو تحرير أو رد: ألغ ذلك أولا.", $"/v1/pledges/{entry.PledgeId}/ledger");
        }

        posting.Settle(log.Append(write, caller.Actor, "reversed", "entry", id, new { reversal = made.Id, request.Reason }, pledgeId: entry.PledgeId));
        return (made.No, entry.PledgeId);
    }

    // What changes a promise needs one that is large enough; what takes money back needs as much of it, in its own currency.
    private static bool StandsAlone(List<Entry> live)
    {
        var promise = live.FindAll(e => e.Kind is "pledge" or "revision" or "withdrawal");
        return (promise.Count == 0 || promise.Exists(e => e.Kind == "pledge"))
            && promise.Sum(e => e.Kind == "withdrawal" ? -e.AmountMinor : e.AmountMinor) >= 0
            && live.Where(e => e.Kind is "commitment" or "payment").GroupBy(e => (e.Kind, e.Currency)).All(group => group.Sum(e => e.AmountMinor) >= 0);
    }
}

/// <summary>An entry as it was made, to be taken back or made again elsewhere.</summary>
internal sealed record EntryToReverse
{
    private const string Columns = """
        e.no, e.id, e.pledge_no, p.id AS pledge_id, e.donor_id, e.kind, e.amount_minor, e.currency, e.usd_minor, e.usd_basis, e.rate_no, e.qualifier,
        e.value_date, e.date_precision, e.recorded_for, e.paid_by, e.reverses_no, e.reference, e.external_id, e.note_en, e.note_ar,
        (SELECT r.id FROM ledger_entry r WHERE r.reverses_no = e.no) AS reversed_by
        """;

    public required long No { get; init; }

    public required string Id { get; init; }

    public required long PledgeNo { get; init; }

    public required string PledgeId { get; init; }

    public required string DonorId { get; init; }

    public required string Kind { get; init; }

    public required long AmountMinor { get; init; }

    public required string Currency { get; init; }

    public required long UsdMinor { get; init; }

    public required string UsdBasis { get; init; }

    public long? RateNo { get; init; }

    public required string Qualifier { get; init; }

    public required DateOnly ValueDate { get; init; }

    public required string DatePrecision { get; init; }

    public string? RecordedFor { get; init; }

    public string? PaidBy { get; init; }

    public long? ReversesNo { get; init; }

    public string? Reference { get; init; }

    public string? ExternalId { get; init; }

    public string? NoteEn { get; init; }

    public string? NoteAr { get; init; }

    public string? ReversedBy { get; init; }

    public static EntryToReverse? Find(Write write, string id) =>
        write.First<EntryToReverse>($"SELECT {Columns} FROM ledger_entry e JOIN pledge p ON p.no = e.pledge_no WHERE e.id = @id", ("@id", id));

    /// <summary>The entries of a header that still count, in the order of making.</summary>
    public static List<EntryToReverse> LiveOf(Write write, long pledgeNo) => write.Query<EntryToReverse>(
        $"SELECT {Columns} FROM ledger_entry e JOIN pledge p ON p.no = e.pledge_no WHERE e.pledge_no = @no ORDER BY e.no", ("@no", pledgeNo))
        .FindAll(e => e.ReversesNo is null && e.ReversedBy is null);

    /// <summary>The entry that takes this one back: same kind and date, exactly the opposite amounts, and the donor under its name of then.</summary>
    public NewEntry Opposite(Write write, LocalizedText? reason) =>
        new(Kind, DonorId, -AmountMinor, Currency, new Usd(-UsdMinor, UsdBasis, RateNo), Qualifier, ValueDate, DatePrecision)
        {
            Survivor = References.Survivor(write, DonorId)!,
            ReversesNo = No,
            Note = reason,
        };

    /// <summary>The same entry again, for another header.</summary>
    public NewEntry Again(Write write) =>
        new(Kind, References.Survivor(write, DonorId)!, AmountMinor, Currency, new Usd(UsdMinor, UsdBasis, RateNo), Qualifier, ValueDate, DatePrecision)
        {
            PaidBy = PaidBy,
            RecordedFor = RecordedFor,
            Reference = Reference,
            ExternalId = ExternalId,
            Note = LocalizedText.Of(NoteEn, NoteAr),
        };
}
