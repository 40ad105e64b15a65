namespace PledgeTracker.Changes;

/// <summary>What was done, by whom, in the order of doing.</summary>
public sealed class ListChanges : Lists<ListChanges.Request, Change>
{
    /// <param name="After">Only changes after this sequence.</param>
    /// <param name="Entity">Only changes of this kind of thing.</param>
    /// <param name="Actor">Only changes by this actor. For example `seed`.</param>
    /// <param name="From">Made on this day (UTC) or later. For example `2026-01-01`.</param>
    /// <param name="To">Made on this day (UTC) or earlier. For example `2026-12-31`.</param>
    public sealed record Request(int? After = null, string? Entity = null, string? Actor = null, DateOnly? From = null, DateOnly? To = null) : ListRequest;

    public sealed class Rules : ListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            RuleFor(r => r.After).IsWithin(0, int.MaxValue, 0);
            RuleFor(r => r.Entity).IsOneOf(
                ["organization", "fund", "event", "source", "exchange_rate", "requirement", "shortfall", "indicator", "pledge", "contribution", "entry"]);
            RuleFor(r => r.Actor).Keeps("IsActor", actor => actor.Length is > 0 and <= 100 && !actor.Any(char.IsControl), schema => schema.MaxLength = 100)
                .Or("invalid_id", "Send an actor as it stands in the changes, such as seed.", "أرسل اسم الفاعل كما يرد في التغييرات مثل seed.");
            RuleFor(r => r.To).IsNotBefore("from", r => r.From);
        }
    }

    private static readonly Sorting Sorting = new("sequence", ("c.seq", typeof(long)), new SortField("sequence", "c.seq", typeof(long)));

    public override void Configure()
    {
        Get("/v1/changes");
        Tells("Changes", "Changes", "Every change of the data with what was there before, in the order of making. Nothing is ever taken out of this log.");
    }

    protected override async Task<Page<Change>> ReadAsync(Request request, View view)
    {
        // Times grow with the sequence, so days are bounds of it; an actor's or an entity's changes stand in an index that ends in it.
        var filter = new Filter()
            .Where("c.seq > @since", "since", request.After)
            .Where("c.entity = @entity", "entity", request.Entity)
            .Where("c.actor = @actor", "actor", request.Actor)
            .Where("c.seq >= coalesce((SELECT seq FROM change WHERE at >= @from ORDER BY at, seq LIMIT 1), 9223372036854775807)", "from", At(request.From, TimeOnly.MinValue))
            .Where("c.seq <= coalesce((SELECT seq FROM change WHERE at <= @to ORDER BY at DESC, seq DESC LIMIT 1), 0)", "to", At(request.To, TimeOnly.MaxValue));
        var page = await PageAsync<ChangeRow>(view, request, Sorting, ChangeRow.Select(Reader), "FROM change c", filter, (row, _) => (row.Seq, row.Seq));
        return page.Of(row => row.ToChange());
    }

    private static DateTimeOffset? At(DateOnly? day, TimeOnly time) => day is { } on ? new DateTimeOffset(on, time, TimeSpan.Zero) : null;
}
