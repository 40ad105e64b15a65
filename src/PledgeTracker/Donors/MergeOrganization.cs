using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Keys;
using PledgeTracker.Ledger;

namespace PledgeTracker.Donors;

/// <summary>
/// Two organizations turn out to be one: the old id leads to the survivor, and all figures follow. Nothing in the ledger is rewritten; the
/// entries keep the name they were made under, and everything derived from them speaks of the survivor.
/// </summary>
internal sealed class MergeOrganization : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/organizations/{id}/merge-into/{other}", Handle).Writes("MergeOrganization", "Organizations",
        "Merge an organization into another", "The old id answers 308 to the new one from then on, and all figures follow; nothing in the ledger is rewritten.", Role.Editor)
        .Refuses(404);

    /// <param name="id" example="irq-mof">The organization that turns out to be the other.</param>
    /// <param name="other" example="irq">The organization that stays.</param>
    private static Task<Recorded<Organization>> Handle(string id, string other, BodilessRequest request, ChangeLog log, KeyRing keys) => request.RecordAsync(write =>
        Record(write, log, keys, request.Caller.Actor, id, other).Then<Made<Organization>>(_ => GetOrganization.Load(write, other)!));

    private static Outcome<string> Record(Write write, ChangeLog log, KeyRing keys, Actor actor, string id, string other)
    {
        foreach (var organization in (ReadOnlySpan<string>)[id, other])
        {
            if (write.First<string>("SELECT id FROM organization WHERE id = @id", ("@id", organization)) is null)
            {
                return Refusal.Missing($"There is no organization {organization}.", $"لا توجد جهة بالمعرف {organization}.");
            }

            if (MovedTo.Survivor(write, organization) is { } survivor)
            {
                return MovedTo.Refused(organization, survivor);
            }
        }

        if (id == other)
        {
            return Refusal.Conflict("An organization cannot be merged into itself.", "لا يمكن دمج الجهة في نفسها.");
        }

        var affected = write.Query<long>("SELECT pledge_no FROM line WHERE donor_id = @id ORDER BY pledge_no", ("@id", id));
        // The entries under the donors' names of before, while those names still hold.
        var before = affected.ToDictionary(no => no, no => Posting.Open(write, no).Entries);
        var version = log.Append(write, actor, "merged", "organization", id, new { into = other });
        write.Execute("UPDATE organization SET merged_into = @other, version = @version WHERE id = @id OR merged_into = @id",
            ("@other", other), ("@version", version), ("@id", id));
        write.Execute("UPDATE contribution SET donor_id = @other WHERE donor_id = @id", ("@other", other), ("@id", id));
        keys.Follow(write, id, other);
        foreach (var no in affected)
        {
            Posting.Open(write, no).Settle(before[no], version);
        }

        return other;
    }
}
