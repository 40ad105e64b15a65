namespace PledgeTracker.Organizations;

/// <summary>One organization.</summary>
public sealed class GetOrganization : Reads<GetOrganization.Request, Organization>
{
    /// <param name="Id" example="undp">The organization's id.</param>
    public sealed record Request(string Id) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/organizations/{id}");
        Tells("Organizations", "One organization", "In both languages. What it pledged and gave stands under `/v1/donors/{id}`.", 404);
        Metadata(new MayHaveMoved());
    }

    protected override async Task<Organization> ReadAsync(Request request, View view)
    {
        var row = await OrganizationRow.FindAsync(view, request.Id) ?? throw await MissingAsync(view, request.Id);
        return row.MergedInto is { } survivor ? throw new Moved($"/v1/organizations/{survivor}") : row.ToOrganization();
    }

    internal static Task<Refused> MissingAsync(Session session, string id) => References.MissingAsync(session, "organization", id, $"There is no organization {id}.", $"لا توجد جهة بالمعرف {id}.");
}
