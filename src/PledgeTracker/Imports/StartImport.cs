using System.Text.Json;
using FastEndpoints;

namespace PledgeTracker.Imports;

/// <summary>Takes a file, or the pages of one, to be recorded: read, checked and put aside before the answer, and applied behind it.</summary>
public sealed class StartImport : Endpoint<StartImport.Request, ImportShown>
{
    /// <param name="Format">What the file is: `fts-json` pages of UN OCHA's FTS API, `fts-csv` as HDX has them; `contributions`, `pledges` or `requirements` as a spreadsheet (`/v1/templates`), CSV or XLSX.</param>
    /// <param name="Dataset">Of flows: whose snapshot it is. A later one of the same name adds to the ledger what it tells otherwise. For example `fts:JOR:2020`. Without one: `unnamed`, of which nothing is dropped.</param>
    /// <param name="Complete">Of a dataset: whether this is all of it, so that what it does not tell any more is dropped. Without it that is so where a dataset is named and its pages do not say that there are more.</param>
    /// <param name="Mode">`all`: one refused row refuses the file. `per-row`: the others go in.</param>
    /// <param name="DryRun">`true` says what would come of it, and records nothing. It stands among the imports all the same, `checked`.</param>
    public sealed record Request(string? Format = null, string? Dataset = null, bool? Complete = null, string? Mode = null, bool? DryRun = null) : ReadRequest, IStreamsItsBody;

    public sealed class Rules : ReadRules<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Format).Needed().IsOneOf(Vocabulary.ImportFormats);
            RuleFor(r => r.Dataset).IsText(100);
            RuleFor(r => r.Dataset).Must((r, dataset) => dataset is null || r.Format is not { } format || !ImportFormat.All.TryGetValue(format, out var known) || known.IsOfDataset).Or("not_allowed",
                "Leave this out: only flows are of a dataset.", "لا ترسل هذه المعلمة: لا تنتمي إلى مجموعة بيانات إلا التدفقات.");
            RuleFor(r => r.Complete).Must((r, complete) => complete != true || r.Dataset is not null).Or("not_allowed",
                "Name the dataset that this is all of: dataset=fts:JOR:2020.", "اذكر مجموعة البيانات الكاملة: dataset=fts:JOR:2020.");
            RuleFor(r => r.Mode).IsOneOf(Vocabulary.ImportModes, "all");
        }
    }

    public required Db Db { get; init; }

    public required Idempotency Retries { get; init; }

    public required Applier Applier { get; init; }

    public override void Configure()
    {
        Post("/v1/imports");
        Metadata(new NeedsRole(Role.Recorder), new TakesBody(ImportBody.MediaTypes, typeof(Request), IsFile: true), new AsksFor("format", "contributions"),
            new BodyExample("donorId,fundId,recipientId,stage,amount,currency,date,reference\r\ngrc,undp-ffs,undp,payment,25000.50,USD,2026-03-02,TR-2026-17\r\n", Role.Recorder, "undp", "text/csv"));
        Definition.Describe("Imports", "Import a file",
            "Every row is read, checked and put aside before the first is recorded; by default one refused row refuses the file. The answer comes when all of it is put aside and on the disk; then it is `applying` in small " +
            "jobs beside other writes, also after a crash, until it is `done`: see `/v1/imports/{id}`. The file as the body, or several pages as parts named `file` of `multipart/form-data`, in their order; a part `mapping` in " +
            "front of them (JSON, a name of the file for each id of an organization) says who is meant by a name that is not known here, which becomes an alias. Compressed with gzip or not, up to 256 MiB, 1 GiB inflated. " +
            "Importing the same file twice changes nothing. Recorders import contributions of their own organization, editors anything. Needs a key of role `recorder` or above.",
            [(202, typeof(ImportShown))], [400, 401, 403, 408, 409, 413, 415, 422, 429, 503, 507]);
    }

    public override async Task HandleAsync(Request request, CancellationToken ct)
    {
        using var body = new ImportBody(HttpContext, ImportLimits.Http);
        Binding.ThrowIfFaulty(HttpContext, ValidationFailures);
        var (caller, format) = (Caller.Of(HttpContext), ImportFormat.All[request.Format!]);
        if (caller.Role < format.Role)
        {
            throw new Refused("forbidden", new($"Importing {request.Format} needs a key of role editor.", $"يلزم لاستيراد {request.Format} مفتاح بدور editor."));
        }

        using var once = Retries.Begin(HttpContext, caller);
        var asked = new NewImport(request.Format!, request.Dataset, request.Complete, request.Mode ?? "all", request.DryRun == true);
        try
        {
            var answer = await Staging.StageAsync(Db, caller, asked, body.FilesAsync(asked, ct), () => body.Mapping, ImportLimits.Http, async (write, id) =>
            {
                // Whether it is a retry can be told when all of it was read.
                if (!asked.DryRun && await once.FindAsync(write) is { } given)
                {
                    throw new SentBefore(given);
                }

                HttpContext.Response.Headers[DatasetVersion.Header] = (await Data.Head.OfAsync(write.Sql)).Version;
                var shown = ImportShown.Of(await GetImport.FindAsync(write, id, caller), Reader.Of(HttpContext), write.At);
                var made = new Answer(StatusCodes.Status202Accepted, $"/v1/imports/{id}", null, JsonSerializer.SerializeToUtf8Bytes(shown, Json.Options));
                return asked.DryRun ? made : await once.KeepAsync(write, made);
            }, null, ct);
            Applier.Ring();
            await answer.SendAsync(HttpContext.Response, ct);
        }
        catch (SentBefore before)
        {
            await before.Answer.SendAsync(HttpContext.Response, ct);
        }
    }

    /// <summary>It was sent before with the same key: what was put aside now goes again.</summary>
    private sealed class SentBefore(Answer answer) : Exception
    {
        public Answer Answer => answer;
    }
}
