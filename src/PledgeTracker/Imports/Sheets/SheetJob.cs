using System.Text.Json;
using System.Text.Json.Nodes;
using PledgeTracker.Contributions;
using PledgeTracker.Funds;
using PledgeTracker.Pledges;

namespace PledgeTracker.Imports.Sheets;

/// <summary>Some rows of a sheet, in one transaction: the names in them become ids, the rules of the API's own request are asked, and it is recorded as that.</summary>
internal abstract class SheetJob<TRequest>(SheetFormat format, Write write, Import import, IValidator<TRequest> rules) : ImportJob
    where TRequest : class
{
    private readonly Dictionary<string, KnownNames> _names = [];
    private readonly Dictionary<string, NameSuggestion> _suggestions = [];
    private SheetLayout? _layout;

    public override IReadOnlyCollection<NameSuggestion> Suggestions => _suggestions.Values;

    protected Write Write => write;

    /// <summary>Adds what is wrong with a request beyond its shape.</summary>
    protected abstract Task FindAsync(TRequest request, Faults faults);

    /// <summary>Records it; its id, and whether just this was there already.</summary>
    protected abstract Task<(string Id, bool WasThere)> RecordAsync(TRequest request);

    public sealed override async Task<ReadRow> CheckAsync(ReadRow row)
    {
        var (place, request) = ((SheetPlace)row.Counted!, JsonNode.Parse(row.Content!)!.AsObject());
        var unread = row.Faults.Where(f => f.Member.Length > 0).Select(f => new Fault("/" + f.Member, f.Code, f.Text)).ToList();
        var (unknown, meant) = await NameAsync(request);
        var sent = request.Deserialize<TRequest>(Json.Options)!;
        // What could not be read, or names nobody, is told as that, and not as missing or unknown once more.
        var faults = new Faults();
        faults.Add(Binding.FaultsOf([.. unread.Concat(unknown).Select(Binding.ToFailure), .. rules.Validate(sent).Errors]));
        var others = new Faults();
        await FindAsync(sent, others);
        faults.AddElsewhere(others);
        return row with
        {
            Content = JsonSerializer.Serialize(new SheetContent(request, meant), Json.Options),
            Faults = [.. row.Faults, .. faults.Found.Skip(unread.Count).Select(place.Of)],
        };
    }

    public sealed override async Task<RowOutcome> ApplyAsync(StagedRow row)
    {
        var content = JsonSerializer.Deserialize<SheetContent>(row.Content, Json.Options)!;
        var (id, wasThere) = await RecordAsync(content.Request.Deserialize<TRequest>(Json.Options)!);
        foreach (var name in content.Meant ?? [])
        {
            await ((OrganizationNames)await NamesAsync("organization")).KeepAsync(write, name);
        }

        return new RowOutcome(wasThere ? "unchanged" : "created", id);
    }

    public sealed override RowFault Place(StagedRow row, Fault fault) => (_layout ??= SheetLayout.Of(format, import.Reported.Columns)).Place(fault, row.Line);

    private static string? TableOf(SheetColumnKind kind) => kind switch
    {
        SheetColumnKind.Organization => "organization",
        SheetColumnKind.Fund => "fund",
        SheetColumnKind.Event => "event",
        SheetColumnKind.Source => "source",
        SheetColumnKind.Countries => "country",
        _ => null,
    };

    // Puts ids in the place of names. What names nobody, or several, stays as it is; the names that only what was sent along explains are told.
    private async Task<(List<Fault> Unknown, List<string>? Meant)> NameAsync(JsonObject request)
    {
        var (unknown, meant) = (new List<Fault>(), new List<string>());
        foreach (var column in format.Columns)
        {
            if (TableOf(column.Kind) is not { } table)
            {
                continue;
            }

            foreach (var (pointer, name, become) in NamesIn(request, column))
            {
                var names = await NamesAsync(table);
                if (names.Find(name) is [var id])
                {
                    become(id);
                    if (names is OrganizationNames organizations && organizations.Sent(name) is not null)
                    {
                        meant.Add(name);
                    }
                }
                else
                {
                    unknown.Add(Unknown(pointer, table, name, names));
                }
            }
        }

        return (unknown, meant.Count == 0 ? null : meant);
    }

    private Fault Unknown(string pointer, string table, string name, KnownNames names)
    {
        var said = new SheetCell(name);
        if (names.Find(name) is { Count: > 1 } several)
        {
            return new Fault(pointer, "ambiguous_name", new($"{said.Said} is what several are called: send the id of the one that is meant, {string.Join(", ", several)}.",
                $"{said.SaidInArabic} اسم لأكثر من واحد: أرسل معرف المقصود، {string.Join("، ", several)}."));
        }

        if (names is OrganizationNames organizations && organizations.Sent(name) is { } sent)
        {
            return new Fault(pointer, "unknown_reference", new($"By the mapping {said.Said} is {sent}, and there is no such organization.", $"بحسب mapping يعني {said.SaidInArabic} الجهة {sent}، ولا توجد جهة كهذه."));
        }

        var near = names.Suggest(name);
        if (table == "organization" && near.Count > 0)
        {
            _suggestions.TryAdd(name, new NameSuggestion(name, near));
        }

        var (also, alsoInArabic) = table == "organization" ? (", or say in mapping who it is", " أو اذكر المقصود في mapping") : ("", "");
        return table == "country"
            ? new Fault(pointer, "unknown_code", near.Count == 0
                ? new($"{said.Said} is no country that is known: send its name, or its code of ISO 3166-1, such as IRQ.", $"{said.SaidInArabic} ليس بلدا معروفا: أرسل اسمه أو رمزه وفق ISO 3166-1 مثل IRQ.")
                : new($"{said.Said} is no country that is known. Did you mean {string.Join(", ", near)}?", $"{said.SaidInArabic} ليس بلدا معروفا. هل تقصد {string.Join("، ", near)}؟"))
            : new Fault(pointer, "unknown_reference", near.Count == 0
                ? new($"{said.Said} is not known here: send an id or a name that is{also}.", $"{said.SaidInArabic} غير معروف هنا: أرسل معرفا أو اسما معروفا{alsoInArabic}.")
                : new($"{said.Said} is not known here. Did you mean {string.Join(", ", near)}? Send the id{also}.", $"{said.SaidInArabic} غير معروف هنا. هل تقصد {string.Join("، ", near)}؟ أرسل المعرف{alsoInArabic}."));
    }

    private async Task<KnownNames> NamesAsync(string table) => _names.TryGetValue(table, out var names) ? names
        : _names[table] = table == "organization" ? await OrganizationNames.LoadAsync(write, import.Organizations) : await KnownNames.LoadAsync(write, table);

    // The names that stand in a column of a request, each with where it stands and how it becomes an id.
    private static List<(string Pointer, string Name, Action<string> Become)> NamesIn(JsonObject request, SheetColumn column)
    {
        var (pointer, path) = ("/" + column.Member, column.Member.Split('/'));
        JsonNode? above = request;
        foreach (var part in path[..^1])
        {
            above = above is JsonArray list ? list[0] : above?[part];
        }

        if (above?[path[^1]] is not { } node)
        {
            return [];
        }

        return node is not JsonArray several ? [(pointer, node.GetValue<string>(), id => above[path[^1]] = id)]
            : [.. several.Select((item, i) => item is JsonObject shared
                ? ($"{pointer}/{i}", shared["country"]!.GetValue<string>(), (Action<string>)(id => shared["country"] = id))
                : ($"{pointer}/{i}", item!.GetValue<string>(), id => several[i] = id))];
    }
}

