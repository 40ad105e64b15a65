using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentValidation;
using FluentValidation.Results;
using FluentValidation.Validators;
using Microsoft.OpenApi;

namespace PledgeTracker.Http;

/// <summary>A rule of shape that also says what it means in the OpenAPI document.</summary>
internal interface IDescribedRule
{
    void Describe(OpenApiSchema schema);
}

/// <summary>A rule that a value keeps or not; one that is not there keeps every rule but <see cref="ShapeRules.Needed"/>.</summary>
internal sealed class Rule<T, TProperty>(string name, Func<TProperty, bool> isKept, Action<OpenApiSchema>? describe) : PropertyValidator<T, TProperty>, IDescribedRule
{
    public override string Name => name;

    public override bool IsValid(FluentValidation.ValidationContext<T> context, TProperty value) => value is null || isKept(value);

    public void Describe(OpenApiSchema schema) => describe?.Invoke(schema);
}

/// <summary>Rules of shape that requests share, of bodies and of queries. Each says, in both languages, what to send.</summary>
internal static partial class ShapeRules
{
    /// <summary>What is said of a member that is left out, whichever it is.</summary>
    public static readonly LocalizedText IsRequired = new("This member is required.", "هذا الحقل مطلوب.");

    public static IRuleBuilderOptions<T, TProperty> Needed<T, TProperty>(this IRuleBuilder<T, TProperty> rule) => rule.NotNull().Or("required", IsRequired);

    public static IRuleBuilderOptions<T, TProperty> Or<T, TProperty>(this IRuleBuilderOptions<T, TProperty> rule, string code, string en, string ar) =>
        rule.Or(code, new(en, ar));

    public static IRuleBuilderOptions<T, TProperty> Or<T, TProperty>(this IRuleBuilderOptions<T, TProperty> rule, string code, LocalizedText detail) =>
        rule.WithErrorCode(code).WithState(_ => detail);

    /// <param name="example">For a parameter of a query: an id that is there.</param>
    public static IRuleBuilderOptions<T, string?> IsSlug<T>(this IRuleBuilder<T, string?> rule, string? example = null) =>
        rule.Keeps(nameof(IsSlug), Slug.Is, schema => (schema.Pattern, schema.MaxLength) = (Slug.Pattern, Slug.MaxLength)).Or("invalid_id", example is null
            ? new("Send an id of lower-case letters, digits and hyphens, such as undp-ffs, of at most 64 characters.",
                "أرسل معرفا من أحرف لاتينية صغيرة وأرقام وشرطات مثل undp-ffs لا يتجاوز 64 حرفا.")
            : new($"Send an id such as {example}: lower-case letters, digits and hyphens.", $"أرسل معرفا مثل {example}: أحرف لاتينية صغيرة وأرقام وشرطات."));

    public static IRuleBuilderOptions<T, string?> IsUuid<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Keeps(nameof(IsUuid), id => Guid.TryParseExact(id, "D", out _), schema => schema.Format = "uuid")
            .Or("invalid_id", "Send the UUID of a record.", "أرسل معرف السجل من نوع UUID.");

    /// <param name="standard">What stands for it where it is left out.</param>
    public static IRuleBuilderOptions<T, string?> IsOneOf<T>(this IRuleBuilder<T, string?> rule, IReadOnlyCollection<string> words, string? standard = null) =>
        rule.Keeps(nameof(IsOneOf), words.Contains, schema =>
        {
            schema.Enum = [.. words.Select(w => (JsonNode)JsonValue.Create(w))];
            schema.Default = standard is null ? schema.Default : JsonValue.Create(standard);
        }).Or("not_one_of", $"Send one of {string.Join(", ", words)}.", $"أرسل إحدى القيم: {string.Join("، ", words)}.");

