using System.Globalization;
using FluentValidation;
using FluentValidation.Results;

namespace PledgeTracker.Ledger;

/// <summary>A country that money is for, and its share of it where the source gives one. Its code alone may be sent as a text.</summary>
/// <param name="Country">ISO 3166-1 alpha-3.</param>
/// <param name="Share">In percent, with up to four decimals. All countries have one or none has, and they add up to 100.</param>
public sealed record CountryShare(string? Country = null, decimal? Share = null) : IMayBeText<CountryShare>
{
    private bool IsText { get; init; }

    string? IMayBeText.AsText => IsText ? Country : null;

    static CountryShare IMayBeText<CountryShare>.Of(string text) => new(text) { IsText = true };

    /// <summary>As they are sent.</summary>
    internal static List<CountryShare> Of(string[] countries, int[] shares) =>
        [.. countries.Select((country, i) => shares.Length == 0 ? new CountryShare(country) { IsText = true } : new(country, Currency.Major(shares[i], Shares.Decimals)))];

    /// <summary>As a header keeps them: in alphabetical order, and without the share of a country that has it all.</summary>
    internal static (string[] Countries, int[] Shares) Kept(IReadOnlyList<CountryShare>? sent)
    {
        var sorted = (sent ?? []).OrderBy(c => c.Country, StringComparer.Ordinal).ToList();
        return ([.. sorted.Select(c => c.Country!)], AreSplit(sent) && sorted.Count > 1 ? [.. sorted.Select(c => (int)(c.Share!.Value * Shares.Whole / 100))] : []);
    }

    /// <summary>Whether the source gives a split.</summary>
    internal static bool AreSplit(IReadOnlyList<CountryShare>? countries) => countries?.Any(c => c.Share is not null) == true;
}

internal sealed class CountryShareRules : AbstractValidator<CountryShare>
{
    public CountryShareRules()
    {
        RuleFor(c => c.Country).Needed().IsCountry();
        RuleFor(c => c.Share).Keeps(nameof(CountryShare.Share), share => share is > 0 and <= 100 && decimal.Round(share, Shares.Decimals) == share,
                schema => (schema.ExclusiveMinimum, schema.Maximum) = ("0", "100"))
            .Or("out_of_range", "Send a percentage above 0 and up to 100, with at most 4 decimals, such as 62.5.", "أرسل نسبة مئوية أكبر من 0 ولا تتجاوز 100، بأربع منازل عشرية على الأكثر، مثل 62.5.");
    }
}

/// <summary>Rules for the countries that money is for.</summary>
internal static class CountryRules
{
    private static readonly CountryShareRules EachOfThem = new();

    /// <summary>Each known and named once; shares for all of them or for none, which come to 100.</summary>
    public static void AreCountries<T>(this IRuleBuilder<T, IReadOnlyList<CountryShare>?> rule) =>
        rule.HasAtMost(250)
            .Keeps(nameof(AreCountries), list => list.DistinctBy(c => c.Country).Count() == list.Count, schema => schema.UniqueItems = true)
            .Or("repeated", "Name each country once.", "اذكر كل دولة مرة واحدة.")
            .Custom((list, context) => Faults(list ?? [], context.PropertyPath).ForEach(context.AddFailure));

    /// <summary>Who says that there is no split gives none.</summary>
    public static void HasNoShares<T>(this IRuleBuilder<T, bool?> rule, Func<T, IReadOnlyList<CountryShare>?> countries) =>
        rule.Must((request, shared) => shared != true || !CountryShare.AreSplit(countries(request))).Or("not_allowed",
            "The shares of its countries are a split: send false, or the countries without shares.", "نسب الدول تقسيم معلوم: أرسل false، أو أرسل الدول دون نسب.");

    private static List<ValidationFailure> Faults(IReadOnlyList<CountryShare> list, string path)
    {
        var faults = new List<ValidationFailure>();
        foreach (var (i, item) in list.Index())
        {
            foreach (var fault in EachOfThem.Validate(item).Errors)
            {
                // A text has no members to point at.
                fault.PropertyName = ((IMayBeText)item).AsText is null ? $"{path}[{i}].{fault.PropertyName}" : $"{path}[{i}]";
                faults.Add(fault);
            }

            if (item.Share is null && CountryShare.AreSplit(list))
            {
                faults.Add(Fault($"{path}[{i}].{nameof(CountryShare.Share)}", "required", "Send a share for every country, or for none.", "أرسل نسبة لكل دولة، أو لا ترسل نسبة لأي منها."));
            }
        }

        if (faults.Count == 0 && CountryShare.AreSplit(list) && list.Sum(c => c.Share!.Value) is var sum and not 100)
        {
            var (total, difference) = (Plain(sum), Plain(Math.Abs(100 - sum)));
            faults.Add(sum < 100
                ? Fault(path, "out_of_range", $"The shares add up to {total}: {difference} is missing. Send shares that come to 100.", $"مجموع النسب {total} وينقصه {difference}: أرسل نسبا مجموعها 100.")
                : Fault(path, "out_of_range", $"The shares add up to {total}: {difference} too much. Send shares that come to 100.", $"مجموع النسب {total} ويزيد بمقدار {difference}: أرسل نسبا مجموعها 100."));
        }

        return faults;
    }

    private static ValidationFailure Fault(string path, string code, string en, string ar) => new(path, en) { ErrorCode = code, CustomState = new LocalizedText(en, ar) };

    private static string Plain(decimal percent) => percent.ToString("0.####", CultureInfo.InvariantCulture);
}
