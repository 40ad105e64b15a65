using System.Text.Json;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Ledger;

/// <summary>The figures of one instrument: loans, credit lines, investments and memoranda are never silently mixed with grants.</summary>
public sealed record InstrumentFigures
{
    [OneOf(nameof(Words.Instruments))]
    public required string Instrument { get; init; }

    public required FigureSet Figures { get; init; }
}

/// <summary>The totals of a donor, a fund or an event.</summary>
internal sealed record TotalRow : SumsRow
{
    /// <summary>The columns of `total t`, zero where there is no row.</summary>
    public const string Columns = """
        coalesce(t.pledged_usd, 0) AS pledged_usd, coalesce(t.withdrawn_usd, 0) AS withdrawn_usd, coalesce(t.committed_usd, 0) AS committed_usd,
        coalesce(t.paid_usd, 0) AS paid_usd, coalesce(t.paid_on_pledged_usd, 0) AS paid_on_pledged_usd, coalesce(t.outstanding_usd, 0) AS outstanding_usd
        """;

    private static readonly string Instruments = JsonSerializer.Serialize(Words.Instruments.Prepend("all"));

    public required string Instrument { get; init; }

    /// <summary>One's totals: over all instruments, and for each that occurs.</summary>
    public static (FigureSet All, IReadOnlyList<InstrumentFigures> ByInstrument) Of(IQueries queries, string scope, string id)
    {
        var rows = queries.Query<TotalRow>($"""
            SELECT t.instrument, {Columns} FROM json_each(@instruments) i CROSS JOIN total t ON t.scope = @scope AND t.instrument = i.value AND t.id = @id
            ORDER BY t.instrument
            """, ("@instruments", Instruments), ("@scope", scope), ("@id", id));
        return (FigureSet.Of(rows.FirstOrDefault(r => r.Instrument == "all") ?? new TotalRow { Instrument = "all" }),
            [.. rows.Where(r => r.Instrument != "all").Select(r => new InstrumentFigures { Instrument = r.Instrument, Figures = FigureSet.Of(r) })]);
    }
}

/// <summary>Asking for the totals of one instrument.</summary>
internal static class ByInstrument
{
    public static readonly QueryParameter<string> Instrument = QueryParameter.OneOf("instrument", "Figures of this instrument alone.", Words.Instruments);

    public static readonly QueryParameter<bool?> GrantsOnly = QueryParameter.Flag("grantsOnly", "`true` is short for `instrument=grant`.");

    /// <summary>`all` unless the request says otherwise; nothing has the instrument of a request that contradicts itself.</summary>
    public static string Of(ReadRequest request) => (request.Get(Instrument), request.Get(GrantsOnly)) switch
    {
        (null or "grant", true) => "grant",
        (_, true) => "",
        (var instrument, _) => instrument ?? "all",
    };
}
