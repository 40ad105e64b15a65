using System.Buffers;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using FluentValidation;
using Microsoft.Net.Http.Headers;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>A record as it is shown, and where it stands: what a read finds, and what a write came to.</summary>
/// <typeparam name="T">Its shape.</typeparam>
/// <param name="Json">The record in that shape.</param>
/// <param name="Version">Goes into the ETag, so that the record can be amended without another read.</param>
internal sealed record Made<T>(string? Location, byte[] Json, long? Version = null, int Status = 201)
{
    public Made(string? location, T shown, long? version = null, int status = 201)
        : this(location, JsonSerializer.SerializeToUtf8Bytes(shown, Http.Json.Options), version, status)
    {
    }
}

/// <summary>A request that records something, as its handler sees it.</summary>
internal abstract class WriteRequest(HttpContext context)
{
    // Long enough for any queue. A write that has not begun by then is not begun any more, so that "try again" is true.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public HttpContext Context => context;

    public Caller Caller { get; } = Caller.Of(context);

    /// <summary>Why the body could not be read.</summary>
    public Refusal? Refusal { get; protected set; }

    protected byte[] Bytes { get; set; } = [];

    public View View => new(Refusal.LanguageOf(Context), Service<TimeProvider>().Today());

    protected T Service<T>()
        where T : notnull => Context.RequestServices.GetRequiredService<T>();

    /// <summary>
    /// Carries the request out in the writer's transaction, once: a retry with the same `Idempotency-Key` gets the first answer. The answer
    /// is made and kept in that transaction, and sent after its COMMIT.
    /// </summary>
    public async Task<Recorded<T>> RecordAsync<T>(Func<Write, Outcome<Made<T>>> work)
    {
        if (!Idempotency.TryRead(Context.Request, out var key, out var malformed))
        {
            return new Recorded<T>(malformed);
        }

        var idempotency = Service<Idempotency>();
        var route = Route();
        using var running = key is null ? null : idempotency.Begin(Caller.Id, route, key);
        if (key is not null && running is null)
        {
            Context.Response.Headers.RetryAfter = "1";
            return new Recorded<T>(Refusal.Conflict("The same request is being carried out right now. Send it again in a moment.",
                "الطلب نفسه قيد التنفيذ الآن. أعد إرساله بعد قليل."));
        }

        var hash = key is null ? [] : SHA256.HashData(Bytes);
        using var patience = new CancellationTokenSource(Patience);
        var outcome = await Service<Writer>().WriteAsync<Outcome<Answer>>(write =>
        {
            if (key is not null)
            {
                var before = Idempotency.Find(write, Caller.Id, route, key, hash);
                if (before.Refusal is not null || before.Value is not null)
                {
                    return new Outcome<Answer>(before.Value, before.Refusal);
                }
            }

            var made = work(write);
            if (made.Refusal is { } refusal)
            {
                write.Refuse();
                return refusal;
            }

            var (location, json, version, status) = made.Value!;
            var tag = version is null ? null : $"\"{version}.{version}\"";
            var answer = new Answer(status, location, tag, json);
            if (key is not null)
            {
                idempotency.Keep(write, Caller.Id, route, key, hash, answer);
            }

            return answer;
        }, patience.Token);
        return outcome.Refusal is { } refused ? new Recorded<T>(refused) : new Recorded<T>(outcome.Value!);
    }

    /// <summary>The method, and the path as the document writes it: in whatever letters it was sent, with a slash at its end or without.</summary>
    private string Route()
    {
        var pattern = ((RouteEndpoint)Context.GetEndpoint()!).RoutePattern;
        var path = pattern.RawText!;
        foreach (var parameter in pattern.Parameters)
        {
            path = path.Replace($"{{{parameter.Name}}}", (string)Context.Request.RouteValues[parameter.Name]!, StringComparison.Ordinal);
        }

        return $"{Context.Request.Method} {path}";
    }

    /// <summary>Reads the body where it is of one of these media types and not compressed; otherwise there is a refusal.</summary>
    protected async Task ReadAsync(params string[] mediaTypes)
    {
        var request = Context.Request;
        if (request.Headers.ContentEncoding.Count > 0 || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !mediaTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            Refusal = new Refusal("unsupported_media_type", new($"Send `Content-Type: {mediaTypes[0]}` in UTF-8, not compressed.",
                $"أرسل Content-Type: {mediaTypes[0]} بترميز UTF-8 دون ضغط."));
            return;
        }

        var read = await request.BodyReader.ReadAsync(Context.RequestAborted);
        while (!read.IsCompleted)
        {
            // Nothing is taken until all of it is there.
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await request.BodyReader.ReadAsync(Context.RequestAborted);
        }

        Bytes = read.Buffer.ToArray();
        request.BodyReader.AdvanceTo(read.Buffer.End);
    }
}

/// <inheritdoc/>
/// <typeparam name="TBody">What the body is read as.</typeparam>
internal sealed class WriteRequest<TBody> : WriteRequest, IHasBody<TBody>
    where TBody : class
{
    private WriteRequest(HttpContext context)
        : base(context)
    {
    }

    /// <summary>The body; its members are checked by <see cref="RecordAsync{T}(IValidator{TBody}, Func{Write, Outcome{Made{T}}})"/>.</summary>
    public TBody Body { get; private set; } = null!;

    public static async ValueTask<WriteRequest<TBody>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = new WriteRequest<TBody>(context);
        await (HttpMethods.IsPatch(context.Request.Method) ? request.ReadAsync("application/merge-patch+json", "application/json") : request.ReadAsync("application/json"));
        if (request.Refusal is null)
        {
            if (JsonBody.TryRead<TBody>(request.Bytes, out var body, out var faults))
            {
                request.Body = body;
            }
            else
            {
                request.Refusal = Refusal.Invalid(faults);
            }
        }

        return request;
    }

    /// <summary>Checks the body's shape, then carries it out.</summary>
    public Task<Recorded<T>> RecordAsync<T>(IValidator<TBody> rules, Func<Write, Outcome<Made<T>>> work)
    {
        var faults = rules.Check(Body);
        return faults.Count > 0 ? Task.FromResult(new Recorded<T>(Refusal.Invalid(faults))) : RecordAsync(work);
    }
}

/// <summary>Tells the OpenAPI document what a request's JSON body is read as.</summary>
internal interface IHasBody<TBody>;

/// <summary>A request without a body.</summary>
internal sealed class BodilessRequest(HttpContext context) : WriteRequest(context)
{
    public static ValueTask<BodilessRequest?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<BodilessRequest?>(new BodilessRequest(context));
}
