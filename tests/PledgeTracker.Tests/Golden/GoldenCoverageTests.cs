using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Golden;

public sealed class GoldenCoverageTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>Documented answers that no conversation holds, and why.</summary>
    private static readonly (string Method, string Path, int Status, string Why)[] Left =
    [
        ("", "", 408, "needs a client that stops sending: LimitTests"),
        ("", "", 429, "needs a rate limit: RateLimitTests"),
        ("", "", 503, "needs a server that is busy"),
        ("", "", 507, "needs a disk that is full"),
        ("", "", 413, "is the server's, whatever the path: one stands for all"),
        ("GET", "/v1/changes/verify", 304, "is made anew each time"),
        ("PATCH", "", 409, "nothing that is there conflicts with an amendment, save that an organization was merged"),
        ("PATCH", "", 422, "takes no Idempotency-Key of another request"),
        ("DELETE", "/v1/keys/{id}", 409, "revoking conflicts with nothing"),
        ("DELETE", "/v1/keys/{id}", 415, "has no body"),
        ("DELETE", "/v1/keys/{id}", 422, "has no body that could differ"),
        ("POST", "/v1/keys", 409, "a key conflicts with nothing"),
        ("POST", "/v1/keys", 422, "takes no Idempotency-Key"),
        ("POST", "/v1/me/key", 409, "as keys"),
        ("POST", "/v1/me/key", 415, "has no body"),
        ("POST", "/v1/me/key", 422, "takes no Idempotency-Key"),
        ("POST", "/v1/organizations/{id}/merge-into/{other}", 415, "has no body"),
        ("POST", "/v1/organizations/{id}/merge-into/{other}", 422, "has no body that could differ"),
        ("POST", "/v1/imports", 409, "only a twin under way conflicts"),
        ("DELETE", "/v1/imports/{id}", 200, "needs one that has not begun: ImportTests"),
        ("DELETE", "/v1/imports/{id}", 415, "has no body"),
        ("DELETE", "/v1/imports/{id}", 422, "has no body that could differ"),
        ("POST", "/v1/requirements", 409, "statements stand beside each other; only a twin under way conflicts: IdempotencyTests"),
        ("POST", "/v1/shortfalls", 409, "as requirements"),
        ("POST", "/v1/indicators", 409, "as requirements"),
        ("POST", "/v1/adjustments", 409, "needs a number that is recorded: AdjustmentTests"),
        ("POST", "/v1/contributions/{id}/verifications", 409, "as requirements"),
        ("POST", "/v1/entries/{id}/citations", 409, "as requirements"),
    ];

    [Fact]
    public async Task Every_documented_answer_is_held_or_has_a_reason()
    {
        var document = await server.GetAsync("/openapi.json");
        var operations = (from path in document.GetProperty("paths").EnumerateObject()
                          from method in path.Value.EnumerateObject()
                          where method.Name is "get" or "post" or "patch" or "delete"
                          select (Method: method.Name.ToUpperInvariant(), Path: path.Name, Matches: new Regex($"^{Regex.Replace(path.Name, @"\{\w+\}", "[^/]+")}$"),
                              Statuses: method.Value.GetProperty("responses").EnumerateObject().Select(r => int.Parse(r.Name, CultureInfo.InvariantCulture)).ToList())).ToList();
        var held = GoldenFile.AllOf("coalition").Concat(GoldenFile.AllOf("ledger")).SelectMany(file => file.Requests).SelectMany(request => operations
            // /v1/changes/stream and no other where both it and a template would match.
            .Where(o => o.Method == request.Method.Method && o.Matches.IsMatch(request.Target.Split('?')[0])).OrderBy(o => o.Path.Contains('{')).Take(1)
            .SelectMany(o => Regex.Matches(request.Expected, @"^HTTP (\d{3})$", RegexOptions.Multiline)
                .Select(status => (o.Method, o.Path, int.Parse(status.Groups[1].Value, CultureInfo.InvariantCulture))))).ToHashSet();
        var missing = operations.SelectMany(o => o.Statuses.Select(status => (o.Method, o.Path, Status: status))).Where(answer => !held.Contains(answer))
            .Where(answer => !Left.Any(l => l.Status == answer.Status && (l.Method.Length == 0 || l.Method == answer.Method) && (l.Path.Length == 0 || l.Path == answer.Path)));
        Assert.Empty(missing);
    }

    [Fact]
    public void The_answers_stay_few_enough_to_be_read()
    {
        var files = GoldenFile.AllOf("coalition").Concat(GoldenFile.AllOf("ledger")).Select(file => new FileInfo(Path.Combine(Repository.Root, file.Path))).ToList();
        Assert.DoesNotContain(files, file => file.Length > 400 << 10);
        Assert.True(files.Sum(file => file.Length) < 3 << 20);
    }
}
