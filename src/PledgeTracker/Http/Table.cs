using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace PledgeTracker.Http;

/// <summary>
/// A shape of rows as a table: a column for each scalar in the order of the JSON, named by the way to it (`fund.name`). A list of scalars is one cell, its values
/// joined by semicolons; where it has but one, that value. A list of records has a column for what each is known by (`id`, or else its first member), for `name`, and for its numbers, joined alike;
/// what lies deeper in it is left to JSON.
/// </summary>
internal sealed class Table
{
    private readonly JsonTypeInfo _row;

    private Table(Type row)
    {
        _row = Json.Options.GetTypeInfo(row);
        Columns = [.. Under(new Column("", null, false, item => item), row, isInList: false)];
    }

    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Whether an answer is a table, or holds one.</summary>
    public static bool IsIn(Type answer) => RowOf(answer) is not null;

    /// <summary>The table that an answer is or holds; null where it is none.</summary>
    public static Table? Of(Type answer) => RowOf(answer) is { } row ? new Table(row) : null;

    /// <summary>What is asked for that the table does not have, or not in this format.</summary>
    public IEnumerable<Fault> Faults(Format format, ReadRequest request)
    {
        var asked = request as TableRequest;
        if (asked?.Fields is not null && format == Format.Json)
        {
            yield return NotAllowed("fields", "CSV, XLSX or NDJSON: JSON has every member.", "CSV أو XLSX أو NDJSON: في JSON كل الحقول.");
        }
        else if (asked?.Fields?.FirstOrDefault(field => !Columns.Any(column => column.IsIn(field))) is { } unknown)
        {
            var known = Columns.Select(column => column.Name).ToList();
            yield return new Fault("?fields", "unknown_field", unknown == ""
                ? new($"Send names of fields with commas between them, or leave this out. Known: {string.Join(", ", known)}.", $"أرسل أسماء حقول تفصل بينها فواصل، أو لا ترسل هذه المعلمة. الحقول المعروفة: {string.Join("، ", known)}.")
                : Near.Of(unknown, known) is { } nearest
                ? new($"There is no field {unknown}. Did you mean {nearest}? Known: {string.Join(", ", known)}.", $"لا يوجد حقل {unknown}. هل تقصد {nearest}؟ الحقول المعروفة: {string.Join("، ", known)}.")
                : new($"There is no field {unknown}. Known: {string.Join(", ", known)}.", $"لا يوجد حقل {unknown}. الحقول المعروفة: {string.Join("، ", known)}."));
        }

        if (asked?.Hxl == true && format != Format.Csv && format != Format.Xlsx)
        {
            yield return NotAllowed("hxl", "CSV or XLSX: no other format has it.", "CSV أو XLSX: لا يوجد هذا في صيغة أخرى.");
        }

        if (asked?.Bom == true && format != Format.Csv)
        {
            yield return NotAllowed("bom", "CSV: no other format has it.", "CSV: لا يوجد هذا في صيغة أخرى.");
        }

        if (request is ListRequest { Count: true } && format != Format.Json)
        {
            yield return NotAllowed("count", "JSON: other formats hold rows and nothing else.", "JSON: لا تحتوي الصيغ الأخرى إلا على الصفوف.");
        }
    }

    /// <summary>The columns that were asked for, in the order of asking; all of them where none was.</summary>
    public IReadOnlyList<Column> Chosen(IReadOnlyList<string>? fields) =>
        fields is null ? Columns : [.. fields.SelectMany(field => Columns.Where(column => column.IsIn(field))).Distinct()];

    /// <summary>A row as its JSON: all of it, or the fields that were asked for.</summary>
    public void WriteJson(Stream stream, object row, IReadOnlyList<string>? fields)
    {
        if (fields is null)
        {
            JsonSerializer.Serialize(stream, row, _row);
            return;
        }

        var (whole, part) = (JsonSerializer.SerializeToNode(row, _row), new JsonObject());
        foreach (var field in fields)
        {
            Take(whole!, part, field.Split('.'));
        }

        JsonSerializer.Serialize(stream, part, Json.Options);
    }

    private static Fault NotAllowed(string name, string en, string ar) => new("?" + name, "not_allowed", new($"Leave this out, or ask for {en}", $"لا ترسل هذه المعلمة، أو اطلب {ar}"));

