using FastEndpoints;

namespace PledgeTracker.Site;

/// <summary>What is shown to people, of what the API is asked for it, all of it of one moment. It is conditional and kept like every read, by dataset version, address and language.</summary>
public abstract class Asks<TRequest> : Reads<TRequest, string>
    where TRequest : PastRequest
{
    private View? _view;

    public required IServiceProvider Services { get; init; }

    public required Answerers Answerers { get; init; }

    protected sealed override async Task<string> ReadAsync(TRequest request, View view)
    {
        _view = view;
        var query = HttpContext.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
        return await WriteAsync(request, new Edition(Reader.Language, Reader.Today, request.AsOf ?? Reader.Today, view.Head.Version,
            new Address(HttpContext.Request.PathBase.Value ?? "", HttpContext.Request.Path.Value!, query, Pipeline.Whole(HttpContext, "").GetLeftPart(UriPartial.Authority))));
    }

    /// <summary>Asks what is shown, and writes it.</summary>
    /// <exception cref="Refused">There is no such thing.</exception>
    private protected abstract Task<string> WriteAsync(TRequest request, Edition edition);

    /// <summary>What the API answers to a request, as of the moment of what is shown.</summary>
    /// <param name="request">The request of a read: the class that it stands in answers it.</param>
    protected async Task<TAnswer> AskAsync<TAnswer>(ReadRequest request)
        where TAnswer : class
    {
        // Each has the time of a read, and all of them the moment of the page.
        _view!.GiveTime();
        // Of its own, so that what it says of itself, such as its next page, is not said of this page.
        var asked = new DefaultHttpContext { RequestServices = HttpContext.RequestServices, RequestAborted = HttpContext.RequestAborted };
        asked.Request.PathBase = HttpContext.Request.PathBase;
        var answers = (IAnswers)new EndpointFactory().Create(Answerers.Of(request), asked);
        return (TAnswer)await answers.AnswerAsync(request, _view, Reader, asked);
    }
}

/// <summary>Who answers which request.</summary>
public sealed class Answerers(EndpointDataSource mapped)
{
    // Made at the first question: only then all is mapped.
    private readonly Lazy<Dictionary<Type, EndpointDefinition>> _all = new(() =>
        mapped.Endpoints.Select(e => e.Metadata.GetMetadata<EndpointDefinition>()).OfType<EndpointDefinition>().DistinctBy(d => d.EndpointType).ToDictionary(d => d.EndpointType));

    /// <summary>The operation in whose class a request stands.</summary>
    public EndpointDefinition Of(ReadRequest request) => _all.Value[request.GetType().DeclaringType!];
}
