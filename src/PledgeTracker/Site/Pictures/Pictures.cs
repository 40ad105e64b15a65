using PledgeTracker.Events;
using PledgeTracker.Summaries;

namespace PledgeTracker.Site;

/// <summary>What became of promises, as a picture.</summary>
public abstract class Pictures<TRequest> : Asks<TRequest>
    where TRequest : PastRequest
{
    private protected sealed override Format Own => Format.Svg;

    /// <summary>Its address, and whose promises it shows.</summary>
    /// <param name="kind">`event`, `fund` or `donor`.</param>
    private protected void Draws(string kind, string tag, string summary)
    {
        Get($"/v1/{kind}s/{{id}}/pipeline.svg");
        Tells(tag, summary, "For articles: put its address into `<img>`. A bar of the four stages that add up to what was pledged, with its key, a sentence, and the day and the data version as of which it stands; " +
            "what an event was reported to have raised beyond that is an outline. It needs no style sheet, font or script. " +
            "Screen readers find all of it in words. `lang=ar` is for pages that cannot send `Accept-Language`; Arabic runs from right to left.", 404);
    }

    /// <summary>The picture of what an answer says.</summary>
    /// <param name="answer">Whose figures they are, and what is said of them, from how many promises there are.</param>
    private protected async Task<string> DrawAsync<TAnswer>(Subject of, Edition edition, Func<TAnswer, (LocalizedText? Name, TotalSet Figures, ReportedTotal? Reported)> answer, Func<TAnswer, int, IEnumerable<Said>> lead)
        where TAnswer : class
    {
        var subject = await AskAsync<TAnswer>(of.Itself);
        var promised = await AskAsync<Summary>(of.Promised);
        var (name, figures, reported) = answer(subject);
        return new PipelinePicture(edition, edition.Say(name), [.. lead(subject, promised.Total.Pledges)], figures, reported, Pipeline.Whole(HttpContext, of.Page)).Draw();
    }
}
