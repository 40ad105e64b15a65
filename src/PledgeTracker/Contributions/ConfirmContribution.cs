namespace PledgeTracker.Contributions;

/// <summary>The other party to a contribution says that it is so, instead of recording it a second time.</summary>
public sealed class ConfirmContribution : Writes<ConfirmContribution.Request, Contribution<LocalizedText>>
{
    /// <param name="OrganizationId">Who confirms; only needed from editors.</param>
    public sealed record Request(string? OrganizationId = null, LocalizedText? Note = null)
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
            RuleFor(r => r.OrganizationId).IsSlug();
            RuleFor(r => r.Note).IsText(20_000);
        }
    }

    public override void Configure()
    {
        Post("/v1/contributions/{id}/confirmations");
        Tells("Contributions", "Confirm a contribution",
            "The donor or the recipient says that what another party recorded is so. A recorder confirms for its own organization; an editor names the organization.",
            Role.Recorder, refusals: [403, 404], example: new Request("sau"), exampleOf: "sau");
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => FindAsync(session, faults, Caller.Of(HttpContext), request);

    protected override async Task<Made<Contribution<LocalizedText>>> WriteAsync(Request request, Write write)
    {
        var id = request.Id;
        var entry = await Entry.FindAsync(write, id) ?? throw GetContribution.Missing(id);
        var faults = new Faults();
        var organization = await FindAsync(write, faults, write.By, request);
        faults.ThrowIfAny();
        if (!write.By.SpeaksFor(organization!) || (organization != entry.DonorId && organization != entry.RecipientId && organization != entry.PaidBy))
        {
            throw new Refused("forbidden", new($"{organization} is no party to this contribution, or this key does not speak for it.",
                $"ليست {organization} طرفا في هذه المساهمة، أو أن هذا المفتاح لا يتحدث باسمها."));
        }

        if (entry.Reversed || organization == entry.RecordedFor || await write.Sql.QueryFirstOrDefaultAsync<long?>("""
            SELECT no FROM confirmation
            WHERE entry_no = @No AND organization_id IN (SELECT id FROM organization WHERE id = @organization OR merged_into = @organization)
            """, new { entry.No, organization }) is not null)
        {
            throw Refused.Conflict("It was reversed, or this organization recorded or confirmed it already.", "أُلغيت المساهمة، أو سبق أن سجلتها هذه الجهة أو أكدتها.",
                $"/v1/contributions/{id}");
        }

        var version = await ChangeLog.AppendAsync(write, "confirmed", "contribution", id, request with { OrganizationId = organization }, pledgeId: entry.PledgeId);
        await write.Sql.ExecuteAsync("""
            INSERT INTO confirmation (no, entry_no, organization_id, note_en, note_ar, recorded_at, recorded_by)
            VALUES ((SELECT coalesce(max(no), 0) + 1 FROM confirmation), @No, @organization, @noteEn, @noteAr, @At, @by);
            UPDATE contribution SET version = @version WHERE entry_no = @No
            """, new { entry.No, organization, version, noteEn = request.Note?.En, noteAr = request.Note?.Ar, write.At, by = write.By.Id });
        return new((await GetContribution.FindAsync(write, id, Reader))!, $"/v1/contributions/{id}");
    }

    /// <summary>Who confirms; a fault where nobody says so, or there is no such organization.</summary>
    private static async Task<string?> FindAsync(Session session, Faults faults, Caller by, Request request)
    {
        var organization = request.OrganizationId ?? by.OrganizationId;
        if (organization is null)
        {
            faults.Add("/organizationId", "required", "Say which organization confirms.", "اذكر الجهة التي تؤكد.");
        }

        await new References(session, faults).OrganizationAsync("/organizationId", organization);
        return organization;
    }

    /// <summary>The entry of a contribution, and who is concerned with it: merged organizations by the survivor.</summary>
    internal sealed record Entry
    {
        public required long No { get; init; }
        public required string PledgeId { get; init; }
        public required string DonorId { get; init; }
        public string? RecipientId { get; init; }
        public string? PaidBy { get; init; }
        public string? RecordedFor { get; init; }
        public required bool Reversed { get; init; }

        public static Task<Entry?> FindAsync(Write write, string id) => write.Sql.QueryFirstOrDefaultAsync<Entry>("""
            SELECT e.no, p.id AS pledge_id, c.donor_id, (SELECT coalesce(merged_into, id) FROM organization WHERE id = p.recipient_id) AS recipient_id,
                   (SELECT coalesce(merged_into, id) FROM organization WHERE id = e.paid_by) AS paid_by,
                   (SELECT coalesce(merged_into, id) FROM organization WHERE id = e.recorded_for) AS recorded_for, c.reversed
            FROM ledger_entry e JOIN contribution c ON c.entry_no = e.no JOIN pledge p ON p.no = e.pledge_no WHERE e.id = @id
            """, new { id });
    }
}
