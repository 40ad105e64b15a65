namespace PledgeTracker.Contributions;

/// <summary>An editor found a contribution to be right, or disputes it. The entry itself is not touched.</summary>
public sealed class VerifyContribution : Writes<VerifyContribution.Request, Contribution<LocalizedText>>
{
    private static readonly string[] States = ["verified", "disputed"];

    /// <param name="State">`verified` or `disputed`.</param>
    /// <param name="Note">What was found; needed for a dispute.</param>
    public sealed record Request(string? State = null, LocalizedText? Note = null)
    {
        /// <summary>The contribution's id.</summary>
        /// <example>019b76da-a800-812c-979a-e8b431cc74cd</example>
        [RouteParam]
        public string Id { get; init; } = "";
    }

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.State).Needed().IsOneOf(States);
            RuleFor(r => r.Note).IsText(20_000);
            RuleFor(r => r.Note).Needed().When(r => r.State == "disputed");
        }
    }

    public override void Configure()
    {
        Post("/v1/contributions/{id}/verifications");
        Tells("Contributions", "Verify or dispute a contribution", "Contributions arrive `reported`. The last finding is shown; all of them stay in the history.",
            Role.Editor, refusals: [404], example: new Request("verified", new("Seen in the bank statement", "شوهدت في كشف الحساب")));
    }

    protected override async Task<Made<Contribution<LocalizedText>>> WriteAsync(Request request, Write write)
    {
        var (id, state) = (request.Id, request.State!);
        var entry = await ConfirmContribution.Entry.FindAsync(write, id) ?? throw GetContribution.Missing(id);
        var version = await ChangeLog.AppendAsync(write, state, "contribution", id, request, pledgeId: entry.PledgeId);
        await write.Sql.ExecuteAsync("""
            INSERT INTO verification (no, entry_no, state, note_en, note_ar, recorded_at, recorded_by)
            VALUES ((SELECT coalesce(max(no), 0) + 1 FROM verification), @No, @state, @noteEn, @noteAr, @At, @by);
            UPDATE contribution SET verification = @state, version = @version WHERE entry_no = @No
            """, new { entry.No, state, version, noteEn = request.Note?.En, noteAr = request.Note?.Ar, write.At, by = write.By.Id });
        return new((await GetContribution.FindAsync(write, id, Reader))!, $"/v1/contributions/{id}");
    }
}
