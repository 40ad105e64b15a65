using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Contributions;

/// <summary>An editor found a contribution to be right, or disputes it. The entry itself is not touched.</summary>
internal sealed class VerifyContribution : IEndpoint
{
    private static readonly string[] States = ["verified", "disputed"];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/contributions/{id}/verifications", Handle).Writes("VerifyContribution", "Contributions",
        "Verify or dispute a contribution", "Contributions arrive `reported`. The last finding is shown; all of them stay in the history.", Role.Editor).Refuses(404);

    /// <param name="State">`verified` or `disputed`.</param>
    /// <param name="Note">What was found; needed for a dispute.</param>
    public sealed record Request(string? State = null, LocalizedText? Note = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.State).Needed().IsOneOf(States);
            RuleFor(r => r.Note).IsText(4000);
            RuleFor(r => r.Note).Needed().When(r => r.State == "disputed");
        }
    }

    /// <param name="id" example="019b76da-a800-812c-979a-e8b431cc74cd">The contribution's id.</param>
    private static Task<Recorded<Contribution<LocalizedText>>> Handle(string id, WriteRequest<Request> request, ChangeLog log) => request.RecordAsync<Contribution<LocalizedText>>(new Rules(), write =>
    {
        if (Entry.Find(write, id) is not { } entry)
        {
            return Refusal.Missing($"There is no contribution {id}.", $"لا توجد مساهمة بالمعرف {id}.");
        }

        var body = request.Body;
        log.Append(write, request.Caller.Actor, body.State!, "contribution", id, body, pledgeId: entry.PledgeId);
        write.Execute("INSERT INTO verification (entry_no, state, note_en, note_ar, recorded_at, recorded_by) VALUES (@no, @state, @noteEn, @noteAr, @at, @by)",
            ("@no", entry.No), ("@state", body.State), ("@noteEn", body.Note?.En), ("@noteAr", body.Note?.Ar), ("@at", write.At), ("@by", request.Caller.Id));
        write.Execute("UPDATE contribution SET verification = @state WHERE entry_no = @no", ("@state", body.State), ("@no", entry.No));
        return GetContribution.Load(write, id, request.View)!;
    });

    /// <summary>The entry of a contribution, and who is concerned with it.</summary>
    internal sealed record Entry
    {
        public required long No { get; init; }

        public required string PledgeId { get; init; }

        public required string DonorId { get; init; }

        public string? RecipientId { get; init; }

        public string? PaidBy { get; init; }

        public string? RecordedFor { get; init; }

        public required bool Reversed { get; init; }

        public static Entry? Find(Write write, string id) => write.First<Entry>("""
            SELECT e.no, p.id AS pledge_id, c.donor_id, (SELECT coalesce(merged_into, id) FROM organization WHERE id = p.recipient_id) AS recipient_id,
                   (SELECT coalesce(merged_into, id) FROM organization WHERE id = e.paid_by) AS paid_by,
                   (SELECT coalesce(merged_into, id) FROM organization WHERE id = e.recorded_for) AS recorded_for, c.reversed
            FROM ledger_entry e JOIN contribution c ON c.entry_no = e.no JOIN pledge p ON p.no = e.pledge_no WHERE e.id = @id
            """, ("@id", id));
    }
}
