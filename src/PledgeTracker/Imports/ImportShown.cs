using System.Text.Json;
using System.Text.Json.Serialization;

namespace PledgeTracker.Imports;

/// <summary>A file, or the pages of one, that somebody sent to be recorded.</summary>
public sealed record ImportShown
{
    [Hxl("#meta+id")]
    public required string Id { get; init; }

    /// <summary>What the files are.</summary>
    [OneOf(nameof(Vocabulary.ImportFormats))]
    public required string Format { get; init; }

    /// <summary>Whose rows they are; null where they are nobody's snapshot.</summary>
    public string? Dataset { get; init; }

    /// <summary>Whether they are all of the dataset: what it had and they do not tell is dropped.</summary>
    public required bool Complete { get; init; }

    /// <summary>`all`: one refused row refuses the file. `per-row`: the others go in.</summary>
    [OneOf(nameof(Vocabulary.ImportModes))]
    public required string Mode { get; init; }

    /// <summary>It is only tried out: nothing of it is recorded.</summary>
    public required bool DryRun { get; init; }

    /// <summary>`staging` while it is read, `checking` while it is tried out, `applying` until all of it is in, then `done`; or `refused`, `cancelled`; `checked` where it was only tried out.</summary>
    [OneOf(nameof(Vocabulary.ImportStates))]
    [Hxl("#status")]
    public required string State { get; init; }

    /// <summary>The names of the files, in their order.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public required RowCounts Rows { get; init; }

    /// <summary>How much of what it does now is done, from 0 to 1.</summary>
    public required decimal Progress { get; init; }

    /// <summary>About how long that takes still, in seconds; null where it cannot be told yet, or it is over.</summary>
    public long? SecondsLeft { get; init; }

    /// <summary>What is to be said of the files as a whole: that one is in windows-1256, say.</summary>
    public required IReadOnlyList<RowFaultShown> Notes { get; init; }

    /// <summary>Names that are not known here, with those that are like them. Nothing is taken for another by itself: send a `mapping`, or correct the file.</summary>
    public required IReadOnlyList<NameSuggestion> Suggestions { get; init; }

    /// <summary>The totals by the publisher's own rules; null where it has none.</summary>
    public ImportTotals? Totals { get; init; }

    [Hxl("#date+created")]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who sent it: `key:` and a key's id, or `local`.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was done, refused or cancelled.</summary>
    [Hxl("#date+ended")]
    public DateTimeOffset? EndedAt { get; init; }

    internal static ImportShown Of(Import import, Reader reader, DateTimeOffset now)
    {
        var report = import.Reported;
        var (isOver, progress) = (import.EndedAt is not null, import.LastRow == 0 ? 0 : decimal.Round((decimal)import.Reached / import.LastRow, 4));
        return new()
        {
            Id = import.Id,
            Format = import.Format,
            Dataset = import.Dataset,
            Complete = import.Complete,
            Mode = import.Mode,
            DryRun = import.DryRun,
            State = import.State,
            Files = import.Files,
            Rows = new RowCounts(import.RowsRead, import.RowsCreated, import.RowsChanged, import.RowsUnchanged, import.RowsRefused, import.RowsRepeated),
            Progress = isOver ? 1 : progress,
            SecondsLeft = isOver || import.BegunAt is not { } begun || import.Reached == 0 ? null
                : (long)decimal.Ceiling((decimal)(now - begun).TotalSeconds * (import.LastRow - import.Reached) / import.Reached),
            Notes = RowFaultShown.Of(report.Notes, reader),
            Suggestions = report.Suggestions,
            Totals = report.Totals,
            CreatedAt = import.CreatedAt,
            CreatedBy = import.Actor,
            EndedAt = import.EndedAt,
        };
    }
}

/// <summary>How many rows an import has, and what came of them so far.</summary>
/// <param name="Read">All that stand in the files.</param>
/// <param name="Created">What was recorded.</param>
/// <param name="Changed">What a later snapshot of a dataset told otherwise.</param>
/// <param name="Unchanged">What was recorded already.</param>
/// <param name="Refused">What was not recorded; `/rows` says why.</param>
/// <param name="Repeated">Rows that stand there once more: they are one.</param>
public sealed record RowCounts(long Read, long Created, long Changed, long Unchanged, long Refused, long Repeated);

