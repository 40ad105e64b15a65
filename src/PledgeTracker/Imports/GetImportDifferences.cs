namespace PledgeTracker.Imports;

/// <summary>What a later snapshot of a dataset told otherwise, with sums per donor.</summary>
public sealed class GetImportDifferences : Reads<GetImportDifferences.Request, ImportDifferences>
{
    /// <param name="Id">The id of the import.</param>
    public sealed record Request(string Id) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    private const int Shown = 500;

    public override void Configure()
    {
        Get("/v1/imports/{id}/differences");
        Needs(Role.Recorder);
        Tells("Imports", "What a snapshot changed",
            "What the snapshot tells otherwise than the last one of its dataset did: flows that are new, advanced, went back, have another amount, changed in something else, were dropped or returned, summed up and per donor, and the first 500 of them, " +
            "those that are new last. All of them: `/v1/imports/{id}/rows?difference=dropped`. Needs a key of any role.", 401, 404);
    }

    protected override async Task<ImportDifferences> ReadAsync(Request request, View view)
    {
        var import = await GetImport.FindAsync(view, request.Id, Caller.Of(HttpContext));
        var donors = (await view.Sql.QueryAsync<DonorRow>($"""
            SELECT r.difference, r.donor_id, {Reader.Text("o.name")} AS name, count(*) AS flows, CAST(coalesce(sum(r.before_usd), 0) AS bigint) AS before_usd, CAST(coalesce(sum(r.after_usd), 0) AS bigint) AS after_usd
            FROM import_row r LEFT JOIN organization o ON o.id = r.donor_id
            WHERE r.import_no = @No AND r.difference IS NOT NULL
            GROUP BY r.difference, r.donor_id, o.name_en, o.name_ar ORDER BY r.donor_id, r.difference
            """, new { import.No })).AsList();
        var flows = await view.Sql.QueryAsync<ImportedRowStored>($"""
            SELECT {ImportedRowStored.Columns} FROM import_row r WHERE r.import_no = @No AND r.difference IS NOT NULL
            ORDER BY CASE r.difference WHEN 'new' THEN 1 ELSE 0 END, r.no LIMIT @Shown
            """, new { import.No, Shown });
        return new ImportDifferences(
            [.. Vocabulary.Differences.Select(kind => (kind, Rows: donors.FindAll(d => d.Difference == kind))).Where(of => of.Rows.Count > 0)
                .Select(of => new DifferenceSum(of.kind, of.Rows.Sum(d => d.Flows), Words.Currency.Usd(of.Rows.Sum(d => d.BeforeUsd)), Words.Currency.Usd(of.Rows.Sum(d => d.AfterUsd))))],
            [.. donors.Select(d => new DonorDifference(Ref.Of(d.DonorId, d.Name), d.Difference, d.Flows, Words.Currency.Usd(d.BeforeUsd), Words.Currency.Usd(d.AfterUsd)))],
            [.. flows.Select(row => new ChangedFlow(row.Key, row.RecordId, row.ToDifference()!))]);
    }

    private sealed record DonorRow
    {
        public required string Difference { get; init; }
        public string? DonorId { get; init; }
        public string? Name { get; init; }
        public required long Flows { get; init; }
        public required long BeforeUsd { get; init; }
        public required long AfterUsd { get; init; }
    }
}

/// <summary>What a snapshot tells otherwise than the last one of its dataset.</summary>
/// <param name="Kinds">Summed up by what became of the flows.</param>
/// <param name="Donors">The same for each donor.</param>
/// <param name="Flows">The flows themselves, 500 at most.</param>
public sealed record ImportDifferences(IReadOnlyList<DifferenceSum> Kinds, IReadOnlyList<DonorDifference> Donors, IReadOnlyList<ChangedFlow> Flows);

/// <param name="Kind">As of each flow.</param>
/// <param name="Flows">How many.</param>
/// <param name="BeforeUsd">The US dollars of these flows as the dataset had them.</param>
/// <param name="AfterUsd">As it has them now.</param>
public sealed record DifferenceSum([property: OneOf(nameof(Vocabulary.Differences))] string Kind, long Flows, decimal BeforeUsd, decimal AfterUsd);

/// <param name="Donor">Null of flows whose donor is not kept.</param>
/// <param name="Kind">As of each flow.</param>
/// <param name="Flows">How many.</param>
/// <param name="BeforeUsd">The US dollars of these flows as the dataset had them.</param>
/// <param name="AfterUsd">As it has them now.</param>
public sealed record DonorDifference(Ref? Donor, [property: OneOf(nameof(Vocabulary.Differences))] string Kind, long Flows, decimal BeforeUsd, decimal AfterUsd);

/// <param name="ExternalId">The flow's number.</param>
/// <param name="Difference">What is other than it was.</param>
/// <param name="RecordId">The pledge or contribution that it speaks of.</param>
public sealed record ChangedFlow(string? ExternalId, string? RecordId, FlowDifference Difference);
