namespace PledgeTracker.Imports;

/// <summary>One import: how far it is, and what came of its rows.</summary>
public sealed class GetImport : Reads<GetImport.Request, ImportShown>
{
    /// <param name="Id">The id of the import.</param>
    public sealed record Request(string Id) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/imports/{id}");
        Needs(Role.Recorder);
        Tells("Imports", "One import",
            "Its state, how many of its rows were recorded, changed something, were there already or are refused, how far it is, and the totals by the publisher's own rules. " +
            "To recorders there are only those of their own organization. Needs a key of any role.", 401, 404);
    }

    protected override async Task<ImportShown> ReadAsync(Request request, View view)
    {
        var shown = ImportShown.Of(await FindAsync(view, request.Id, Caller.Of(HttpContext)), Reader, view.At);
        return shown with { Totals = await Fts.FtsTotals.WithRequirementsAsync(view, shown.Totals) };
    }

    /// <summary>An import that the caller may see.</summary>
    /// <exception cref="Refused">There is none: to a recorder there are none of others.</exception>
    internal static async Task<Import> FindAsync(Session session, string id, Caller caller) =>
        await session.Sql.QueryFirstOrDefaultAsync<Import>($"SELECT {Import.Columns} FROM import i WHERE i.id = @id", new { id }) is { } import && MaySee(caller, import) ? import
            : throw Refused.Missing($"There is no import {id}.", $"لا يوجد استيراد بالمعرف {id}.");

    private static bool MaySee(Caller caller, Import import) => caller.Role >= Role.Editor || import.Actor == caller.Id || (import.Role == "recorder" && import.OrganizationId == caller.OrganizationId);
}
