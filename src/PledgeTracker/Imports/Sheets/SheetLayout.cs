using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PledgeTracker.Imports.Sheets;

/// <summary>Which column of a file is what, and how its rows become requests.</summary>
internal sealed partial class SheetLayout
{
    private readonly IReadOnlyList<SheetColumn> _all;
    private readonly List<SheetColumn?> _columns;
    private readonly int _aside;

    private SheetLayout(IReadOnlyList<SheetColumn> all, IReadOnlyList<string> names, List<SheetColumn?> columns, int aside) => (_all, Names, _columns, _aside) = (all, names, columns, aside);

    /// <summary>The headers of the columns that are read, as they stand in the file.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The layout that a first row tells.</summary>
    /// <exception cref="Refused">A column is not known, stands there twice, or is missing.</exception>
    public static SheetLayout Of(SheetFormat format, IReadOnlyList<string> names)
    {
        var (columns, faults) = (new List<SheetColumn?>(), new Faults());
        names = [.. names.Reverse().SkipWhile(string.IsNullOrWhiteSpace).Reverse()];
        // Behind the columns of the file a file of corrections has its own.
        var aside = names.Count;
        names = [.. names.Reverse().SkipWhile(name => GetImportCorrections.Added.Contains(name) && format.ColumnOf(name) is null).Reverse()];
        foreach (var (i, name) in names.Index())
        {
            var column = format.ColumnOf(name);
            columns.Add(column);
            if (column is null && name.Trim().Length > 0)
            {
                faults.Add($"/{CellAt(i, 1)}", "unknown_column", Unknown(format, name));
            }
            else if (column is not null && columns.IndexOf(column) < i)
            {
                faults.Add($"/{CellAt(i, 1)}", "repeated", $"The column {column.Name.En} stands there twice: leave one out.", $"العمود «{column.Name.Ar}» مكرر: احذف أحدهما.");
            }
        }

        foreach (var missing in format.Columns.Where(column => column.IsNeeded && !columns.Contains(column)))
        {
            faults.Add("", "required", $"The column {missing.Name.En} ({missing.Name.Ar}) is missing.", $"العمود «{missing.Name.Ar}» ({missing.Name.En}) غير موجود.");
        }

        return faults.Any ? throw new Refused("invalid_file", new($"Its first row must name columns of /v1/templates/{format.Word}.xlsx: correct it and send the file again.",
            $"يجب أن يسمي صفه الأول أعمدة من /v1/templates/{format.Word}.xlsx: صححه وأرسل الملف مجددا."), [.. faults.Found]) : new SheetLayout(format.Columns, names, columns, aside);
    }

    /// <summary>Where a fault of a row stands in the file.</summary>
    public RowFault Place(Fault fault, long line)
    {
        var member = fault.Pointer.TrimStart('/');
        var column = Of(_columns.OfType<SheetColumn>(), member) ?? Of(_all, member);
        var at = column is null ? -1 : _columns.IndexOf(column);
        return new RowFault(member, at < 0 ? null : CellAt(at, line), fault.Code, fault.Detail == ShapeRules.IsRequired && column is not null
            ? new($"{column.Name.En} is missing: fill it in.", $"«{column.Name.Ar}» غير موجود: املأه.") : fault.Detail);
    }

    // The column of a member, that which it lies in, or the first that lies in it.
    private static SheetColumn? Of(IEnumerable<SheetColumn> columns, string member) => columns.FirstOrDefault(column => column.Member == member)
        ?? columns.FirstOrDefault(column => member.StartsWith(column.Member + "/", StringComparison.Ordinal))
        ?? columns.FirstOrDefault(column => column.Member.StartsWith(member + "/", StringComparison.Ordinal));

