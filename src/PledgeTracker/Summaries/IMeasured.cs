namespace PledgeTracker.Summaries;

/// <summary>What can be asked to measure money.</summary>
public interface IMeasured
{
    IReadOnlyList<string>? Measures { get; }
    string? Basis { get; }
}

/// <summary>The rules of that.</summary>
internal static class MeasureRules
{
    public static void AddMeasures<T>(this AbstractValidator<T> rules)
        where T : IMeasured
    {
        rules.RuleFor(r => r.Measures).HasAtMost(10);
        rules.RuleForEach(r => r.Measures).IsOneOf(Measures.Words);
        rules.RuleFor(r => r.Basis).IsOneOf(Vocabulary.AgeingBases);
        rules.RuleFor(r => r.Basis).Must((r, basis) => basis is null || r.Measures?.Contains("ageing") == true).Or("not_allowed",
            "Send measures=ageing, too: it is what this is about.", "أرسل measures=ageing أيضا: هذا ما يخصه.");
    }
}
