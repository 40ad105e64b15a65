using System.Text.Json;
using FastEndpoints;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>What a write came to.</summary>
/// <param name="Shown">The record, as it is answered.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Version">Of a record that can be amended: goes into the ETag.</param>
/// <param name="Status">201 where something was recorded, 200 where it was changed or was there already.</param>
public sealed record Made<T>(T Shown, string? Location = null, long? Version = null, int Status = StatusCodes.Status201Created);

/// <summary>
/// An operation that records: behind a key, in one transaction, and once however often it is sent with one <c>Idempotency-Key</c>. It is answered when it is on the
/// disk.
/// </summary>
public abstract class Writes<TRequest, TResponse> : Endpoint<TRequest, TResponse>
    where TRequest : notnull
    where TResponse : class
{
    // Long enough for any queue. A write that has not begun by then is not begun any more, so that "try again" is true.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public required Db Db { get; init; }

    public required Idempotency Retries { get; init; }

    protected Reader Reader => field ??= Reader.Of(HttpContext);

    /// <summary>Names the operation in the document, and says who may.</summary>
    /// <param name="role">The least role.</param>
    /// <param name="refusals">Statuses that not every write refuses with.</param>
    /// <param name="statuses">What it answers with.</param>
    /// <param name="example">A body that can be sent as it is to a server with the documented facts.</param>
    /// <param name="exampleOf">The organization of a recorder who may send the example.</param>
    /// <param name="exampleNeeds">The least role that may send the example, where that is another: because nobody entered a fact in their own name, no recorder may correct one.</param>
    protected void Tells(string tag, string summary, string description, Role role, int[]? refusals = null, int[]? statuses = null, bool hidden = false,
        object? example = null, string? exampleOf = null, Role? exampleNeeds = null)
    {
        var isPatch = typeof(TRequest).IsGenericType && typeof(TRequest).GetGenericTypeDefinition() == typeof(Patch<>);
        Metadata(new NeedsRole(role, hidden), SentBody.TakenBy<TRequest>());
        Definition.Describe(tag, summary, $"{description} Needs a key of role `{role.ToString().ToLowerInvariant()}`{(role == Role.Admin ? "" : " or above")}.",
            (statuses ?? [isPatch ? 200 : 201]).Select(status => (status, typeof(TResponse))),
            [400, 401, .. role == Role.Recorder || hidden ? (int[])[] : [403], .. hidden ? (int[])[404] : [], 408, 409, 413, 415, 422, 429, 503, 507, .. isPatch ? (int[])[404, 412, 428] : [], .. refusals ?? []]);
        if (example is not null)
        {
            Metadata(new BodyExample(example, exampleNeeds ?? role, exampleOf));
        }
    }

    /// <summary>Carries the request out.</summary>
    /// <exception cref="Refused">It is not carried out: whatever was written is taken back.</exception>
    protected abstract Task<Made<TResponse>> WriteAsync(TRequest request, Write write);

    // A sum is checked where it is made: one beyond 64 bits is told as what the database tells of one that is beyond what it keeps.
    private async Task<Made<TResponse>> MadeAsync(TRequest request, Write write)
    {
        try
        {
            return await WriteAsync(request, write);
        }
        catch (OverflowException)
        {
            throw Refused.TooLarge();
        }
    }

    /// <summary>
    /// Adds what is wrong beyond the shape: what the request names and is not there, days that are out of range, dollars that are missing. It is asked about a request that
    /// is not whole as well, so that one answer tells all.
    /// </summary>
    protected virtual Task CheckAsync(TRequest request, Session session, Faults faults) => Task.CompletedTask;

    /// <summary>What is left to do once it is on the disk. It was carried out whatever comes of this.</summary>
    protected virtual Task AfterAsync() => Task.CompletedTask;

    public sealed override async Task HandleAsync(TRequest request, CancellationToken ct)
    {
        if (ValidationFailures.Count > 0)
        {
            var faults = new Faults();
            faults.Add(Binding.FaultsOf(ValidationFailures));
            faults.AddElsewhere(await Db.ReadAsync(async view =>
            {
                var others = new Faults();
                await CheckAsync(request, view, others);
                return others;
            }, long.MaxValue, ct));
            throw Refused.Invalid([.. faults.Found]);
        }

        var caller = Caller.Of(HttpContext);
        if (Binding.IsDryRun(HttpContext))
        {
            await TryOutAsync(request, caller, ct);
            return;
        }

        using var once = Retries.Begin(HttpContext, caller);
        using var patience = new CancellationTokenSource(Patience);
        var (answer, version) = await Db.WriteAsync(caller, async write =>
        {
            var given = await once.FindAsync(write);
            if (given is null)
            {
                var made = await MadeAsync(request, write);
                given = await once.KeepAsync(write, new Answer(made.Status, made.Location, made.Version is { } of ? $"\"{of}.{of}\"" : null,
                    JsonSerializer.SerializeToUtf8Bytes(made.Shown, Json.Options)));
            }

            return (given, (await Data.Head.OfAsync(write.Sql)).Version);
        }, patience.Token);
        await AfterAsync();
        HttpContext.Response.Headers[DatasetVersion.Header] = version;
        await answer.SendAsync(HttpContext.Response, ct);
    }

    // What would be answered; nothing stands anywhere, so no address and no version of it.
    private async Task TryOutAsync(TRequest request, Caller caller, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience);
        var (answer, version) = await Db.TryOutAsync(caller, async write =>
        {
            var head = await Data.Head.OfAsync(write.Sql);
            var made = await MadeAsync(request, write);
            return (new Answer(made.Status, null, null, JsonSerializer.SerializeToUtf8Bytes(made.Shown, Json.Options)), head.Version);
        }, patience.Token);
        HttpContext.Response.Headers[DatasetVersion.Header] = version;
        await answer.SendAsync(HttpContext.Response, ct);
    }
}

/// <summary>An answer as it is sent, and sent again to a retry.</summary>
internal sealed record Answer(int Status, string? Location, string? EntityTag, byte[] Body)
{
    public bool Replayed { get; init; }

    public async Task SendAsync(HttpResponse response, CancellationToken cancellation)
    {
        response.StatusCode = Status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.Location = Pipeline.Seen(response.HttpContext, Location);
        response.Headers.ETag = EntityTag;
        if (Replayed)
        {
            response.Headers["Idempotency-Replayed"] = "true";
        }

        await response.Body.WriteAsync(Body, cancellation);
    }
}
