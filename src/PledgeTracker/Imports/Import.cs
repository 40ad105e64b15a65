using System.Text.Json;

namespace PledgeTracker.Imports;

/// <summary>An import as it is stored.</summary>
internal sealed record Import
{
    public const string Columns = """
        i.no, i.id, i.format, i.dataset, i.complete, i.mode, i.dry_run, i.state, i.files, i.mapping, i.report, i.actor, i.role, i.organization_id, i.created_at, i.begun_at, i.ended_at,
        i.rows_read, i.rows_repeated, i.rows_refused, i.rows_created, i.rows_changed, i.rows_unchanged, i.reached, i.last_row
        """;

    /// <summary>The same of an UPDATE that returns them: SQLite knows no alias there.</summary>
    public static readonly string Returned = Columns.Replace("i.", "", StringComparison.Ordinal);

    public required long No { get; init; }
    public required string Id { get; init; }
    public required string Format { get; init; }

    /// <summary>Whose rows they are; null where the format has no datasets.</summary>
    public string? Dataset { get; init; }

    /// <summary>Whether they are all of the dataset: what it had and they do not tell is dropped.</summary>
    public required bool Complete { get; init; }

    public required string Mode { get; init; }
    public required bool DryRun { get; init; }
    public required string State { get; init; }
    public required string[] Files { get; init; }
    public required string Mapping { get; init; }
    public required string Report { get; init; }
    public required string Actor { get; init; }
    public required string Role { get; init; }
    public string? OrganizationId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? BegunAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public required long RowsRead { get; init; }
    public required long RowsRepeated { get; init; }
    public required long RowsRefused { get; init; }
    public required long RowsCreated { get; init; }
    public required long RowsChanged { get; init; }
    public required long RowsUnchanged { get; init; }
    public required long Reached { get; init; }
    public required long LastRow { get; init; }

    /// <summary>Who sent it, and so who records what is in it.</summary>
    public Caller By => new(Actor, Enum.Parse<Role>(Role, ignoreCase: true), OrganizationId);

    /// <summary>Which organization a name of the file means, by what was sent along: by the name as it stands there.</summary>
    public IReadOnlyDictionary<string, string> Organizations => field ??= JsonSerializer.Deserialize<Dictionary<string, string>>(Mapping, Json.Options)!;

    public ImportReport Reported => field ??= JsonSerializer.Deserialize<ImportReport>(Report, Json.Options)!;
}
