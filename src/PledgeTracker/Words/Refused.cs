namespace PledgeTracker.Words;

/// <summary>A fault of a request before it has a language: where it stands (a JSON pointer, RFC 6901, or <c>?name</c> of the query), a word for programs, and what to send.</summary>
public sealed record Fault(string Pointer, string Code, LocalizedText Detail);

/// <summary>
/// Why a request is not carried out. Thrown inside a write it takes back what the write did; one handler makes it a problem document. The codes
/// are those of <see cref="Http.Problems"/>.
/// </summary>
public sealed class Refused(string code, LocalizedText? detail = null, IReadOnlyList<Fault>? faults = null, string? existing = null, IReadOnlyList<string>? candidates = null, long? inAll = null) : Exception(code)
{
    public string Code => Message;

    public LocalizedText? Detail => detail;

    public IReadOnlyList<Fault>? Faults => faults;

    /// <summary>The address of the record that it is about.</summary>
    public string? Existing => existing;

    /// <summary>The addresses of those that it may be about.</summary>
    public IReadOnlyList<string>? Candidates => candidates;

    /// <summary>How many those are, where they are more than it names.</summary>
    public long? CandidatesInAll => inAll > candidates?.Count ? inAll : null;

    /// <summary>The same, where what is at fault stands inside of what was sent.</summary>
    public Refused Under(string place) => new(Code, Detail, Faults?.Select(f => f with { Pointer = place + f.Pointer }).ToList(), Existing, Candidates, CandidatesInAll);

    public static Refused Invalid(params IReadOnlyList<Fault> faults) => new("invalid_request", null, faults);

    public static Refused Missing(string en, string ar) => new("not_found", new(en, ar));

    /// <summary>Sums stay within ±9 × 10^18, so that they can be kept and computed with.</summary>
    public static Refused TooLarge() => new("total_too_large", new(
        "With this a sum would pass 9 × 10^18 of its currency's smallest unit, more than is kept here: check the amount.",
        "سيتجاوز مجموعٌ بهذا 9 × 10^18 من أصغر وحدات عملته، وهو أكثر مما يُحفظ هنا: تحقق من المبلغ."));

    /// <summary>What was recorded under a number says something else than what is sent with it now.</summary>
    /// <param name="members">Those that differ.</param>
    public static Refused Differs(IEnumerable<string> members, string existing) => new("conflict",
        new("The record with this externalId says something else.", "السجل بالمعرف externalId نفسه يقول غير ذلك."),
        [.. members.Select(name => new Fault("/" + name, "differs", new("Send what was recorded, or a new externalId for a new record.", "أرسل ما سُجل من قبل، أو externalId جديدا لسجل جديد.")))],
        existing);

    public static Refused Conflict(string en, string ar, string? existing = null) => new("conflict", new(en, ar), null, existing);
}

/// <summary>Faults that are found one after the other, to be told together.</summary>
public sealed class Faults
{
    private readonly List<Fault> _found;
    private readonly string _place;

    public Faults()
        : this([], "")
    {
    }

    private Faults(List<Fault> found, string place) => (_found, _place) = (found, place);

    public bool Any => _found.Count > 0;

    public IReadOnlyList<Fault> Found => _found;

    /// <summary>The same faults, for what stands at a place inside of what was sent: the place goes in front of the pointers.</summary>
    public Faults Under(string place) => new(_found, _place + place);

    public void Add(string pointer, string code, string en, string ar) => Add(pointer, code, new LocalizedText(en, ar));

    public void Add(string pointer, string code, LocalizedText detail) => _found.Add(new(_place + pointer, code, detail));

    /// <summary>Adds those that do not speak of what has a fault already: an id that is none names nothing.</summary>
    public void AddElsewhere(Faults others)
    {
        var places = _found.Select(f => f.Pointer).ToHashSet();
        var around = places.SelectMany(Above).ToHashSet();
        _found.AddRange(others.Found.Select(f => f with { Pointer = _place + f.Pointer })
            .Where(f => !places.Contains(f.Pointer) && !around.Contains(f.Pointer) && !Above(f.Pointer).Any(places.Contains)));
    }

    public void Add(IEnumerable<Fault> faults) => _found.AddRange(faults.Select(f => f with { Pointer = _place + f.Pointer }));

    /// <exception cref="Refused">There is one.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw Refused.Invalid([.. _found]);
        }
    }

    // What a place stands in: of /a/0/b that is /a/0, /a and all of it.
    private static IEnumerable<string> Above(string pointer)
    {
        for (var end = pointer.LastIndexOf('/'); end >= 0; end = end == 0 ? -1 : pointer.LastIndexOf('/', end - 1))
        {
            yield return pointer[..end];
        }
    }
}
