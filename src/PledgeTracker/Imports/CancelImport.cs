namespace PledgeTracker.Imports;

/// <summary>Gives an import up, as long as nothing of it is recorded.</summary>
public sealed class CancelImport : Writes<CancelImport.Request, ImportShown>
{
    public sealed record Request
    {
        /// <summary>The id of the import.</summary>
        [RouteParam]
        public string Id { get; init; } = "";
    }

    public sealed class Rules : Validator<Request>;

    public override void Configure()
    {
        Delete("/v1/imports/{id}");
        Tells("Imports", "Cancel an import", "Until its first row is recorded. Then it goes on to its end, and what it recorded is corrected entry by entry: 409. Cancelling it again changes nothing.",
            Role.Recorder, refusals: [404], statuses: [200]);
    }

    protected override async Task<Made<ImportShown>> WriteAsync(Request request, Write write)
    {
        var import = await GetImport.FindAsync(write, request.Id, write.By);
        if (import.State != "cancelled" && await write.Sql.ExecuteAsync("""
            UPDATE import SET state = 'cancelled', ended_at = @At, worker = NULL, worker_until = NULL
            WHERE no = @No AND (state = 'staging' OR state = 'checking' OR (state = 'applying' AND reached = 0))
            """, new { import.No, write.At }) == 0)
        {
            throw Refused.Conflict("It has begun, or is over: it cannot be cancelled any more.", "بدأ هذا الاستيراد أو انتهى: لا يمكن إلغاؤه بعد الآن.", $"/v1/imports/{request.Id}");
        }

        return new(ImportShown.Of(await GetImport.FindAsync(write, request.Id, write.By), Reader, write.At), Status: 200);
    }
}
