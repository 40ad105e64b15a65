using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;

namespace PledgeTracker.Http;

/// <summary>How refusals become problem documents (RFC 9457). The codes, their statuses and their titles are the API's contract.</summary>
internal static class Problems
{
    /// <summary>A body can hold more faults than anybody reads: naming all would make an answer many times its size.</summary>
    private const int MostFaults = 100;

    // What is on its way already, however it ends.
    private const int SmallBody = 1 << 16;

    /// <summary>Every code, in the order of the statuses.</summary>
    internal static readonly Dictionary<string, (int Status, LocalizedText Title)> Known = new()
    {
        ["invalid_request"] = (400, new("The request is not valid", "الطلب غير صالح")),
        ["invalid_file"] = (400, new("The file cannot be read", "تعذرت قراءة الملف")),
        ["unauthorized"] = (401, new("A valid API key is needed", "يلزم مفتاح صالح للواجهة")),
        ["forbidden"] = (403, new("This key may not do that", "لا يُسمح لهذا المفتاح بذلك")),
        ["not_found"] = (404, new("There is nothing here", "لا يوجد شيء هنا")),
        ["method_not_allowed"] = (405, new("This address does not take that method", "لا يقبل هذا العنوان تلك الطريقة")),
        ["not_acceptable"] = (406, new("Nothing that you accept can be sent", "لا يمكن إرسال أي من الأنواع التي تقبلها")),
        ["request_timeout"] = (408, new("The request took too long to arrive", "استغرق وصول الطلب وقتا طويلا")),
        ["conflict"] = (409, new("The request conflicts with what is recorded", "يتعارض الطلب مع ما هو مسجل")),
        ["not_enough_then"] = (409, new("There was not that much on that day", "لم يكن هذا المبلغ قائما في ذلك اليوم")),
        ["restates"] = (409, new("The money of this pledge is counted under another", "أموال هذا التعهد محسوبة تحت تعهد آخر")),
        ["possible_duplicate"] = (409, new("This seems to be recorded already", "يبدو أن هذا مسجل من قبل")),
        ["precondition_failed"] = (412, new("The resource has changed since you read it", "تغير المورد منذ أن قرأته")),
        ["payload_too_large"] = (413, new("The body is too large", "حجم المحتوى أكبر من المسموح")),
        ["too_large"] = (413, new("The file is larger than is read here", "الملف أكبر مما يُقرأ هنا")),
        ["unsupported_media_type"] = (415, new("The body is of a type that cannot be read here", "لا يمكن قراءة محتوى من هذا النوع هنا")),
        ["unprocessable"] = (422, new("The request cannot be carried out", "لا يمكن تنفيذ الطلب")),
        ["total_too_large"] = (422, new("A sum would be too large", "سيصبح مجموع أكبر من الحد")),
        ["precondition_required"] = (428, new("Say which version you are changing", "اذكر النسخة التي تغيرها")),
        ["too_many_requests"] = (429, new("Too many requests", "طلبات كثيرة جدا")),
        ["internal_error"] = (500, new("The server failed", "حدث خطأ في الخادم")),
        ["busy"] = (503, new("The server is busy", "الخادم مشغول")),
        ["outcome_unknown"] = (503, new("It is not known whether this was recorded", "لا يُعرف هل سُجل هذا الطلب")),
        ["newer_schema"] = (503, new("This server is too old to write", "هذا الخادم أقدم من أن يكتب")),
        ["query_timeout"] = (503, new("The query took too long", "استغرق الاستعلام وقتا طويلا")),
        ["storage_full"] = (507, new("The server has no room left", "لم تبق لدى الخادم مساحة")),
    };

    public static IEnumerable<string> Codes => Known.Keys;

    /// <summary>What the problem document of a status looks like.</summary>
    public static Problem ExampleOf(int status)
    {
        var code = CodeFor(status);
        return new()
        {
            Title = TitleOf(code),
            Status = status,
            Code = code,
            RequestId = "0HNGABCDEF123:00000001",
            Errors = code == "invalid_request" ? [new ProblemError { Pointer = "?limit", Code = "out_of_range", Detail = "Send a whole number from 1 to 500." }] : null,
        };
    }

    /// <summary>What a code means, in English.</summary>
    public static string TitleOf(string code) => Known[code].Title.En!;

    /// <summary>The code that stands for a bare status, for answers the framework gives.</summary>
    public static string CodeFor(int status) => Known.FirstOrDefault(k => k.Value.Status == status).Key ?? (status < 500 ? "invalid_request" : "internal_error");

    /// <summary>
    /// The one place where exceptions end: what an operation refuses, with the headers that were set before it; a database that does not answer; a broken
    /// request; and faults, which are logged.
    /// </summary>
    public static void UseProblems(this WebApplication app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (Moved moved) when (!context.Response.HasStarted)
        {
            moved.Answer(context.Response);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is (OperationCanceledException or IOException))
        {
            // The client has gone; there is nobody to tell, and nothing went wrong here.
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            var refused = fault switch
            {
                Refused told => told,
                BadHttpRequestException bad => new Refused(CodeFor(bad.StatusCode)),
                TimeoutException or OperationCanceledException => new Refused("busy", new("Try again in a moment.", "أعد المحاولة بعد قليل.")),
                _ => app.Services.GetRequiredService<Db>().Engine.Explain(fault) ?? new Refused("internal_error"),
            };
            if (refused.Code == "internal_error")
            {
                app.Logger.LogError(fault, "{Method} {Route} failed: {RequestId}", context.Request.Method, RequestLog.RouteOf(context), context.TraceIdentifier);
            }

            await WriteAsync(context, refused);
        }
    });

    // A length that was not told may be any; of a body that was not read the hash is that of nothing. HTTP/2 ends one request without the others.
    private static bool LeavesMuchUnread(HttpContext context) => HttpProtocol.IsHttp11(context.Request.Protocol)
        && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } && !(context.Request.ContentLength <= SmallBody)
        && SentBody.HashOf(context).AsSpan().SequenceEqual(SHA256.HashData([]));

    /// <summary>Sends the problem document.</summary>
    public static async Task WriteAsync(HttpContext context, Refused refused)
    {
        var (status, title) = Known[refused.Code];
        var language = Languages.Of(context);
        context.Response.StatusCode = status;
        context.Response.Headers.ContentLanguage = language.Code();
        context.Response.Headers.CacheControl = "no-store";
        if (status is 503 or 429 && context.Response.Headers.RetryAfter.Count == 0)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        if (LeavesMuchUnread(context))
        {
            // To read on to the next request on this connection would take as long as to read what is refused.
            context.Response.Headers.Connection = "close";
        }

        var problem = new Problem
        {
            Code = refused.Code,
            Status = status,
            Title = title.In(language)!,
            Detail = refused.Detail?.In(language),
            RequestId = context.TraceIdentifier,
            Existing = Pipeline.Seen(context, refused.Existing ?? refused.Candidates?[0]),
            Candidates = refused.Candidates?.Select(address => Pipeline.Seen(context, address)!).ToList(),
            CandidatesInAll = refused.CandidatesInAll,
            Errors = refused.Faults?.Take(MostFaults).Select(f => new ProblemError { Pointer = f.Pointer, Code = f.Code, Detail = f.Detail.In(language)! }).ToList(),
        };
        if (!await context.RequestServices.GetRequiredService<IShowsProblems>().ShowAsync(context, problem))
        {
            await context.Response.WriteAsJsonAsync(problem, Json.Problem, "application/problem+json", context.RequestAborted);
        }
    }
}
