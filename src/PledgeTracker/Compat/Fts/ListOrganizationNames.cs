namespace PledgeTracker.Compat.Fts;

/// <summary>Everyone who gives or receives.</summary>
public sealed class ListOrganizationNames : FtsReads<ListOrganizationNames.Request, IReadOnlyList<ListOrganizationNames.Item>>
{
    public sealed record Request : FtsRequest;

    public sealed class Rules : FtsRules<Request>;

    public override void Configure() => Answers("Organizations", "/v1/public/organization");

    protected override async Task<FtsAnswer<IReadOnlyList<Item>>> ReadAsync(Request request, View view) =>
        Ok([.. await view.Sql.QueryAsync<Item>($"SELECT o.id, {Reader.Text("o.name")} AS name FROM organization o WHERE o.merged_into IS NULL ORDER BY o.id")]);

    /// <param name="Id">Ours: a readable text.</param>
    public sealed record Item(string Id, string Name);
}
