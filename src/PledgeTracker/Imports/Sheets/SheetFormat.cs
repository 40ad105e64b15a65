using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PledgeTracker.Imports.Sheets;

/// <summary>Sheets of contributions, pledges or requirements: a request in each row.</summary>
/// <param name="word">Names the format, and its template.</param>
/// <param name="begin">Begins with some rows.</param>
internal sealed class SheetFormat(string word, Role role, IReadOnlyList<SheetColumn> columns, Func<SheetFormat, Write, Import, Task<ImportJob>> begin) : ImportFormat
{
    public static readonly SheetFormat Contributions = new("contributions", Role.Recorder, SheetColumns.Contributions, ContributionRows.BeginAsync);
    public static readonly SheetFormat Pledges = new("pledges", Role.Editor, SheetColumns.Pledges, PledgeRows.BeginAsync);
    public static readonly SheetFormat Requirements = new("requirements", Role.Editor, SheetColumns.Requirements, RequirementRows.BeginAsync);

    /// <summary>By the word that names each.</summary>
    public static readonly IReadOnlyDictionary<string, SheetFormat> Known = new[] { Contributions, Pledges, Requirements }.ToFrozenDictionary(format => format.Word);

    public string Word => word;

    public override Role Role => role;

    public IReadOnlyList<SheetColumn> Columns => columns;

    /// <summary>By every header, folded.</summary>
    public FrozenDictionary<string, SheetColumn> ByHeader => field ??= columns
        .SelectMany(column => column.Also.Append(column.Name.En!).Append(column.Name.Ar!).Append(column.Member.Replace('/', '.')).Select(name => (Name: SearchText.Fold(name), column)))
        .DistinctBy(header => header.Name).ToFrozenDictionary(header => header.Name, header => header.column);

    public SheetColumn? ColumnOf(string header) => ByHeader.GetValueOrDefault(SearchText.Fold(header));

    public override async IAsyncEnumerable<ReadRow> ReadAsync(IAsyncEnumerable<ImportFile> files, ImportLimits limits, ImportReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (page, identities) = (0, new Identities(word));
        await foreach (var file in files.WithCancellation(cancellation))
        {
            SheetLayout? layout = null;
            var isSecond = false;
            page++;
            await foreach (var row in SheetFile.ReadAsync(file, limits, report, cancellation))
            {
                if (layout is null)
                {
                    layout = LayoutOf(row, report, page);
                    isSecond = true;
                }
                else if (isSecond && !(isSecond = false) && row.Cells.All(cell => cell.IsBlank || cell.Text.StartsWith('#')))
                {
                    // Tags of HXL.
                }
                else
                {
                    yield return Read(row, page, layout, identities);
                }
            }
        }
    }

    public override Task<ImportJob> BeginAsync(Write write, Import import) => begin(this, write, import);

    private SheetLayout LayoutOf(SheetRow row, ImportReport report, int page)
    {
        var layout = SheetLayout.Of(this, [.. row.Cells.Select(cell => cell.TakeText(isIdentifier: true, out var name) is null ? name : Text.Plain(cell.Text, isIdentifier: true))]);
        if (page == 1)
        {
            report.Columns.AddRange(layout.Names);
        }
        else if (!layout.Names.SequenceEqual(report.Columns))
        {
            throw SheetFile.Unreadable($"The first row of file {page} is not that of the first: send files with other columns by themselves.", $"الصف الأول في الملف {page} غير الصف الأول في أول ملف: أرسل الملفات ذات الأعمدة الأخرى وحدها.");
        }

        return layout;
    }

    private static ReadRow Read(SheetRow row, int page, SheetLayout layout, Identities identities)
    {
        var (request, faults) = layout.Read(row);
        if (faults.Count == 0 && identities.Give(request, row.Line) is { } other)
        {
            faults.Add(layout.Place(new Fault("/externalId", "repeated", new($"Row {other} has this number and says something else: send another number, or the same.", $"للصف {other} الرقم نفسه ويقول غير ذلك: أرسل رقما آخر أو القول نفسه.")), row.Line));
        }

        return new ReadRow(page, row.Line, null, request.ToJsonString(Json.Options), faults, [],
            [.. layout.Names.Select((_, i) => i < row.Cells.Length ? row.Cells[i].Shown : "")], new SheetPlace(layout, row.Line));
    }

    /// <summary>
    /// What makes a row the same as one of a file sent before. Who sent a number said so; the others are known by what they say, and by how many such rows stand in front of them: two equal
    /// rows of a file are two payments, and the file sent again is none.
    /// </summary>
    private sealed class Identities(string word)
    {
        private readonly Dictionary<ulong, int> _seen = [];
        private readonly Dictionary<ulong, (ulong Says, long Line)> _numbered = [];

        /// <summary>Gives it a number where it has none.</summary>
        /// <returns>The row of the same number that says something else; null where there is none.</returns>
        public long? Give(JsonObject request, long line)
        {
            if (request["externalId"] is { } number)
            {
                var (key, says) = (Hash($"{request["externalSystem"]}\n{number}"), Hash(request.ToJsonString(Json.Options)));
                return _numbered.TryAdd(Short(key), (Short(says), line)) || _numbered[Short(key)].Says == Short(says) ? null : _numbered[Short(key)].Line;
            }

            // A requirement is known by what it says: to say it twice is to say it once. A system without a number is told as that.
            if (word != "requirements" && request["externalSystem"] is null)
            {
                var hash = Hash($"{word}\n{request.ToJsonString(Json.Options)}");
                var times = _seen[Short(hash)] = _seen.GetValueOrDefault(Short(hash)) + 1;
                request["externalId"] = $"row-{Convert.ToHexStringLower(hash.AsSpan(0, 16))}-{times}";
            }

            return null;
        }

        private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

        private static ulong Short(byte[] hash) => BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}

/// <summary>Where a row stands, for whatever finds something wrong with it.</summary>
internal sealed record SheetPlace(SheetLayout Layout, long Line)
{
    public RowFault Of(Fault fault) => Layout.Place(fault, Line);
}
