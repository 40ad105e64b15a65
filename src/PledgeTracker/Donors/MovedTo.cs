using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Donors;

/// <summary>308: the organization was merged into another, which answers at this address.</summary>
public sealed class MovedTo(string address) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(new ProducesResponseTypeMetadata(308));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        httpContext.Response.Headers.Location = address;
        // A merge is for good, but the survivor may be merged in its turn: ask again.
        httpContext.Response.Headers.CacheControl = "no-cache";
        return Task.CompletedTask;
    }

    /// <summary>What a write says that goes to an organization that was merged.</summary>
    internal static Refusal Refused(string id, string survivor) =>
        Refusal.Conflict($"{id} was merged into {survivor} already.", $"سبق دمج {id} في {survivor}.", $"/v1/organizations/{survivor}");

    /// <summary>Whom an organization was merged into; null when it was not.</summary>
    internal static string? Survivor(IQueries queries, string id) =>
        queries.First<string>("SELECT merged_into FROM organization WHERE id = @id AND merged_into IS NOT NULL", ("@id", id));
}
