using PledgeTracker.Summaries;

namespace PledgeTracker.Organizations;

/// <summary>One donor with its figures.</summary>
public sealed class GetDonor : Reads<GetDonor.Request, Donor>
{
    /// <param name="Id" example="usa">The donor's id.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure()
    {
        Get("/v1/donors/{id}");
        Tells("Donors", "One donor", "An organization that pledged or gave, with its figures over all instruments and for each. " +
            "Restated pledges and money passed on are left out. Its pledges: `/v1/pledges?donor={id}`. As of a day before its first pledge its figures are 0.", 404);
        Metadata(new MayHaveMoved());
    }

    protected override async Task<Donor> ReadAsync(Request request, View view)
    {
        var row = await FindAsync(view, request.Id);
        if (row.MergedInto is { } survivor)
        {
            throw new Moved($"/v1/donors/{survivor}");
        }

        var (past, basis) = await Past.WithBasisAsync(request, view, Reader);
        var (all, byInstrument) = (await Totals.OfAsync(view, "donor", [row.Id], past))[row.Id];
        return new Donor
        {
            Id = row.Id,
            Name = row.Name,
            Type = row.Type,
            Country = row.Country,
            Description = row.Description,
            Figures = TotalSet.Of(all),
            ByInstrument = byInstrument,
            PaidForGroups = Currency.Usd(await PaidForGroupsAsync(row.Id, request, view, Reader, HttpContext)),
            Redacted = row.Redacted,
            Basis = basis,
            Version = row.Version,
        };
    }

    /// <summary>What a donor paid on the lines of others, in US cents.</summary>
    internal static async Task<long> PaidForGroupsAsync(string id, PastRequest asked, View view, Reader reader, HttpContext context)
    {
        var selection = await Selection.OfAsync(new GetSummary.Request { Donor = [id], AsOf = asked.AsOf, KnownAt = asked.KnownAt }, view, reader, context);
        return (await selection.PaidForGroupsAsync()).Sum(paid => paid.Usd);
    }

    /// <summary>An organization that pledged or gave, also as a member of a group, or that was merged into another.</summary>
    /// <exception cref="Refused">There is none.</exception>
    internal static async Task<OrganizationRow> FindAsync(View view, string id) => await view.Sql.QueryFirstOrDefaultAsync<OrganizationRow>($"""
        {OrganizationRow.Select} WHERE o.id = @id AND (o.merged_into IS NOT NULL OR EXISTS (SELECT 1 FROM line l WHERE l.donor_id = o.id)
            OR EXISTS (SELECT 1 FROM ledger_entry e WHERE e.paid_by IN (SELECT o.id UNION ALL SELECT m.id FROM organization m WHERE m.merged_into = o.id)))
        """, new { id }) ?? throw await References.MissingAsync(view, "(SELECT id FROM total WHERE scope = 'donor' AND instrument = 'all') AS donor", id, $"There is no donor {id}.", $"لا توجد جهة مانحة بالمعرف {id}.");
}
