namespace PledgeTracker.Http;

/// <summary>One operation of the API: its route, its request, its rules, its SQL, its answer and its documentation, in one class.</summary>
internal interface IEndpoint
{
    static abstract void Map(IEndpointRouteBuilder routes);
}
