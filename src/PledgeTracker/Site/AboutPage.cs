using PledgeTracker.Meta;
using PledgeTracker.Sources;

namespace PledgeTracker.Site;

/// <summary>What the figures mean, how to cite and to correct them, and where they come from.</summary>
public sealed class AboutPage : Pages<AboutPage.Request>
{
    public sealed record Request : PageRequest;

    public sealed class Rules : PageRules<Request>;

    private const int MostSources = 500;

    public override void Configure() => Shows("/about", "About the figures");

    protected override async Task<Shown> ShowAsync(Request request, Edition edition)
    {
        var title = edition.Say(Texts.AboutTitle);
        return new Shown(typeof(AboutView), new Model
        {
            Meta = await AskAsync<MetaInfo>(new GetMeta.Request()),
            Sources = await AskAsync<Page<SourceItem>>(new ListSources.Request { Limit = MostSources }),
            Said = Explained.Read(Services.GetRequiredService<OpenApiTexts>().Json),
        }, title, edition.Say(Texts.AboutLead))
        { Part = "about" };
    }

    public sealed record Model
    {
        public required MetaInfo Meta { get; init; }

        public required Page<SourceItem> Sources { get; init; }

        /// <summary>What the OpenAPI document says of shapes and their members, in English.</summary>
        public required IReadOnlyDictionary<string, string> Said { get; init; }
    }
}