    /// <summary>What a row asks for, of whatever in it can be read, and a fault for each cell that cannot.</summary>
    public (JsonObject Request, List<RowFault> Faults) Read(SheetRow row)
    {
        var (values, faults) = (new Dictionary<SheetColumn, JsonNode>(), new List<RowFault>());
        foreach (var (i, cell) in row.Cells.Index())
        {
            if (cell.IsBlank || (i >= _columns.Count && i < _aside))
            {
                continue;
            }

            if (_columns.ElementAtOrDefault(i) is not { } column)
            {
                faults.Add(new("", CellAt(i, row.Line), "unknown_column", new(
                    $"{cell.Said} stands in a column without a name: name it in the first row, or leave it out. In CSV a cell that has what stands between cells needs quotation marks.",
                    $"يقع {cell.SaidInArabic} في عمود بلا اسم: سمه في الصف الأول أو احذفه. وفي CSV تحتاج الخلية التي فيها العلامة الفاصلة بين الخلايا إلى علامتي اقتباس.")));
            }
            else if (Take(column, cell, out var value) is { } fault)
            {
                faults.Add(new(column.Member, CellAt(i, row.Line), fault.Code, fault.Text));
            }
            else if (value is not null)
            {
                values[column] = value;
            }
        }

        // In the order of the table: the same row in another order is the same.
        var request = new JsonObject();
        foreach (var column in _all.Where(values.ContainsKey))
        {
            Set(request, column.Member.Split('/'), values[column]);
        }

        return (request, faults);
    }

    /// <summary>A cell as spreadsheet programs name it.</summary>
    public static string CellAt(int column, long line) => string.Create(CultureInfo.InvariantCulture, $"{Xlsx.Letters(column)}{line}");

    private static LocalizedText Unknown(SheetFormat format, string name)
    {
        var shown = new SheetCell(name);
        return Near.Of(SearchText.Fold(name), format.ByHeader.Keys) is { } near && format.ByHeader[near] is var column
            ? new($"There is no column {shown.Said}. Did you mean {column.Name.En} ({column.Name.Ar})?", $"لا يوجد عمود {shown.SaidInArabic}. هل تقصد «{column.Name.Ar}» ({column.Name.En})؟")
            : new($"There is no column {shown.Said}: rename it, or leave it out.", $"لا يوجد عمود {shown.SaidInArabic}: غير اسمه أو احذفه.");
    }

    private static void Set(JsonObject request, ReadOnlySpan<string> path, JsonNode value)
    {
        // The one list of records has one: "donors/0/amount".
        if (path is [var list, "0", .. var inner])
        {
            request[list] ??= new JsonArray(new JsonObject());
            Set(request[list]![0]!.AsObject(), inner, value);
        }
        else if (path.Length > 1)
        {
            request[path[0]] ??= new JsonObject();
            Set(request[path[0]]!.AsObject(), path[1..], value);
        }
        else if (request[path[0]] is JsonObject there && value is JsonObject texts)
        {
            // What stands in a column for both languages, and in one for either.
            foreach (var (language, text) in texts)
            {
                there[language] ??= text!.DeepClone();
            }
        }
        else
        {
            request[path[0]] = value;
        }
    }

    private CellFault? Take(SheetColumn column, SheetCell cell, out JsonNode? value)
    {
        value = null;
        switch (column.Kind)
        {
            case SheetColumnKind.Amount:
                if (cell.TakeNumber(out var number) is { } fault)
                {
                    return fault;
                }

                value = number;
                return number >= 0 ? null : new("not_positive", _all.Any(c => c.Member == "stage")
                    ? new($"{cell.Said} is below zero. Send a positive amount: that money was taken back is told by the stage, release or refund.",
                        $"{cell.SaidInArabic} أقل من صفر. أرسل مبلغا موجبا: أما رد المال فتبينه المرحلة، تحرير التزام أو استرداد.")
                    : new($"{cell.Said} is below zero. Send a positive amount.", $"{cell.SaidInArabic} أقل من صفر. أرسل مبلغا موجبا."));
            case SheetColumnKind.Date:
                fault = cell.TakeDate(out var day);
                value = fault is null ? Iso.Date(day) : null;
                return fault;
            case SheetColumnKind.Boolean:
                fault = cell.TakeBoolean(out var isTrue);
                value = isTrue;
                return fault;
            default:
                return cell.TakeText(isIdentifier: column.Kind is not (SheetColumnKind.Text or SheetColumnKind.LocalizedText), out var text) ?? Take(column, cell, text, out value);
        }
    }

