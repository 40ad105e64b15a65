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
        foreach (var sentence in WhatCame(edition, figures, held.EndsOn ?? held.StartsOn))
        {
            yield return sentence;
        }
    }

    /// <summary>What was promised to a fund, or by a donor, and what came.</summary>
    /// <param name="promised">The sentence of the first: {0} how much, {1} how many promises.</param>
    public static IEnumerable<Said> Of(Edition edition, LocalizedText promised, TotalSet figures, int promises, string counted)
    {
        yield return figures.Pledged > 0 ? new Said(promised, Promised(figures), Counted(edition, promises, counted)) : new Said(Texts.NothingPromised);
        foreach (var sentence in WhatCame(edition, figures, null))
        {
            yield return sentence;
        }
    }

    /// <summary>What became of promises: paid, committed, withdrawn, or nothing yet.</summary>
    /// <param name="since">The day from which it is told how long that took; null where there is no such day.</param>
    private static IEnumerable<Said> WhatCame(Edition edition, TotalSet figures, DateOnly? since)
    {
        if (figures.Pledged > 0)
        {
            var (stages, when) = (figures.Stages, new Told { Words = Later(edition, since) });
            var (isCommitted, isWithdrawn, isPromised) = (stages.CommittedUnpaid > 0, stages.Withdrawn > 0, stages.PromisedOnly > 0);
            if ((stages.Paid, isCommitted, isWithdrawn, isPromised) is (0, false, true, false))
            {
                yield return new Said(Texts.AllWithdrawn, when, Words(edition, Texts.AllOfIt, "f-wd"));
                isWithdrawn = false;
            }
            else if (stages.Paid == 0)
            {
                yield return new Said(isCommitted ? Texts.NonePaid : Texts.NothingCame, when, Words(edition, Texts.NoPayment, "f-paid"));
                // Where nothing came, all of it is still a promise.
                isPromised = isPromised && (isCommitted || isWithdrawn);
            }
            else if (!isCommitted && !isWithdrawn && !isPromised)
            {
                yield return new Said(Texts.AllPaid, when, Words(edition, Texts.AllOfIt, "f-paid"));
            }
            else
            {
                yield return new Said(Texts.SomePaid, when, Stage(figures, stages.Paid, "paid", "f-paid"));
            }

            if (Texts.OfTheRest.TryGetValue((isCommitted, isWithdrawn, isPromised), out var rest))
            {
                yield return new Said(rest, [.. new[]
                {
                    isCommitted ? Stage(figures, stages.CommittedUnpaid, "committedUnpaid", "f-cu") : null,
                    isWithdrawn ? Stage(figures, stages.Withdrawn, "withdrawn", "f-wd") : null,
                    isPromised ? Stage(figures, stages.PromisedOnly, "promisedOnly", "f-po") : null,
                }.OfType<Told>()]);
            }
        }

        if (figures.Direct.Committed > 0)
        {
            yield return new Said(Texts.CameUnpledged, new Told { Amount = figures.Direct.Committed, Qualifier = figures.Qualifier, At = "/figures/direct/committed", Class = "f-paid", Href = "#donors" });
        }
    }

    private static Told Promised(TotalSet figures) => new() { Amount = figures.Pledged, Qualifier = figures.Qualifier, At = "/figures/pledged", Class = "f-po", Href = "#donors" };

    private static Told Counted(Edition edition, int promises, string counted) => new() { Words = edition.Count(promises, Texts.Promises), Count = (promises, counted), Href = "#donors" };

    private static Told Stage(TotalSet figures, decimal usd, string member, string stage) =>
        new() { Amount = usd, Qualifier = figures.Qualifier, At = $"/figures/stages/{member}", Class = stage, Href = "#over-time" };

    private static Told Words(Edition edition, LocalizedText words, string stage) => new() { Words = edition.Say(words), Class = stage, Href = "#over-time" };

    private static string Later(Edition edition, DateOnly? since)
    {
        var years = since is not { } day || day > edition.Day ? 0 : edition.Day.Year - day.Year - (edition.Day < day.AddYears(edition.Day.Year - day.Year) ? 1 : 0);
        return years == 0 ? edition.Say(edition.IsPast ? Texts.ByThen : Texts.SoFar)
            : edition.Say(edition.Day == since!.Value.AddYears(years) ? Texts.YearsLater : Texts.MoreThanYearsLater, edition.Count(years, Texts.Years));
    }
}