    private static void Take(JsonNode from, JsonObject to, ReadOnlySpan<string> path)
    {
        // A member that was taken whole holds what is asked of it as well.
        if (!from.AsObject().TryGetPropertyValue(path[0], out var member))
        {
            return;
        }

        var isThere = to.TryGetPropertyValue(path[0], out var taken);
        switch (member)
        {
            case JsonObject inner when path.Length > 1:
                if (!isThere)
                {
                    to.Add(path[0], taken = new JsonObject());
                }

                Take(inner, taken!.AsObject(), path[1..]);
                break;
            case JsonArray list when path.Length > 1:
                if (!isThere)
                {
                    to.Add(path[0], taken = new JsonArray([.. list.Select(_ => new JsonObject())]));
                }

                for (var i = 0; i < list.Count; i++)
                {
                    Take(list[i]!, taken!.AsArray()[i]!.AsObject(), path[1..]);
                }

                break;
            default:
                to[path[0]] = member?.DeepClone();
                break;
        }
    }

    private static Type? RowOf(Type answer) =>
        answer.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITable<>))?.GenericTypeArguments[0];

    private static IEnumerable<Column> Under(Column above, Type shape, bool isInList)
    {
        // How an answer was read is said of one thing alone, and not row by row.
        var members = Json.Options.GetTypeInfo(shape).Properties.Where(member => member.Get is not null && member.PropertyType != typeof(Basis)).ToList();
        var known = members.Find(member => member.Name == "id") ?? members[0];
        foreach (var member in members.Where(member => !isInList || member == known || member.Name == "name" || IsNumber(member.PropertyType)))
        {
            var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
            var below = new Column(above.Name == "" ? member.Name : $"{above.Name}.{member.Name}", Tag(above.Tag, member, shape, IsScalar(type)), type == typeof(string),
                row => above.Value(row) is { } owner ? member.Get!(owner) : null);
            if (IsScalar(type))
            {
                yield return below;
            }
            else if (ItemOf(type) is not { } item)
            {
                foreach (var column in IsShape(type) ? Under(below, type, isInList) : [])
                {
                    yield return column;
                }
            }
            else if (!isInList)
            {
                var inner = below with { IsText = item == typeof(string), Value = one => one };
                foreach (var column in IsScalar(item) ? [inner] : IsShape(item) ? Under(inner, item, isInList: true) : [])
                {
                    yield return column with { Value = row => below.Value(row) is IEnumerable list ? Joined(list.Cast<object>().Select(column.Value)) : null };
                }
            }
        }
    }

    private static object? Joined(IEnumerable<object?> values) => values.ToList() is var list && list is [var only] ? only : string.Join(';', list.Select(Column.Text));

    // Behind the hashtag of what it stands in: the name in a member that is #org+funder is #org+name+funder.
    private static string? Tag(string? above, JsonPropertyInfo member, Type shape, bool isScalar)
    {
        var own = member.AttributeProvider?.GetCustomAttributes(typeof(HxlAttribute), inherit: true) is [HxlAttribute hxl] ? hxl.Tag
            : shape == typeof(LocalizedText) ? "+i_" + member.Name : null;
        return own is null ? isScalar ? null : above
            : own[0] == '#' ? own
            : above?.Insert(above.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus ? plus : above.Length, own);
    }

    private static bool IsScalar(Type type) => type == typeof(string) || type == typeof(bool) || type == typeof(DateOnly) || type == typeof(DateTimeOffset) || IsNumber(type);

    private static bool IsNumber(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var number && (number == typeof(decimal) || number == typeof(int) || number == typeof(long));

    // What is free in form, such as the body of a change, is no shape of ours.
    private static bool IsShape(Type type) => type.Assembly == typeof(Table).Assembly;

    private static Type? ItemOf(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GenericTypeArguments[0] : null;
}

/// <summary>A column of a table.</summary>
/// <param name="Name">The way to it in the JSON.</param>
/// <param name="Tag">Of HXL; null where it has none.</param>
/// <param name="IsText">Whether somebody may have written into it what they like.</param>
/// <param name="Value">Of a row.</param>
internal sealed record Column(string Name, string? Tag, bool IsText, Func<object, object?> Value)
{
    /// <summary>Whether this is the field, or lies in it.</summary>
    public bool IsIn(string field) => Name.StartsWith(field, StringComparison.Ordinal) && (Name.Length == field.Length || Name[field.Length] == '.');

    /// <summary>A row's cell. A text that a spreadsheet would take for a formula has an apostrophe in front.</summary>
    public string? Cell(object row) => Text(Value(row)) is { Length: > 0 } text ? IsText ? Safe(text) : text : null;

    /// <summary>A text as a cell.</summary>
    public static string? Safe(string? text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;

    /// <summary>As JSON has it.</summary>
    public static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool isTrue => isTrue ? "true" : "false",
        DateOnly day => Iso.Date(day),
        DateTimeOffset instant => Iso.Instant(instant),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"{value.GetType()} is no scalar."),
    };
}