    private static CellFault? Take(SheetColumn column, SheetCell cell, string text, out JsonNode? value)
    {
        value = text;
        switch (column.Kind)
        {
            case SheetColumnKind.LocalizedText:
                value = new JsonObject { [Arabic().IsMatch(text) ? "ar" : "en"] = text };
                return null;
            case SheetColumnKind.Record:
                value = text.ToLowerInvariant();
                return null;
            case SheetColumnKind.Currency:
                value = CurrencyNames.Find(text);
                return value is not null ? null : new("unknown_code", $"{cell.Said} is no currency that is known here: send its code of ISO 4217, such as USD.", $"{cell.SaidInArabic} ليس عملة معروفة هنا: أرسل رمزها وفق ISO 4217 مثل USD.");
            case SheetColumnKind.Word:
                value = column.WordOf(text);
                return value is not null ? null : new("not_one_of", $"{cell.Said} is none of the words: send {string.Join(", ", column.Words!.Values.Select(word => word.En))}.",
                    $"{cell.SaidInArabic} ليس من الكلمات المقبولة: أرسل {string.Join("، ", column.Words.Values.Select(word => word.Ar))}.");
            case SheetColumnKind.Countries:
                return TakeCountries(text, out value);
            case SheetColumnKind.Sectors:
                value = new JsonArray([.. Parts(text, Lists()).Select(code => (JsonNode)Digits(code))]);
                return null;
            case SheetColumnKind.Years:
                return TakeYears(cell, text, out value);
            default:
                return null;
        }
    }

    private static CellFault? TakeCountries(string text, out JsonNode? value)
    {
        var countries = new JsonArray();
        value = countries;
        foreach (var part in Parts(text, Between()))
        {
            if (Share().Match(part) is not { Success: true } match)
            {
                countries.Add(part);
            }
            else if (new SheetCell(match.Groups[2].Value).TakeNumber(out var share) is { } fault)
            {
                return fault;
            }
            else
            {
                countries.Add(new JsonObject { ["country"] = match.Groups[1].Value.Trim(), ["share"] = share });
            }
        }

        return null;
    }

    private static CellFault? TakeYears(SheetCell cell, string text, out JsonNode? value)
    {
        var years = new JsonArray();
        value = years;
        foreach (var part in Parts(Range().Replace(Digits(text), "-"), Lists()))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !ends.All(end => end.Length == 4 && end.All(char.IsAsciiDigit)))
            {
                return new("wrong_type", $"{cell.Said} is not read as years: send 2026; 2027, or 2026-2028.", $"لا يُقرأ {cell.SaidInArabic} سنوات: أرسل 2026؛ 2027 أو 2026-2028.");
            }

            var (first, last) = (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture));
            for (var year = first; year <= last && years.Count <= 100; year++)
            {
                years.Add(year);
            }
        }

        return null;
    }

    private static IEnumerable<string> Parts(string text, Regex between) => between.Split(text).Select(part => part.Trim()).Where(part => part.Length > 0);

    private static string Digits(string text) => string.Concat(text.Select(c => CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit ? (char)('0' + digit) : c));

    [GeneratedRegex(@"[\u0621-\u064A\u0671-\u06D3]", RegexOptions.NonBacktracking)]
    private static partial Regex Arabic();

    [GeneratedRegex(@"[;\u061B,\u060C|\s]+", RegexOptions.NonBacktracking)]
    private static partial Regex Lists();

    /// <summary>A comma between digits belongs to a percentage.</summary>
    [GeneratedRegex(@"[;\u061B\u060C|\n]|,(?![0-9])")]
    private static partial Regex Between();

    [GeneratedRegex(@"\A(\D*?\p{L}\D*?)[\s:=(]*(\d[\d.,\u066B\u066C]*)\s*[%\u066A]?\)?\z")]
    private static partial Regex Share();

    [GeneratedRegex(@"\s*[-\u2013\u2014]\s*", RegexOptions.NonBacktracking)]
    private static partial Regex Range();
}
