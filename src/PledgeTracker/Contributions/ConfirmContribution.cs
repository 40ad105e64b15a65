using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Contributions;

/// <summary>The other party to a contribution says that it is so, instead of recording it a second time.</summary>
internal sealed class ConfirmContribution : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/contributions/{id}/confirmations", Handle).Writes("ConfirmContribution", "Contributions",
        "Confirm a contribution", "The donor or the recipient says that what another party recorded is so. A recorder confirms for its own organization; " +
        "an editor names the organization.", Role.Recorder).Refuses(403, 404);

    /// <param name="OrganizationId">Who confirms; only needed from editors.</param>
    public sealed record Request(string? OrganizationId = null, LocalizedText? Note = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.OrganizationId).IsSlug();
            RuleFor(r => r.Note).IsText(4000);
        }
    }

    /// <param name="id" example="019b76da-a800-812c-979a-e8b431cc74cd">The contribution's id.</param>
    private static Task<Recorded<Contribution<LocalizedText>>> Handle(string id, WriteRequest<Request> request, ChangeLog log) => request.RecordAsync<Contribution<LocalizedText>>(new Rules(), write =>
    {
        if (VerifyContribution.Entry.Find(write, id) is not { } entry)
        {
            return Refusal.Missing($"There is no contribution {id}.", $"لا توجد مساهمة بالمعرف {id}.");
        }

        var body = request.Body;
        if ((body.OrganizationId ?? request.Caller.OrganizationId) is not { } organization)
        {
            return Refusal.Invalid(new Fault("/organizationId", "required", new("Say which organization confirms.", "اذكر الجهة التي تؤكد.")));
        }

        var references = new References(write);
        references.Organization("/organizationId", organization);
        if (references.Faults.Count > 0)
        {
            return references.Faults;
        }

        if (!request.Caller.SpeaksFor(organization) || (organization != entry.DonorId && organization != entry.RecipientId && organization != entry.PaidBy))
        {
            return new Refusal("forbidden", new($"{organization} is no party to this contribution, or this key does not speak for it.",
                $"ليست {organization} طرفا في هذه المساهمة، أو أن هذا المفتاح لا يتحدث باسمها."));
        }

        if (entry.Reversed || organization == entry.RecordedFor || write.First<long?>(
                "SELECT no FROM confirmation WHERE entry_no = @no AND organization_id IN (SELECT id FROM organization WHERE id = @organization OR merged_into = @organization)",
                ("@no", entry.No), ("@organization", organization)) is not null)
        {
            return Refusal.Conflict("It was reversed, or this organization recorded or confirmed it already.", "أُلغيت المساهمة، أو سبق أن سجلتها هذه الجهة أو أكدتها.",
                $"/v1/contributions/{id}");
        }

        log.Append(write, request.Caller.Actor, "confirmed", "contribution", id, body with { OrganizationId = organization }, pledgeId: entry.PledgeId);
        write.Execute("""
            INSERT INTO confirmation (entry_no, organization_id, note_en, note_ar, recorded_at, recorded_by) VALUES (@no, @organization, @noteEn, @noteAr, @at, @by)
            """,
            ("@no", entry.No), ("@organization", organization), ("@noteEn", body.Note?.En), ("@noteAr", body.Note?.Ar), ("@at", write.At), ("@by", request.Caller.Id));
        return GetContribution.Load(write, id, request.View)!;
    });
}
