using PledgeTracker.Events;
using PledgeTracker.Funds;
using PledgeTracker.Organizations;
using PledgeTracker.Shortfalls;
using PledgeTracker.Summaries;

namespace PledgeTracker.Site;

/// <summary>One part of a page alone, for a frame on any other site.</summary>
public sealed class EmbedPage : Pages<EmbedPage.Request>
{
    public sealed record Request(string Block) : SubjectRequest
    {
        /// <summary>Whose money it shows; one of the three.</summary>
        public string? Event { get; init; }

        /// <inheritdoc cref="Event"/>
        public string? Fund { get; init; }

        /// <inheritdoc cref="Event"/>
        public string? Donor { get; init; }
    }

    public sealed class Rules : SubjectRules<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Event).Must((r, id) => new[] { id, r.Fund, r.Donor }.Count(of => of is not null) == 1).Or("not_allowed", Texts.SendOneOfThree);
            RuleFor(r => r.Event).IsSlug();
            RuleFor(r => r.Fund).IsSlug();
            RuleFor(r => r.Donor).IsSlug();
            RuleFor(r => r.Donor).Must((r, donor) => donor is null || r.Block is not ("donors" or "gap")).Or("not_allowed",
                "Send event or fund: a donor has no donors and lacks nothing.", "أرسل event أو fund: ليس للجهة المانحة جهات مانحة ولا عجز.");
        }
    }

    /// <summary>The parts there are.</summary>
    internal static readonly IReadOnlyDictionary<string, LocalizedText> Blocks = new Dictionary<string, LocalizedText>
    {
        ["stages"] = Texts.WhatBecameOfIt,
        ["donors"] = Texts.WhoPromised,
        ["steps"] = Texts.OverTime,
        ["ageing"] = Texts.HowLongOpen,
        ["gap"] = Texts.WhatIsMissing,
    };

    private protected override string FrameAncestors => "*";

    public override void Configure() => Shows("/embed/{block}", "A part of a page alone");

    protected override async Task<Shown> ShowAsync(Request request, Edition edition)
    {
        if (!Blocks.TryGetValue(request.Block, out var called))
        {
            throw Refused.Missing($"There is no such part. Send one of {string.Join(", ", Blocks.Keys)}.", $"لا يوجد جزء بهذا الاسم. أرسل واحدا مما يلي: {string.Join("، ", Blocks.Keys)}.");
        }

        var (kind, id) = request.Event is { } held ? ("event", held) : request.Fund is { } fund ? ("fund", fund) : ("donor", request.Donor!);
        var of = Subject.Of(kind, id, edition.Address, request);
        object subject;
        try
        {
            subject = await AskAsync<object>(of.Itself);
        }
        catch (Moved survivor)
        {
            // A frame goes on to show what it was made for.
            of = of with { Id = survivor.Message[(survivor.Message.LastIndexOf('/') + 1)..] };
            subject = await AskAsync<object>(of.Itself);
        }

        var (name, figures, total) = subject switch
        {
            Event e => (e.Name, e.Figures, e.ReportedTotal),
            Fund f => (f.Name, f.Figures, null),
            _ => (((Donor)subject).Name, ((Donor)subject).Figures, null),
        };
        var model = new Model { Of = of, Block = request.Block, Called = called, Name = edition.Say(name), Figures = figures, Reported = total };
        model = request.Block switch
        {
            "donors" => model with { Donors = await AskAsync<Summary>(of.Donors) },
            "steps" when await IsLargeAsync(of) => model with { StepsApi = of.StepsApi },
            "steps" => await SeriesAsync(of) is var (series, api) ? model with { Series = series, StepsApi = api } : model,
            "ageing" when !await IsLargeAsync(of) => model with { Ageing = (await AskAsync<Summary>(of.Ageing)).Total.Measures.Ageing },
            "gap" => await GapsAsync(of) is var (funds, gaps) ? model with { Funds = funds, Gaps = gaps } : model,
            _ => model,
        };
        var title = $"{model.Name} · {edition.Say(called)}";
        return new Shown(typeof(EmbedView), model, title, title) { IsEmbedded = true };
    }

    public sealed record Model
    {
        public required Subject Of { get; init; }
        public required string Block { get; init; }
        public required LocalizedText Called { get; init; }
        public required string Name { get; init; }
        public required TotalSet Figures { get; init; }
        public required ReportedTotal? Reported { get; init; }

        // Of the block that is shown.
        public Summary? Donors { get; init; }
        public TimeSeries? Series { get; init; }
        public string? StepsApi { get; init; }
        public Ageing? Ageing { get; init; }
        public IReadOnlyList<string> Funds { get; init; } = [];
        public IReadOnlyList<Shortfall<string>> Gaps { get; init; } = [];
    }
}
