namespace PledgeTracker.Site;

/// <summary>Where holders of a key record: a contribution, a spreadsheet, and what they recorded before.</summary>
/// <remarks>It shows nothing of anybody: its script asks the API with the key, which is typed into it and stays in the tab. So nobody keeps it, nobody frames it, and no cookie goes with it.</remarks>
public sealed class RecordPage : Pages<RecordPage.Request>
{
    public sealed record Request : PageRequest;

    public sealed class Rules : PageRules<Request>;

    private protected override bool MayBeStored => false;

    public override void Configure() => Shows("/record", "Recording by hand");

    protected override Task<Shown> ShowAsync(Request request, Edition edition) => Task.FromResult(
        new Shown(typeof(RecordView), new Model(), edition.Say(Texts.Recording.Title), edition.Say(Texts.Recording.Intro)) { Part = "record", IsLive = false, Script = "record.js" });

    public sealed record Model;
}
