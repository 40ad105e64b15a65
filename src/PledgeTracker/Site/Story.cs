using PledgeTracker.Events;

namespace PledgeTracker.Site;

/// <summary>A whole sentence, and what is put into it.</summary>
public sealed record Said(LocalizedText Text, params IReadOnlyList<Told> Parts)
{
    /// <summary>As a text alone.</summary>
    public string Plain(Edition edition) => edition.Say(Text, [.. Parts.Select(part => part.Plain(edition))]);
}

/// <summary>A part of a sentence: words, or an amount that leads to what it rests on.</summary>
public sealed record Told
{
    public string? Words { get; init; }

    public decimal? Amount { get; init; }

    public string Currency { get; init; } = "USD";

    public string Qualifier { get; init; } = "exact";

    /// <summary>Where an amount stands in the API's answer.</summary>
    public string? At { get; init; }

    /// <summary>Of words that are a count: the number, and the answer in which it stands.</summary>
    public (int Number, string Api)? Count { get; init; }

    /// <summary>Its stage, as the underline shows it: `f-paid`, `f-cu`, `f-po`, `f-wd` or `f-rep`.</summary>
    public string? Class { get; init; }

    /// <summary>Where it leads.</summary>
    public string? Href { get; init; }

    public string Plain(Edition edition) => Words ?? string.Join(' ', new[] { edition.Qualifier(Qualifier), edition.Money(Amount!.Value, Currency) }.Where(word => word.Length > 0));
}

/// <summary>What stands, as sentences by rules.</summary>
internal static class Story
{
    /// <summary>What was reported of an event, what named donors promised there, and what came.</summary>
    /// <param name="promises">How many there are.</param>
    /// <param name="counted">The answer in which that stands.</param>
    public static IEnumerable<Said> OfEvent(Edition edition, Event held, int promises, string counted)
    {
        if (edition.Day < held.StartsOn)
        {
            yield return new Said(Texts.StillToCome, new Told { Words = edition.Date(held.StartsOn) });
        }

        var (figures, total) = (held.Figures, held.ReportedTotal);
        var (named, many) = (Promised(figures), Counted(edition, promises, counted));
        var reported = total is null ? null : new Told { Amount = total.Amount, Currency = total.Currency, Qualifier = total.Qualifier, At = "/reportedTotal/amount", Class = "f-rep", Href = "#sources" };
        yield return (reported, figures.Pledged > 0) switch
        {
            (null, false) => new Said(Texts.NothingPromised),
            (null, true) => new Said(Texts.NamedAlone, named, many),
            (_, false) => new Said(Texts.ReportedAlone, reported),
            _ => new Said(total is { Currency: "USD" } && total.Amount >= figures.Pledged ? Texts.ReportedAndNamed : Texts.ReportedBesideNamed, reported, named, many),
        };
        foreach (var sentence in WhatCame(edition, figures, "/figures", "#over-time", held.EndsOn ?? held.StartsOn).Concat(Unpledged(figures)))
        {
            yield return sentence;
        }
    }

    /// <summary>What was promised to a fund, or by a donor, and what came.</summary>
    /// <param name="promised">The sentence of the first: {0} how much, {1} how many promises.</param>
    public static IEnumerable<Said> Of(Edition edition, LocalizedText promised, TotalSet figures, int promises, string counted)
    {
        yield return figures.Pledged > 0 ? new Said(promised, Promised(figures), Counted(edition, promises, counted)) : new Said(Texts.NothingPromised);
        foreach (var sentence in WhatCame(edition, figures, "/figures", "#over-time", null).Concat(Unpledged(figures)))
        {
            yield return sentence;
        }
    }

    /// <summary>What became of what was promised.</summary>
    /// <param name="at">Where the figures stand in the answer.</param>
    /// <param name="rest">What they rest on.</param>
    /// <param name="since">The day since which something could have come, of what was promised at one time.</param>
    public static IEnumerable<Said> WhatCame(Edition edition, FigureSet figures, string at, string rest, DateOnly? since)
    {
        var (stages, years) = (figures.Stages, since is { } day ? edition.YearsSince(day) : 0);
        if (figures.Pledged == 0)
        {
            yield break;
        }

        if (stages.Withdrawn == figures.Pledged || stages.Paid == figures.Pledged)
        {
            yield return new Said(stages.Paid == 0 ? Texts.AllWithdrawn : Texts.AllPaid);
            yield break;
        }

        if (stages is { Paid: 0, CommittedUnpaid: 0 })
        {
            var none = new Told { Words = edition.Say(Texts.NoPayment), Class = "f-paid", Href = rest };
            yield return years == 0 ? new Said(edition.IsPast ? Texts.NothingHadCome : Texts.NothingCame, none) : new Said(Texts.NothingCameIn, new Told { Words = edition.Count(years, Texts.Years) }, none);
        }

        if (stages.Paid > 0)
        {
            yield return new Said(Texts.PartPaid, Stage(stages.Paid, "paid", "f-paid"));
        }

        if (stages.CommittedUnpaid > 0)
        {
            yield return new Said(stages.Paid > 0 ? Texts.PartCommitted : Texts.PartCommittedAlone, Stage(stages.CommittedUnpaid, "committedUnpaid", "f-cu"));
        }

        if (stages.Withdrawn > 0)
        {
            yield return new Said(Texts.PartWithdrawn, Stage(stages.Withdrawn, "withdrawn", "f-wd"));
        }

        // Where nothing else came of it, that was said.
        if (stages.PromisedOnly > 0 && stages.PromisedOnly < figures.Pledged)
        {
            yield return new Said(Texts.TheRestIsPromise, Stage(stages.PromisedOnly, "promisedOnly", "f-po"));
        }

        Told Stage(decimal usd, string member, string underline) =>
            new() { Amount = usd, Qualifier = figures.QualifierOf(usd), At = $"{at}/stages/{member}", Class = underline, Href = rest };
    }

    private static IEnumerable<Said> Unpledged(TotalSet figures)
    {
        if (figures.Direct.Committed > 0)
        {
            yield return new Said(Texts.CameUnpledged, new Told { Amount = figures.Direct.Committed, At = "/figures/direct/committed", Class = "f-cu", Href = "#donors" });
        }
    }

    private static Told Promised(TotalSet figures) => new() { Amount = figures.Pledged, Qualifier = figures.Qualifier, At = "/figures/pledged", Class = "f-po", Href = "#donors" };

    private static Told Counted(Edition edition, int promises, string counted) => new() { Words = edition.Count(promises, Texts.InPromises), Count = (promises, counted), Href = "#donors" };
}
