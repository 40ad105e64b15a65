using System.Text.Json;

namespace PledgeTracker.Compat;

/// <summary>What other systems' clients are answered: each dialect refuses in its own words. The codes and the texts are ours.</summary>
internal sealed class Dialects : IShowsProblems
{
    public const string Fts = "/compat/fts", Hapi = "/compat/hapi";

    public async Task<bool> ShowAsync(HttpContext context, Problem problem)
    {
        var faults = problem.Errors?.Select(fault => (Name: fault.Pointer.TrimStart('?'), fault.Code, Told: $"{fault.Pointer.TrimStart('?')}: {fault.Detail}")).ToList() ?? [];
        var message = faults.Count == 0 ? problem.Detail ?? problem.Title : string.Join(" ", faults.Select(fault => fault.Told));
        object? body = context.Request.Path switch
        {
            var path when path.StartsWithSegments(Fts) => new { status = "error", code = problem.Code, message },
            // As FastAPI does, on which HAPI stands.
            var path when path.StartsWithSegments(Hapi) => new { detail = faults.Count == 0 ? (object)message : faults.ConvertAll(fault => new { loc = (string[])["query", fault.Name], msg = fault.Told, type = fault.Code }) },
            _ => null,
        };
        if (body is null)
        {
            return false;
        }

        context.Response.ContentType = Format.Json.ContentType;
        await context.Response.WriteAsync(JsonSerializer.Serialize(body, Json.Options), context.RequestAborted);
        return true;
    }
}
