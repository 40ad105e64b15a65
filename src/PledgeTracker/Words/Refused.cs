namespace PledgeTracker.Words;

/// <summary>A fault of a request before it has a language: where it stands (a JSON pointer, RFC 6901, or <c>?name</c> of the query), a word for programs, and what to send.</summary>
public sealed record Fault(string Pointer, string Code, LocalizedText Detail);

/// <summary>
/// Why a request is not carried out. Thrown inside a write it takes back what the write did; one handler makes it a problem document. The codes
/// are those of <see cref="Http.Problems"/>.
/// </summary>
public sealed class Refused(string code, LocalizedText? detail = null, IReadOnlyList<Fault>? faults = null, string? existing = null, IReadOnlyList<string>? candidates = null) : Exception(code)
{
    public string Code => Message;

    public LocalizedText? Detail => detail;

    public IReadOnlyList<Fault>? Faults => faults;

    /// <summary>The address of the record that it is about.</summary>
    public string? Existing => existing;

    /// <summary>The addresses of those that it may be about.</summary>
    public IReadOnlyList<string>? Candidates => candidates;

    /// <summary>The same, where what is at fault stands inside of what was sent.</summary>
    public Refused Under(string place) => new(Code, Detail, Faults?.Select(f => f with { Pointer = place + f.Pointer }).ToList(), Existing, Candidates);

    public static Refused Invalid(params IReadOnlyList<Fault> faults) => new("invalid_request", null, faults);

    public static Refused Missing(string en, string ar) => new("not_found", new(en, ar));

    /// <summary>Sums stay within ±9 × 10^18, so that they can be kept and computed with.</summary>
    public static Refused TooLarge() => new("total_too_large", new(
        "With this a sum would pass 9 × 10^18 of its currency's smallest unit, more than is kept here: check the amount.",
        "سيتجاوز مجموعٌ بهذا 9 × 10^18 من أصغر وحدات عملته، وهو أكثر مما يُحفظ هنا: تحقق من المبلغ."));

    public static Refused Conflict(string en, string ar, string? existing = null) => new("conflict", new(en, ar), null, existing);
}

/// <summary>Faults that are found one after the other, to be told together.</summary>
public sealed class Faults
{
    private readonly List<Fault> _found = [];

    public bool Any => _found.Count > 0;

    public IReadOnlyList<Fault> Found => _found;

    public void Add(string pointer, string code, string en, string ar) => _found.Add(new(pointer, code, new(en, ar)));

    public void Add(IEnumerable<Fault> faults) => _found.AddRange(faults);

    /// <exception cref="Refused">There is one.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw Refused.Invalid([.. _found]);
        }
    }
}
