using PledgeTracker.Imports.Sheets;

namespace PledgeTracker.Imports;

/// <summary>An empty sheet of contributions, pledges or requirements, to be filled in and imported.</summary>
public sealed class GetTemplate : Reads<GetTemplate.Request, byte[]>
{
    private static readonly IReadOnlyList<Format> Formats = [Format.Xlsx, Format.Csv];

    /// <param name="Kind" example="contributions">What the rows are: `contributions`, `pledges` or `requirements`.</param>
    public sealed record Request(string Kind) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    private protected override Format Own => Format.Xlsx;

    private protected override IReadOnlyList<Format> Offered => Formats;

    private protected override string? FileOf(Request request) => request.Kind + Asked.Suffix;

    public override void Configure()
    {
        Get("/v1/templates/{kind}");
        Metadata(new HasSuffixes(Formats));
        Tells("Imports", "A template of a sheet", "An empty sheet to be filled in and sent to `/v1/imports`, with one row that shows how. As XLSX, with lists to choose from and a second sheet that says what each column is, or as CSV: " +
            "`/v1/templates/contributions.xlsx`, `/v1/templates/contributions.csv`, or by `Accept`. Its language, and the direction of its sheets, is `lang` or `Accept-Language`. `docs/spreadsheets.md` has all columns.", 404);
    }

    protected override Task<byte[]> ReadAsync(Request request, View view)
    {
        if (!SheetFormat.Known.TryGetValue(request.Kind, out var format))
        {
            var known = string.Join(", ", SheetFormat.Known.Keys.Order(StringComparer.Ordinal));
            throw Refused.Missing($"There is no template {request.Kind}: ask for one of {known}.", $"لا يوجد قالب {request.Kind}: اطلب أحد القوالب {known}.");
        }

        return Task.FromResult(Asked == Format.Csv ? SheetTemplate.Csv(format, Reader.Language) : SheetTemplate.Workbook(format, Reader.Language));
    }
}
