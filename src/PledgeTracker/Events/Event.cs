using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using PledgeTracker.Changes;
using PledgeTracker.Summaries;

namespace PledgeTracker.Events;

/// <summary>A pledging event: the conference or meeting where pledges were announced.</summary>
/// <typeparam name="TText">Texts are in the negotiated language in lists (<c>string</c>), in both where it stands alone (<see cref="LocalizedText"/>).</typeparam>
public record Event<TText> : IVersioned
    where TText : class
{
    [Hxl("#event+code+conference")]
    public required string Id { get; init; }

    [Hxl("#event+name+conference")]
    public required TText? Name { get; init; }

    [Hxl("#date+start")]
    public required DateOnly StartsOn { get; init; }

    [Hxl("#date+end")]
    public required DateOnly? EndsOn { get; init; }

    [Hxl("#loc+name")]
    public required TText? Place { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    [Hxl("#country+code")]
    public required string? Country { get; init; }

    [Hxl("#description")]
    public required TText? Description { get; init; }

    /// <summary>The earlier round of the same conference.</summary>
    [Hxl("#event+preceding")]
    public required Ref? PrecededBy { get; init; }

    /// <summary>What was announced as the event's total, whether or not its parts were published. Stands beside the itemised figures, and is no part of them.</summary>
    public required ReportedTotal? ReportedTotal { get; init; }

    /// <summary>The itemised sum: what the pledges recorded here come to, over all instruments.</summary>
    public required TotalSet Figures { get; init; }

    /// <summary>The same, kept apart by instrument.</summary>
    public required InstrumentFigures[] ByInstrument { get; init; }

    /// <summary>figures.pledged ÷ reportedTotal.amount: how much of what was announced the pledges recorded here explain.</summary>
    public required ItemisedShare ItemisedShare { get; init; }

    [Hxl("#meta+source")]
    public required Citation[] Citations { get; init; }

    /// <summary>Set where an admin blanked free text of it.</summary>
    public required Redacted? Redacted { get; init; }

    /// <summary>How it was read; only when asked for as of a day, with `asOf` or `knownAt`.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Basis? Basis { get; init; }

    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>A pledging event alone, its texts in both languages, with what is measured of its pledges.</summary>
public sealed record Event : Event<LocalizedText>
{
    [SetsRequiredMembers]
    internal Event(Event<LocalizedText> shown, Ratio newMoneyShare, IReadOnlyList<ChangeOnRound>? changeOnRound)
        : base(shown) => (NewMoneyShare, ChangeOnRound) = (newMoneyShare, changeOnRound);

    /// <summary>What was pledged and restates no earlier pledge ÷ all that was pledged here, restated pledges among it. Money passed on is in neither.</summary>
    [JsonPropertyOrder(1)]
    public Ratio NewMoneyShare { get; }

    /// <summary>What each donor promised here, pledged − withdrawn, beside what it had promised at the event that came before; null where none is named in `precededBy`.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<ChangeOnRound>? ChangeOnRound { get; }
}

/// <summary>A total as it was announced.</summary>
public sealed record ReportedTotal
{
    [Hxl("#value+reported")]
    public required decimal Amount { get; init; }

    /// <example>USD</example>
    [Hxl("#currency+code")]
    public required string Currency { get; init; }

    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string Qualifier { get; init; }
}

/// <summary>An event as it is read, for whatever shows events.</summary>
internal sealed record EventRow : RedactableRow
{
    /// <summary>What is selected, and from what, in front of the WHERE that finds <c>event v</c>.</summary>
    public static string Select(Reader reader) => $"""
        SELECT v.id, v.name_en, v.name_ar, v.starts_on, v.ends_on, v.place_en, v.place_ar, v.country, v.description_en, v.description_ar,
               v.reported_minor, v.reported_currency, v.reported_qualifier, v.version, v.preceded_by, {reader.Text("b.name")} AS preceded_by_name,
               {RedactionColumns}
        FROM event v LEFT JOIN event b ON b.id = v.preceded_by LEFT JOIN redaction rd ON rd.seq = v.redacted_by
        """;

    public required string Id { get; init; }
    public string? NameEn { get; init; }
    public string? NameAr { get; init; }
    public required DateOnly StartsOn { get; init; }
    public DateOnly? EndsOn { get; init; }
    public string? PlaceEn { get; init; }
    public string? PlaceAr { get; init; }
    public string? Country { get; init; }
    public string? DescriptionEn { get; init; }
    public string? DescriptionAr { get; init; }
    public long? ReportedMinor { get; init; }
    public string? ReportedCurrency { get; init; }
    public string? ReportedQualifier { get; init; }
    public string? PrecededBy { get; init; }
    public string? PrecededByName { get; init; }
    public required long Version { get; init; }

    /// <summary>With the description and the reported total that it had before it was amended.</summary>
    private EventRow Said(JsonElement then)
    {
        var total = then.Member("reportedTotal");
        return this with
        {
            DescriptionEn = then.Member("description").Word("en"),
            DescriptionAr = then.Member("description").Word("ar"),
            ReportedMinor = total.Number("amount") is { } amount ? Currency.Minor(amount, total.Word("currency")!) : null,
            ReportedCurrency = total.Word("currency"),
            ReportedQualifier = total.Word("qualifier"),
        };
    }

    /// <summary>Rows as they are shown, with their figures and citations.</summary>
    public static async Task<List<Event<TText>>> ShowAsync<TText>(Session session, IReadOnlyList<EventRow> rows, Reader reader, Func<string?, string?, TText?> text, Past? past = null)
        where TText : class
    {
        if (past is not null)
        {
            var said = await past.SaidAsync(session, "event", [.. rows.Select(row => row.Id)]);
            rows = [.. rows.Select(row => said.TryGetValue(row.Id, out var then) ? row.Said(then) : row)];
        }

        var totals = await Totals.OfAsync(session, "event", rows.Select(row => row.Id), past);
        var citations = await Citations.OfAsync(session, "event_id", rows.Select(row => row.Id), reader);
        return [.. rows.Select(row => new Event<TText>
        {
            Id = row.Id,
            Name = text(row.NameEn, row.NameAr),
            StartsOn = row.StartsOn,
            EndsOn = row.EndsOn,
            Place = text(row.PlaceEn, row.PlaceAr),
            Country = row.Country,
            Description = text(row.DescriptionEn, row.DescriptionAr),
            PrecededBy = Ref.Of(row.PrecededBy, row.PrecededByName),
            ReportedTotal = row.ReportedMinor is { } minor
                ? new() { Amount = Currency.Major(minor, row.ReportedCurrency!), Currency = row.ReportedCurrency!, Qualifier = row.ReportedQualifier! }
                : null,
            Figures = TotalSet.Of(totals[row.Id].All),
            ByInstrument = totals[row.Id].ByInstrument,
            ItemisedShare = ItemisedShare.Of(totals[row.Id].All.Pledged, row.ReportedCurrency == "USD" ? row.ReportedMinor : null, row.ReportedQualifier),
            Citations = [.. citations[row.Id]],
            Redacted = row.Redacted,
            Version = row.Version,
        })];
    }
}