/// <summary>A row as it is put aside.</summary>
/// <param name="Request">What is to be recorded.</param>
/// <param name="Meant">The names in it that what was sent along explains.</param>
internal sealed record SheetContent(JsonObject Request, IReadOnlyList<string>? Meant = null);

/// <summary>Contributions: commitments and payments, also of a recorder's own organization.</summary>
internal sealed class ContributionRows(SheetFormat format, Write write, Import import) : SheetJob<RecordContribution.Request>(format, write, import, new RecordContribution.Rules())
{
    public static Task<ImportJob> BeginAsync(SheetFormat format, Write write, Import import) => Task.FromResult<ImportJob>(new ContributionRows(format, write, import));

    protected override async Task FindAsync(RecordContribution.Request request, Faults faults)
    {
        var (donorId, _, _) = await RecordContribution.FindAsync(Write, faults, request);
        var recipientId = request.PledgeId is null ? request.RecipientId : await Write.Sql.QueryFirstOrDefaultAsync<string?>("SELECT recipient_id FROM pledge WHERE id = @PledgeId", new { request.PledgeId });
        if (!Write.By.SpeaksFor(donorId, request.PaidBy, recipientId))
        {
            faults.Add("/donorId", "forbidden", RecordContribution.NotTheirs(Write.By));
        }
    }

    // Whoever sends a file knows what is in it: nothing in it is taken for a double.
    protected override Task<(string Id, bool WasThere)> RecordAsync(RecordContribution.Request request) => RecordContribution.RecordAsync(Write, request with { DistinctFrom = ["all"] });
}

/// <summary>Pledges, each by one donor.</summary>
internal sealed class PledgeRows(SheetFormat format, Write write, Import import) : SheetJob<RecordPledge.Request>(format, write, import, new RecordPledge.Rules())
{
    public static Task<ImportJob> BeginAsync(SheetFormat format, Write write, Import import) => Task.FromResult<ImportJob>(new PledgeRows(format, write, import));

    protected override Task FindAsync(RecordPledge.Request request, Faults faults) => RecordPledge.FindAsync(Write, faults, request);

    protected override Task<(string Id, bool WasThere)> RecordAsync(RecordPledge.Request request) => RecordPledge.RecordAsync(Write, request);
}

/// <summary>Requirements of funds.</summary>
internal sealed class RequirementRows(SheetFormat format, Write write, Import import) : SheetJob<StateRequirement.Request>(format, write, import, new StateRequirement.Rules())
{
    public static Task<ImportJob> BeginAsync(SheetFormat format, Write write, Import import) => Task.FromResult<ImportJob>(new RequirementRows(format, write, import));

    protected override Task FindAsync(StateRequirement.Request request, Faults faults) => Statements.FindAsync(Write, faults, request);

    protected override async Task<(string Id, bool WasThere)> RecordAsync(StateRequirement.Request request) =>
        await StateRequirement.FindSameAsync(Write, request) is { } same ? (same, true) : (await StateRequirement.RecordAsync(Write, request), false);
}
