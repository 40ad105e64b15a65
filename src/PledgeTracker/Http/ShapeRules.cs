using System.Linq.Expressions;
using FluentValidation;
using FluentValidation.Results;

namespace PledgeTracker.Http;

/// <summary>Rules of shape that requests share. Each says, in both languages, what to send.</summary>
internal static class ShapeRules
{
    public static IRuleBuilderOptions<T, TProperty> Needed<T, TProperty>(this IRuleBuilder<T, TProperty> rule) =>
        rule.NotNull().WithErrorCode("required").WithState(_ => new LocalizedText("This member is required.", "هذا الحقل مطلوب."));

    public static IRuleBuilderOptions<T, TProperty> Or<T, TProperty>(this IRuleBuilderOptions<T, TProperty> rule, string code, string en, string ar) =>
        rule.WithErrorCode(code).WithState(_ => new LocalizedText(en, ar));

    public static IRuleBuilderOptions<T, string?> IsSlug<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(id => id is null || Slug.Is(id)).Or("invalid_id",
            "Send an id of lower-case letters, digits and hyphens, such as undp-ffs, of at most 64 characters.",
            "أرسل معرفا من أحرف لاتينية صغيرة وأرقام وشرطات مثل undp-ffs لا يتجاوز 64 حرفا.");

    public static IRuleBuilderOptions<T, string?> IsUuid<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(id => id is null || Guid.TryParseExact(id, "D", out _)).Or("invalid_id", "Send the UUID of a record.", "أرسل معرف السجل من نوع UUID.");

    public static IRuleBuilderOptions<T, string?> IsOneOf<T>(this IRuleBuilder<T, string?> rule, IReadOnlyCollection<string> words) =>
        rule.Must(word => word is null || words.Contains(word)).Or("not_one_of", $"Send one of {string.Join(", ", words)}.", $"أرسل إحدى القيم: {string.Join("، ", words)}.");

    /// <summary>A text of at most so many characters, and not blank.</summary>
    public static IRuleBuilderOptions<T, string?> IsText<T>(this IRuleBuilder<T, string?> rule, int most) =>
        rule.Must(text => text is null || (text.Length <= most && !string.IsNullOrWhiteSpace(text) && !text.Any(c => char.IsControl(c) && c is not '\n' and not '\t')))
            .Or("invalid_text", $"Send a text of 1 to {most} characters.", $"أرسل نصا من 1 إلى {most} حرف.");

    /// <summary>A text in English, Arabic or both.</summary>
    public static IRuleBuilderOptions<T, LocalizedText?> IsText<T>(this IRuleBuilder<T, LocalizedText?> rule, int most) =>
        rule.SetValidator(new TextRules(most)!);

    public static IRuleBuilderOptions<T, string?> IsWebAddress<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(url => url is null || (url.Length <= 2000 && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            .Or("invalid_url", "Send an absolute http or https address.", "أرسل عنوانا كاملا يبدأ بـ http أو https.");

    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>?> HasAtMost<T, TItem>(this IRuleBuilder<T, IReadOnlyList<TItem>?> rule, int most) =>
        rule.Must(list => list is null || list.Count <= most).Or("too_many", $"Send at most {most} items.", $"أرسل {most} عنصرا على الأكثر.");

    /// <summary>A list that is there and not empty.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>?> HasSome<T, TItem>(this IRuleBuilder<T, IReadOnlyList<TItem>?> rule) =>
        rule.Needed().Must(list => list is null or { Count: > 0 }).Or("required", "Send at least one item.", "أرسل عنصرا واحدا على الأقل.");

    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>?> HasNoRepeats<T, TItem>(this IRuleBuilder<T, IReadOnlyList<TItem>?> rule) =>
        rule.Must(list => list is null || list.Distinct().Count() == list.Count).Or("repeated", "Name each item once.", "اذكر كل عنصر مرة واحدة.");

    /// <summary>What is wrong with a request, as faults with JSON pointers; empty when nothing is.</summary>
    public static List<Fault> Check<T>(this IValidator<T> rules, T request) => rules.Validate(request).Errors.ConvertAll(ToFault);

    private static Fault ToFault(ValidationFailure failure) =>
        new(Pointer(failure.PropertyName), failure.ErrorCode, failure.CustomState as LocalizedText ?? new LocalizedText(failure.ErrorMessage));

    /// <summary>`Donors[0].Amount` as the JSON pointer `/donors/0/amount`.</summary>
    private static string Pointer(string path) => string.Concat(path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.TrimEnd(']')).Select(part => "/" + char.ToLowerInvariant(part[0]) + part[1..]));

    private sealed class TextRules : AbstractValidator<LocalizedText>
    {
        public TextRules(int most)
        {
            RuleFor(t => t).Must(t => t.En is not null || t.Ar is not null).OverridePropertyName("en")
                .Or("required", "Send the text in English (en), in Arabic (ar), or in both.", "أرسل النص بالإنجليزية (en) أو بالعربية (ar) أو بهما.");
            RuleFor(t => t.En).IsText(most);
            RuleFor(t => t.Ar).IsText(most);
        }
    }
}
