using System.Text.Json.Serialization;

namespace PledgeTracker.Http;

/// <summary>RFC 9457 problem details: what every error answers.</summary>
public sealed record Problem
{
    /// <summary>Identifies the kind of problem: `urn:pledgetracker:problem:` and the code.</summary>
    /// <example>urn:pledgetracker:problem:invalid_request</example>
    public string Type => "urn:pledgetracker:problem:" + Code;

    /// <summary>What went wrong, in the negotiated language.</summary>
    /// <example>The request is not valid</example>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    /// <example>400</example>
    public required int Status { get; init; }

    /// <summary>A word for programs; it never changes with the language.</summary>
    /// <example>invalid_request</example>
    public required string Code { get; init; }

    /// <summary>What to do about it, in the negotiated language.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Names this request in the server's log.</summary>
    /// <example>0HNGABCDEF123:00000001</example>
    public required string RequestId { get; init; }

    /// <summary>Where the problem is about a record that exists: its address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Existing { get; init; }

    /// <summary>One entry per offending member or parameter; at most 100, and there may be more that are wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProblemError>? Errors { get; init; }
}

/// <summary>One offending member or parameter.</summary>
public sealed record ProblemError
{
    /// <summary>A JSON pointer (RFC 6901) into the body, or `?name` for a query parameter.</summary>
    /// <example>?announcedFrom</example>
    public required string Pointer { get; init; }

    /// <summary>A word for programs.</summary>
    /// <example>invalid_date</example>
    public required string Code { get; init; }

    /// <summary>What to send instead, in the negotiated language.</summary>
    /// <example>Send a date as yyyy-MM-dd, such as 2018-06-26.</example>
    public required string Detail { get; init; }
}

/// <summary>A fault of the request before it has a language: what, where, and what to send.</summary>
public sealed record Fault(string Pointer, string Code, LocalizedText Detail);

/// <summary>Why a request was refused. The codes, their statuses and their titles are the API's contract.</summary>
public sealed record Refusal(string Code, LocalizedText? Detail = null, IReadOnlyList<Fault>? Faults = null, string? Existing = null)
{
    /// <summary>A body can hold more faults than anybody reads: naming all would make an answer many times its size.</summary>
    private const int MostFaults = 100;

    private static readonly Dictionary<string, (int Status, LocalizedText Title)> Known = new()
    {
        ["invalid_request"] = (400, new("The request is not valid", "الطلب غير صالح")),
        ["unauthorized"] = (401, new("A valid API key is needed", "يلزم مفتاح صالح للواجهة")),
        ["forbidden"] = (403, new("This key may not do that", "لا يُسمح لهذا المفتاح بذلك")),
        ["not_found"] = (404, new("There is nothing here", "لا يوجد شيء هنا")),
        ["method_not_allowed"] = (405, new("This address does not take that method", "لا يقبل هذا العنوان تلك الطريقة")),
        ["not_acceptable"] = (406, new("Nothing that you accept can be sent", "لا يمكن إرسال أي من الأنواع التي تقبلها")),
        ["request_timeout"] = (408, new("The request took too long to arrive", "استغرق وصول الطلب وقتا طويلا")),
        ["conflict"] = (409, new("The request conflicts with what is recorded", "يتعارض الطلب مع ما هو مسجل")),
        ["possible_duplicate"] = (409, new("This looks like a payment that is already recorded", "يبدو أن هذه الدفعة مسجلة من قبل")),
        ["precondition_failed"] = (412, new("The resource has changed since you read it", "تغير المورد منذ أن قرأته")),
        ["payload_too_large"] = (413, new("The body is too large", "حجم المحتوى أكبر من المسموح")),
        ["unsupported_media_type"] = (415, new("The body is of a type that cannot be read here", "لا يمكن قراءة محتوى من هذا النوع هنا")),
        ["unprocessable"] = (422, new("The request cannot be carried out", "لا يمكن تنفيذ الطلب")),
        ["precondition_required"] = (428, new("Say which version you are changing", "اذكر النسخة التي تغيرها")),
        ["too_many_requests"] = (429, new("Too many requests", "طلبات كثيرة جدا")),
        ["internal_error"] = (500, new("The server failed", "حدث خطأ في الخادم")),
        ["busy"] = (503, new("The server is busy", "الخادم مشغول")),
        ["query_timeout"] = (503, new("The query took too long", "استغرق الاستعلام وقتا طويلا")),
    };

    public int Status => Known[Code].Status;

    public static Refusal Invalid(params IReadOnlyList<Fault> faults) => new("invalid_request", null, faults);

    public static Refusal Missing(string en, string ar) => new("not_found", new(en, ar));

    public static Refusal Conflict(string en, string ar, string? existing = null) => new("conflict", new(en, ar), null, existing);

    /// <summary>The code that stands for a bare status, for answers the framework gives.</summary>
    public static string CodeFor(int status) => Known.FirstOrDefault(k => k.Value.Status == status).Key ?? (status < 500 ? "invalid_request" : "internal_error");

    public Problem ToProblem(HttpContext context)
    {
        var language = LanguageOf(context);
        return new Problem
        {
            Code = Code,
            Status = Status,
            Title = Known[Code].Title.In(language)!,
            Detail = Detail?.In(language),
            RequestId = context.TraceIdentifier,
            Existing = Existing,
            Errors = Faults?.Take(MostFaults).Select(f => new ProblemError { Pointer = f.Pointer, Code = f.Code, Detail = f.Detail.In(language)! }).ToList(),
        };
    }

    /// <summary>Sends the problem document.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.Headers.ContentLanguage = LanguageOf(context).Code();
        context.Response.Headers.CacheControl = "no-store";
        if (Status is 503 or 429 && context.Response.Headers.RetryAfter.Count == 0)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        await context.Response.WriteAsJsonAsync(ToProblem(context), Json.Problem, "application/problem+json", context.RequestAborted);
    }

    /// <summary>`lang` where it is given, otherwise what `Accept-Language` weighs highest.</summary>
    public static Language LanguageOf(HttpContext context) =>
        context.Request.Query.TryGetValue("lang", out var lang) && lang.Count == 1 && Languages.Codes.Contains(lang[0])
            ? Languages.Parse(lang[0]!)
            : Languages.Negotiate(context.Request);
}