/// <summary>What is wrong with a row, or to be said of it.</summary>
/// <param name="Member">The member it is about, or the column; empty where it is about all of it.</param>
/// <param name="Cell">The cell, such as `E7`; null where there are none.</param>
/// <param name="Code">For programs, as in problem documents.</param>
/// <param name="Text">What is there, and what to send.</param>
public sealed record RowFaultShown(string Member, string? Cell, string Code, string Text)
{
    internal static IReadOnlyList<RowFaultShown> Of(IEnumerable<RowFault> faults, Reader reader) => [.. faults.Select(f => new RowFaultShown(f.Member, f.Cell, f.Code, f.Text.In(reader.Language)!))];

    internal static IReadOnlyList<RowFaultShown> Of(string? stored, Reader reader) =>
        stored is null ? [] : Of(JsonSerializer.Deserialize<List<RowFault>>(stored, Json.Options)!, reader);
}

/// <summary>A row of an import, and what came of it.</summary>
public sealed record ImportedRow
{
    /// <summary>Which of the files it stands in, from 1; 0 for what no file tells any more.</summary>
    public required long Page { get; init; }

    /// <summary>Its row there as spreadsheets count them; of JSON its place in the list, from 1.</summary>
    public required long Row { get; init; }

    /// <summary>What no other row of the import has: the number of a flow, say.</summary>
    [Hxl("#meta+id")]
    public string? Key { get; init; }

    /// <summary>Null while it waits.</summary>
    [OneOf(nameof(Vocabulary.RowOutcomes))]
    [Hxl("#status")]
    public string? Outcome { get; init; }

    /// <summary>The pledge, contribution or fund that it speaks of.</summary>
    public string? RecordId { get; init; }

    /// <summary>Why it is refused.</summary>
    public required IReadOnlyList<RowFaultShown> Faults { get; init; }

    /// <summary>What was read otherwise than it stands there.</summary>
    public required IReadOnlyList<RowFaultShown> Notes { get; init; }

    /// <summary>Of a dataset: what is other than its last snapshot had it; null where nothing is.</summary>
    public FlowDifference? Difference { get; init; }
}

/// <summary>What a later snapshot of a dataset tells otherwise of a flow.</summary>
/// <param name="Kind">`new`; `advanced` or `went_back` where its status did, from pledge to commitment to payment; `amount_changed`; `changed` in something else; `dropped`; `returned` after it was dropped.</param>
/// <param name="DonorId">Whose money it is.</param>
/// <param name="BeforeStatus">The publisher's word as it was; null of a new one.</param>
/// <param name="BeforeUsd">Its US dollars as they were.</param>
/// <param name="AfterStatus">As it is; null of one that was dropped.</param>
/// <param name="AfterUsd">Its US dollars as they are.</param>
public sealed record FlowDifference(
    [property: OneOf(nameof(Vocabulary.Differences))] string Kind, string? DonorId, string? BeforeStatus, decimal? BeforeUsd, string? AfterStatus, decimal? AfterUsd);

/// <summary>A row of an import as it is stored.</summary>
internal sealed record ImportedRowStored
{
    public const string Columns = """
        r.no, r.page, r.line, r.key, r.outcome, r.record_id, r.faults, r.notes, r.difference, r.donor_id, r.before_status, r.before_usd, r.after_status, r.after_usd
        """;

    public required long No { get; init; }
    public required long Page { get; init; }
    public required long Line { get; init; }
    public string? Key { get; init; }
    public string? Outcome { get; init; }
    public string? RecordId { get; init; }
    public string? Faults { get; init; }
    public string? Notes { get; init; }
    public string? Difference { get; init; }
    public string? DonorId { get; init; }
    public string? BeforeStatus { get; init; }
    public long? BeforeUsd { get; init; }
    public string? AfterStatus { get; init; }
    public long? AfterUsd { get; init; }

    public ImportedRow Show(Reader reader) => new()
    {
        Page = Page,
        Row = Line,
        Key = Key,
        Outcome = Outcome,
        RecordId = RecordId,
        Faults = RowFaultShown.Of(Faults, reader),
        Notes = RowFaultShown.Of(Notes, reader),
        Difference = ToDifference(),
    };

    public FlowDifference? ToDifference() => Difference is null ? null : new(Difference, DonorId, BeforeStatus, Usd(BeforeUsd), AfterStatus, Usd(AfterUsd));

    internal static decimal? Usd(long? cents) => cents is { } minor ? Words.Currency.Usd(minor) : null;
}
