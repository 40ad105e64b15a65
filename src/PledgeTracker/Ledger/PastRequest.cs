namespace PledgeTracker.Ledger;

/// <summary>What can be read as of a day, by what was known at a moment.</summary>
internal interface IPastRequest
{
    DateOnly? AsOf { get; }
    string? KnownAt { get; }
}

/// <summary>What a read may be asked of one thing, as of a day.</summary>
public abstract record PastRequest : ReadRequest, IPastRequest
{
    /// <summary>The day at whose end it stands so, up to today: what counts later is left out, and what was corrected since is right. Today where it is left out. For example `2018-07-01`.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>
    /// Only what had been recorded by this instant (RFC 3339, such as `2026-01-31T12:00:00Z`) or by this `Dataset-Version`. Names, aliases, merged organizations, due dates, types,
    /// verifications, citations and the descriptions of donors and funds are those of now.
    /// </summary>
    public string? KnownAt { get; init; }
}

/// <summary>The rules of that.</summary>
public abstract class PastRules<TRequest> : ReadRules<TRequest>
    where TRequest : PastRequest
{
    protected PastRules() => RuleFor(r => r.KnownAt).IsMoment();
}

/// <summary>The same of a list whose items show when they last changed.</summary>
public abstract record PastListRequest : ChangingListRequest, IPastRequest
{
    /// <summary>The day at whose end everything stands so, up to today: what counts later is left out, and what was corrected since is right. Today where it is left out. For example `2018-07-01`.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>
    /// Only what had been recorded by this instant (RFC 3339, such as `2026-01-31T12:00:00Z`) or by this `Dataset-Version`. Names, aliases, merged organizations, due dates, types,
    /// verifications, citations and the descriptions of donors and funds are those of now.
    /// </summary>
    public string? KnownAt { get; init; }
}

/// <summary>The rules of that: what changed goes by all that is known now.</summary>
public abstract class PastListRules<TRequest> : ChangingListRules<TRequest>
    where TRequest : PastListRequest
{
    protected PastListRules(Sorting sorting)
        : base(sorting)
    {
        RuleFor(r => r.KnownAt).IsMoment();
        RuleFor(r => r.ChangedSince).Must((r, since) => since is null || r is { AsOf: null, KnownAt: null }).Or("not_allowed",
            "Leave this out: with asOf or knownAt a list is not in the order of changing.", "لا ترسل هذه المعلمة: مع asOf أو knownAt لا يكون الترتيب بحسب التغيير.");
    }
}