    public static IRuleBuilderOptions<T, int?> IsWithin<T>(this IRuleBuilder<T, int?> rule, int least, int most, int? standard = null) =>
        rule.Keeps(nameof(IsWithin), number => number >= least && number <= most, schema =>
        {
            (schema.Minimum, schema.Maximum) = (least.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture));
            schema.Default = standard is null ? schema.Default : JsonValue.Create(standard.Value);
        }).Or("out_of_range", $"Send a whole number from {least} to {most}.", $"أرسل عددا صحيحا من {least} إلى {most}.");

    public static IRuleBuilderOptions<T, string?> IsNoLongerThan<T>(this IRuleBuilder<T, string?> rule, int most) =>
        rule.Keeps(nameof(IsNoLongerThan), text => Text.Length(text) <= most, schema => schema.MaxLength = most)
            .Or("invalid_text", $"Send a text of at most {most} characters.", $"أرسل نصا لا يتجاوز {most} حرف.");

    /// <summary>A text of at most so many characters, and not blank.</summary>
    public static IRuleBuilderOptions<T, string?> IsText<T>(this IRuleBuilder<T, string?> rule, int most) =>
        rule.Keeps(nameof(IsText), text => Text.Length(text) <= most && Text.IsVisible(text),
                schema => (schema.MinLength, schema.MaxLength) = (1, most))
            .Or("invalid_text", $"Send a text of 1 to {most} characters, of which some can be seen.", $"أرسل نصا من 1 إلى {most} حرف، فيه ما يُرى.");

    /// <summary>What something is called: a text in one line.</summary>
    public static IRuleBuilderOptions<T, string?> IsName<T>(this IRuleBuilder<T, string?> rule, int most) =>
        rule.IsText(most).Keeps(nameof(IsName), text => Text.IsOneLine(text) || !Text.IsVisible(text)).Or("invalid_text",
            "Send it in one line: without tabs (U+0009), line feeds (U+000A), U+2028 and U+2029.", "أرسله في سطر واحد: دون علامات جدولة (U+0009) أو أسطر جديدة (U+000A) أو U+2028 أو U+2029.");

    /// <summary>A text in English, Arabic or both.</summary>
    public static IRuleBuilderOptions<T, LocalizedText?> IsText<T>(this IRuleBuilder<T, LocalizedText?> rule, int most) =>
        rule.SetValidator(new TextRules(text => text.IsText(most))!);

    /// <summary>What something is called in English, Arabic or both.</summary>
    public static IRuleBuilderOptions<T, LocalizedText?> IsName<T>(this IRuleBuilder<T, LocalizedText?> rule, int most) =>
        rule.SetValidator(new TextRules(text => text.IsName(most))!);

    /// <summary>Words to search for.</summary>
    public static IRuleBuilderOptions<T, string?> IsSearch<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Keeps(nameof(IsSearch), text => Text.Length(text) <= 200 && Text.IsVisible(text), schema => (schema.MinLength, schema.MaxLength) = (1, 200))
            .Or("invalid_text", "Send words to search for, in at most 200 characters.", "أرسل كلمات للبحث في 200 حرف على الأكثر.");

    /// <summary>A version of the dataset, as <c>Dataset-Version</c> gives it, or its sequence alone.</summary>
    public static IRuleBuilderOptions<T, string?> IsDatasetVersion<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Keeps(nameof(IsDatasetVersion), version => DatasetVersionText().IsMatch(version), schema => (schema.Pattern, schema.MaxLength) = ("^[0-9]{1,18}(-[0-9a-f]{8})?$", 27))
            .Or("invalid_id", "Send a Dataset-Version of an earlier answer, such as 412-0a1b2c3d, or 0.", "أرسل قيمة Dataset-Version من جواب سابق مثل 412-0a1b2c3d، أو 0.");

    /// <summary>A version of the dataset, or an RFC 3339 instant: when something was known.</summary>
    public static IRuleBuilderOptions<T, string?> IsMoment<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Keeps(nameof(IsMoment), moment => Iso.TryParseInstant(moment, out _) || DatasetVersionText().IsMatch(moment), schema => schema.MaxLength = 40)
            .Or("invalid_instant", "Send an instant such as 2026-01-31T12:00:00Z, or a Dataset-Version of an earlier answer, such as 412-0a1b2c3d. In an address a plus sign is %2B.",
                "أرسل وقتا مثل 2026-01-31T12:00:00Z، أو قيمة Dataset-Version من جواب سابق مثل 412-0a1b2c3d. وعلامة الجمع في العنوان تُكتب %2B.");

    /// <summary>A language tag (BCP 47), of no more than the length that RFC 5646 §4.4.1 has readers expect.</summary>
    public static IRuleBuilderOptions<T, string?> IsLanguageTag<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Keeps(nameof(IsLanguageTag), tag => tag.Length <= 35 && LanguageTag().IsMatch(tag), schema => (schema.Pattern, schema.MaxLength) = ("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", 35))
            .Or("unknown_code", "Send a BCP 47 language tag, such as ar.", "أرسل رمز اللغة وفق BCP 47 مثل ar.");

    public static IRuleBuilderOptions<T, string?> IsWebAddress<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Keeps(nameof(IsWebAddress), url => Text.Length(url) <= 2000 && !url.Any(char.IsControl) && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https",
                schema => (schema.Format, schema.MaxLength) = ("uri", 2000))
            .Or("invalid_url", "Send an absolute http or https address.", "أرسل عنوانا كاملا يبدأ بـ http أو https.");

    /// <summary>Rules for each value of a filter that takes several.</summary>
    public static IRuleBuilderInitialCollection<T, string> ForAnyOf<T>(this AbstractValidator<T> rules, Expression<Func<T, IReadOnlyList<string>?>> filter)
    {
        rules.RuleFor(filter).HasAtMost(50);
        return rules.RuleForEach(Expression.Lambda<Func<T, IEnumerable<string>>>(filter.Body, filter.Parameters));
    }

    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>?> HasAtMost<T, TItem>(this IRuleBuilder<T, IReadOnlyList<TItem>?> rule, int most) =>
        rule.Keeps(nameof(HasAtMost), list => list.Count <= most, schema => schema.MaxItems = most).Or("too_many", $"Send at most {most} items.", $"أقصى عدد للعناصر هو {most}.");

    /// <summary>A list that is there and not empty.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>?> HasSome<T, TItem>(this IRuleBuilder<T, IReadOnlyList<TItem>?> rule) =>
        rule.Needed().Keeps(nameof(HasSome), list => list.Count > 0, schema => schema.MinItems = 1).Or("required", "Send at least one item.", "أرسل عنصرا واحدا على الأقل.");

    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>?> HasNoRepeats<T, TItem>(this IRuleBuilder<T, IReadOnlyList<TItem>?> rule) =>
        rule.Keeps(nameof(HasNoRepeats), list => list.Distinct().Count() == list.Count, schema => schema.UniqueItems = true).Or("repeated", "Name each item once.", "اذكر كل عنصر مرة واحدة.");

    /// <summary>The end of a range does not come before its start: that would be answered with nothing, as if there were nothing.</summary>
    public static void IsNotBefore<T>(this IRuleBuilder<T, DateOnly?> end, string name, Func<T, DateOnly?> start) =>
        end.Must((request, day) => !(day < start(request))).Or("date_out_of_range", $"Send a day on or after {name}.", $"أرسل يوما لا يسبق {name}.");

    /// <inheritdoc cref="IsNotBefore"/>
    public static void IsNotBelow<T, TNumber>(this IRuleBuilder<T, TNumber?> most, string name, Func<T, TNumber?> least)
        where TNumber : struct, IComparable<TNumber> =>
        most.Must((request, number) => number is null || least(request) is not { } bound || number.Value.CompareTo(bound) >= 0).Or("out_of_range", $"Send a number no smaller than {name}.", $"أرسل عددا لا يقل عن {name}.");

    public static IRuleBuilderOptions<T, TProperty> Keeps<T, TProperty>(
        this IRuleBuilder<T, TProperty?> rule, string name, Func<TProperty, bool> isKept, Action<OpenApiSchema>? describe = null)
        where TProperty : class =>
        rule.SetValidator(new Rule<T, TProperty?>(name, value => isKept(value!), describe))!;

    public static IRuleBuilderOptions<T, TProperty?> Keeps<T, TProperty>(
        this IRuleBuilder<T, TProperty?> rule, string name, Func<TProperty, bool> isKept, Action<OpenApiSchema>? describe = null)
        where TProperty : struct =>
        rule.SetValidator(new Rule<T, TProperty?>(name, value => isKept(value!.Value), describe));

    /// <summary>What is wrong with a request that did not come over HTTP, or was put together here; empty when nothing is.</summary>
    public static List<Fault> Check<T>(this IValidator<T> rules, T request) => rules.Validate(request).Errors.ConvertAll(failure => failure.ToFault(isQuery: false));

    public static Fault ToFault(this ValidationFailure failure, bool isQuery) => failure.CustomState as Fault
        ?? new(isQuery ? "?" + Camel(failure.PropertyName.Split('[')[0]) : Pointer(failure.PropertyName), failure.ErrorCode,
            failure.CustomState as LocalizedText ?? new LocalizedText(failure.ErrorMessage));

    // To the very end of the text: $ would let a line feed through.
    [GeneratedRegex(@"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\z")]
    private static partial Regex LanguageTag();

    [GeneratedRegex(@"\A[0-9]{1,18}(-[0-9a-f]{8})?\z")]
    private static partial Regex DatasetVersionText();

    /// <summary>`Donors[0].Amount` as the JSON pointer `/donors/0/amount`.</summary>
    private static string Pointer(string path) => string.Concat(path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries).Select(part => "/" + Camel(part.TrimEnd(']'))));

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private sealed class TextRules : AbstractValidator<LocalizedText>
    {
        public TextRules(Action<IRuleBuilder<LocalizedText, string?>> isRight)
        {
            RuleFor(t => t).Must(t => t.En is not null || t.Ar is not null).OverridePropertyName("en")
                .Or("required", "Send the text in English (en), in Arabic (ar), or in both.", "أرسل النص بالإنجليزية (en) أو بالعربية (ar) أو بهما.");
            isRight(RuleFor(t => t.En));
            isRight(RuleFor(t => t.Ar));
        }
    }
}

/// <summary>Readable ids: lower-case words joined by hyphens.</summary>
internal static class Slug
{
    public const string Pattern = "^[a-z0-9]+(-[a-z0-9]+)*$";
    public const int MaxLength = 64;

    public static bool Is(string text)
    {
        if (text.Length is 0 or > MaxLength || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (!(char.IsAsciiLetterLower(text[i]) || char.IsAsciiDigit(text[i]) || (text[i] == '-' && text[i - 1] != '-')))
            {
                return false;
            }
        }

        return true;
    }
}
