namespace PledgeTracker.Shortfalls;

/// <summary>What funds lack: reported and computed, latest statement first.</summary>
public sealed class ListShortfalls : Lists<ListShortfalls.Request, Shortfall<string>>
{
    /// <param name="Fund">Only shortfalls of these funds. For example `undp-ffs`.</param>
    /// <param name="Basis">Only reported or only computed ones.</param>
    /// <param name="Current">Only those that no later statement supersedes, or only those that one does.</param>
    /// <param name="StatedFrom">Stated on this day or later, or in a month or a year that has a day as late. For example `2017-01-01`.</param>
    /// <param name="StatedTo">Stated on this day or earlier, or in a month or a year that has a day as early. For example `2018-12-31`.</param>
    public sealed record Request(
        IReadOnlyList<string>? Fund = null, string? Basis = null, bool? Current = null, DateOnly? StatedFrom = null, DateOnly? StatedTo = null) : PastListRequest;

    public sealed class Rules : PastListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.ForAnyOf(r => r.Fund).IsSlug("undp-ffs");
            RuleFor(r => r.Basis).IsOneOf(Vocabulary.ShortfallBases);
            RuleFor(r => r.StatedTo).IsNotBefore("statedFrom", r => r.StatedFrom);
        }
    }

    private static readonly Sorting Sorting = new("-statedOn", ("t.id", typeof(string)), new SortField("statedOn", "t.stated_on", typeof(DateOnly)));

    public override void Configure()
    {
        Get("/v1/shortfalls");
        Tells("Shortfalls", "Shortfalls", "What funds still lack, latest statement first. Reported ones are readings of one gauge: the later supersedes the earlier, and they are " +
            "never added up. Computed ones are a requirement less the commitments to it. `changedSince` goes by what was stated and what superseded it: coverage follows the money. " +
            "As of a day, those that had been stated by then: what superseded them later is left out, and so is money that came later.");
    }

    protected override async Task<Page<Shortfall<string>>> ReadAsync(Request request, View view)
    {
        var (past, basis) = await Past.WithBasisAsync(request, view, Reader);
        if (past is not null)
        {
            return await ThenAsync(request, view, past) with { Basis = basis };
        }

        var changing = request.ChangedSince is not null;
        var filter = new Filter()
            .Where("t.version > @since", "since", await SinceAsync(view, request.ChangedSince))
            .WhereAny(view.Engine, "t.fund_id", "fund", request.Fund)
            .Where("x.no IS NULL", request.Current == true)
            .Where("x.no IS NOT NULL", request.Current == false)
            .WhereOverlaps("t.stated_on", "t.date_precision", request.StatedFrom, request.StatedTo);
        var page = await PageAsync<ShortfallRow>(view, request, changing ? Sorting.ByVersion("t", ("t.id", typeof(string))) : Sorting,
            (where, order) => $"{ShortfallRow.Select(request.Basis, changing, Reader, $"{where} {order}")} {order}",
            where => ShortfallRow.Count(request.Basis, changing, where), filter, (row, _) => (changing ? row.Version : row.StatedOn, row.Id));
        var (shown, _) = await ShortfallRow.ShowAsync(view, page.Data, Reader, InLanguage);
        return new(shown, page.Next, page.Count, basis);
    }

    // As of a day, all statements of then are looked through: which are current follows from them.
    private async Task<Page<Shortfall<string>>> ThenAsync(Request request, View view, Past past)
    {
        var there = new List<StatementThen>();
        foreach (var (_, kind) in ShortfallRow.Both.Where(both => both.Basis == (request.Basis ?? both.Basis)))
        {
            there.AddRange(await Statements.ThenAsync(view, kind, past, request.Fund));
        }

        there.RemoveAll(row => (request.Current is { } current && current != (row.Next is null))
            || (Period.Of(row.Statement.StatedOn, row.Statement.DatePrecision) is var stated && (stated.Last < request.StatedFrom || stated.First > request.StatedTo)));
        var page = await PageAsync(request, Sorting, there, (row, _) => (row.Statement.StatedOn, row.Statement.Id));
        var rows = await ShortfallRow.ThenAsync(view, page.Data, Reader);
        var (shown, _) = await ShortfallRow.ShowAsync(view, rows, Reader, InLanguage, past: past);
        return new(shown, page.Next, page.Count);
    }

    private string? InLanguage(string? en, string? ar) => LocalizedText.Of(en, ar)?.In(Reader.Language);
}
