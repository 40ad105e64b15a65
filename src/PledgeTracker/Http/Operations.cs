using FastEndpoints;
using Microsoft.AspNetCore.Http.Metadata;

namespace PledgeTracker.Http;

/// <summary>How FastEndpoints is set up: once for the process, whatever servers run in it, and so with nothing that belongs to one of them.</summary>
internal static class Operations
{
    public static void Configure(Config config)
    {
        Json.Configure(config.Serializer.Options);
        config.Endpoints.AllowEmptyRequestDtos = true;
        // Numbered where one operation has several addresses.
        config.Endpoints.NameGenerator = context => $"{context.EndpointType.Name}{context.RouteNumber}";
        config.Endpoints.Configurator = operation =>
        {
            // Roles are checked before the body is read (ApiKeys), refusals have one shape (Problems).
            operation.AllowAnonymous();
            operation.DontAutoTag();
            operation.DontThrowIfValidationFails();
        };
    }

    /// <summary>What the document says of an operation.</summary>
    /// <param name="answers">What it answers with, by status.</param>
    /// <param name="refusals">The statuses it refuses with; and 308 where it may send elsewhere (<see cref="Moved"/>), without a body.</param>
    /// <param name="mediaTypes">Of the answers; JSON where none is named.</param>
    public static void Describe(
        this EndpointDefinition operation, string tag, string summary, string description, IEnumerable<(int Status, Type Type)> answers, IEnumerable<int> refusals,
        params string[] mediaTypes)
    {
        operation.Summary(s => (s.Summary, s.Description) = (summary, description));
        operation.Description(builder =>
        {
            builder.WithTags(tag);
            foreach (var (status, type) in answers)
            {
                builder.WithMetadata(new ProducesResponseTypeMetadata(status, type, mediaTypes is [] ? ["application/json"] : mediaTypes));
            }

            foreach (var status in refusals)
            {
                builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), ["application/problem+json"]));
            }
        }, clearDefaults: true);
    }
}
