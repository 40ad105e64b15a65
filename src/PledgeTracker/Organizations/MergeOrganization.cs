namespace PledgeTracker.Organizations;

/// <summary>
/// Two organizations turn out to be one: the old id leads to the survivor, and all figures follow. Nothing in the ledger is rewritten; the
/// entries keep the name they were made under, and everything derived from them speaks of the survivor.
/// </summary>
public sealed class MergeOrganization : Writes<MergeOrganization.Request, Organization>
{
    public sealed record Request
    {
        /// <summary>The organization that turns out to be the other.</summary>
        /// <example>irq-mof</example>
        [RouteParam]
        public string Id { get; init; } = "";

        /// <summary>The organization that stays.</summary>
        /// <example>irq</example>
        [RouteParam]
        public string Other { get; init; } = "";
    }

    public sealed class Rules : Validator<Request>;

    public override void Configure()
    {
        Post("/v1/organizations/{id}/merge-into/{other}");
        Tells("Organizations", "Merge an organization into another",
            "The old id answers 308 to the new one from then on, and all figures follow; nothing in the ledger is rewritten.", Role.Editor, refusals: [404]);
    }

    protected override async Task<Made<Organization>> WriteAsync(Request request, Write write)
    {
        var (id, other) = (request.Id, request.Other);
        foreach (var named in (string[])[id, other])
        {
            (await OrganizationRow.FindAsync(write, named) ?? throw await GetOrganization.MissingAsync(write, named)).ThrowIfMerged();
        }

        if (id == other)
        {
            throw Refused.Conflict("An organization cannot be merged into itself.", "لا يمكن دمج الجهة في نفسها.");
        }

        // The entries under the donors' names of before, while those names still hold.
        var before = new List<Posting>();
        foreach (var no in await write.Sql.QueryAsync<long>("SELECT pledge_no FROM line WHERE donor_id = @id ORDER BY pledge_no", new { id }))
        {
            before.Add(await Posting.OpenAsync(write, no));
        }

        var version = await ChangeLog.AppendAsync(write, "merged", "organization", id, new { into = other });
        await ChangeLog.MergeAsync(write, id, other);
        await write.Sql.ExecuteAsync("UPDATE organization SET merged_into = @other, version = @version WHERE id = @id OR merged_into = @id", new { id, other, version });
        await write.Sql.ExecuteAsync("UPDATE contribution SET donor_id = @other, version = 0 WHERE donor_id = @id", new { id, other });
        await write.Sql.ExecuteAsync("UPDATE api_key SET organization_id = @other WHERE organization_id = @id", new { id, other });
        foreach (var posting in before)
        {
            await (await Posting.OpenAsync(write, posting.Header.No)).SettleAsync(posting.Entries, version);
        }

        var shown = (await OrganizationRow.FindAsync(write, other))!.ToOrganization();
        return new(shown, $"/v1/organizations/{other}", shown.Version);
    }
}
