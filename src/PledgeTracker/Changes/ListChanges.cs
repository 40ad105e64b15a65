namespace PledgeTracker.Changes;

/// <summary>What was done, by whom, in the order of doing.</summary>
public sealed class ListChanges : Lists<ListChanges.Request, Change>
{
    /// <param name="After">Only changes after this sequence.</param>
    /// <param name="Entity">Only changes of these kinds of things.</param>
    /// <param name="Actor">Only changes by these actors, or made with the keys of these organizations (`actorFor`). For example `seed`, or `grc`.</param>
    /// <param name="Donor">Only changes about these donors: of their pledges, of their own entries, of what is said of themselves. For example `deu`.</param>
    /// <param name="Fund">Only changes about these funds: of what is given to them, of what they need and lack, of what is said of themselves. For example `undp-ffs`.</param>
    /// <param name="Event">Only changes about these events and what was announced there. For example `kuwait-conference-2018`.</param>
    /// <param name="Pledge">Only changes of this pledge and of what was entered under it.</param>
    /// <param name="From">Made on this day (UTC) or later. For example `2026-01-01`.</param>
    /// <param name="To">Made on this day (UTC) or earlier. For example `2026-12-31`.</param>
    public sealed record Request(
        int? After = null, IReadOnlyList<string>? Entity = null, IReadOnlyList<string>? Actor = null, IReadOnlyList<string>? Donor = null, IReadOnlyList<string>? Fund = null,
        IReadOnlyList<string>? Event = null, string? Pledge = null, DateOnly? From = null, DateOnly? To = null) : ListRequest;

    public sealed class Rules : ListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            RuleFor(r => r.After).IsWithin(0, int.MaxValue, 0);
            this.ForAnyOf(r => r.Entity).IsOneOf(Vocabulary.Entities);
            this.ForAnyOf(r => r.Actor).Keeps("IsActor", actor => actor.Length is > 0 and <= 100 && !actor.Any(char.IsControl), schema => schema.MaxLength = 100)
                .Or("invalid_id", "Send an actor as it stands in the changes, such as seed, or the id of an organization.", "أرسل اسم الفاعل كما يرد في التغييرات مثل seed، أو معرف جهة.");
            this.ForAnyOf(r => r.Donor).IsSlug("deu");
            this.ForAnyOf(r => r.Fund).IsSlug("undp-ffs");
            this.ForAnyOf(r => r.Event).IsSlug("kuwait-conference-2018");
            RuleFor(r => r.Pledge).IsUuid().Or("invalid_id",
                "Send a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057.", "أرسل معرفا من نوع UUID مثل 01890a5d-ac96-774b-bcce-b302099a8057.");
            RuleFor(r => r.To).IsNotBefore("from", r => r.From);
        }
    }

    private static readonly Sorting Sorting = new("sequence", ("c.seq", typeof(long)), new SortField("sequence", "c.seq", typeof(long)));

    public override void Configure()
    {
        Get("/v1/changes");
        Tells("Changes", "Changes", "Every change of the data in the order of making, each as a sentence in both languages: who, what, how much, when. What was sent, and what was there before, " +
            "stands at `/v1/changes/{sequence}`. Nothing is ever taken out of this log but free text that an admin redacted, and then it says so. " +
            "Several values of a filter are joined by commas and mean any of them.");
    }

    protected override async Task<Page<Change>> ReadAsync(Request request, View view)
    {
        // Times grow with the sequence, so days are bounds of it; an actor's or an entity's changes stand in an index that ends in it.
        var (from, seq, filter) = ChangeRow.WalkAbout(view.Engine, await References.SurvivorsAsync(view, request.Donor), request.Fund, request.Event, isWalked: request.Pledge is null);
        var sorting = new Sorting("sequence", (seq, typeof(long)), new SortField("sequence", seq, typeof(long)));
        filter
            .Where($"{seq} > @since", "since", request.After)
            .Where("c.pledge_id = @pledge", "pledge", request.Pledge?.ToLowerInvariant())
            .WhereAny(view.Engine, "c.entity", "entity", request.Entity)
            .WhereAny(view.Engine, "c.actor", "actor", await Recorders.ActorsAsync(view, request.Actor))
            .Where($"{seq} >= coalesce((SELECT seq FROM change WHERE at >= @from ORDER BY at, seq LIMIT 1), 9223372036854775807)", "from", At(request.From, TimeOnly.MinValue))
            .Where($"{seq} <= coalesce((SELECT seq FROM change WHERE at <= @to ORDER BY at DESC, seq DESC LIMIT 1), 0)", "to", At(request.To, TimeOnly.MaxValue));

        var page = await PageAsync<ChangeRow>(view, request, sorting, ChangeRow.Select(from), $"FROM {from}", filter, (row, _) => (row.Seq, row.Seq));
        return new(await ChangeRow.ShowAsync(view, page.Data, Reader), page.Next, page.Count);
    }

    private static DateTimeOffset? At(DateOnly? day, TimeOnly time) => day is { } on ? new DateTimeOffset(on, time, TimeSpan.Zero) : null;
}
