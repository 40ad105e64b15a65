using System.Text;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Golden;

/// <summary>A file of requests, each with its answer; README.md describes the format.</summary>
internal sealed partial class GoldenFile
{
    private readonly string _head;

    private GoldenFile(string path, string head, List<GoldenRequest> requests)
    {
        (Path, _head, Requests) = (path, head, requests);
    }

    /// <summary>From the root of the repository.</summary>
    public string Path { get; }

    public List<GoldenRequest> Requests { get; }

    /// <summary>The files of a folder beside this one, in the order of their names.</summary>
    public static List<GoldenFile> AllOf(string folder)
    {
        const string golden = "tests/PledgeTracker.Tests/Golden";
        return [.. Directory.GetFiles(System.IO.Path.Combine(Repository.Root, golden, folder), "*.http").Order(StringComparer.Ordinal)
            .Select(file => Read(System.IO.Path.GetRelativePath(Repository.Root, file)))];
    }

    /// <summary>The file with the answers that came.</summary>
    public string With(IEnumerable<string> answers) => _head + string.Concat(Requests.Zip(answers, (request, answer) =>
        $"### {request.Name}".TrimEnd() + $"\n{request.Text}\n\n{answer}\n\n")).TrimEnd('\n') + "\n";

    private static GoldenFile Read(string path)
    {
        var text = File.ReadAllText(System.IO.Path.Combine(Repository.Root, path));
        var blocks = BlockStart().Split(text);
        return new GoldenFile(path, blocks[0], [.. blocks[1..].Select(block => ToRequest(path, block))]);
    }

    private static GoldenRequest ToRequest(string path, string block)
    {
        var (name, rest) = Cut(block, block.IndexOf('\n', StringComparison.Ordinal));
        var answer = AnswerStart().Match(rest);
        var (text, expected) = answer.Success ? (rest[..answer.Index], rest[answer.Index..]) : (rest, "");
        return GoldenRequest.Parse(path, name.Trim(), text.Trim('\n'), expected.TrimEnd('\n'));
    }

    private static (string Before, string After) Cut(string text, int at) => (text[..at], text[(at + 1)..]);

    [GeneratedRegex("^###(?= |$)", RegexOptions.Multiline)]
    private static partial Regex BlockStart();

    [GeneratedRegex(@"^HTTP \d{3}$", RegexOptions.Multiline)]
    private static partial Regex AnswerStart();
}

/// <summary>A request as it stands in a file, and what it was answered.</summary>
/// <param name="Name">What others refer to it by.</param>
/// <param name="Text">As it stands in the file.</param>
internal sealed record GoldenRequest(string Name, string Text, string Expected)
{
    /// <summary>Words behind an @, such as <c>as</c>, and what they are given.</summary>
    public required Dictionary<string, string> Directives { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>Path and query.</summary>
    public required string Target { get; init; }

    public required List<(string Name, string Value)> Headers { get; init; }

    public required string? Body { get; init; }

    public bool Writes => Method != HttpMethod.Get && Method != HttpMethod.Head && Method != HttpMethod.Options;

    public static GoldenRequest Parse(string path, string name, string text, string expected)
    {
        var lines = text.Split('\n');
        var at = 0;
        var directives = new Dictionary<string, string>();
        while (at < lines.Length && lines[at] is ['#' or '@', ..] line)
        {
            if (line[0] == '@')
            {
                var space = (line + " ").IndexOf(' ', StringComparison.Ordinal);
                directives.Add(line[1..space], line[space..].Trim());
            }

            at++;
        }

        Assert.True(at < lines.Length && lines[at].Split(' ').Length == 2, $"{path}: no method and path in\n{text}");
        var start = lines[at++].Split(' ');
        var headers = new List<(string, string)>();
        while (at < lines.Length && lines[at].Length > 0)
        {
            var colon = lines[at].IndexOf(':', StringComparison.Ordinal);
            headers.Add((lines[at][..colon], lines[at][(colon + 1)..].Trim()));
            at++;
        }

        var body = new StringBuilder().AppendJoin('\n', lines.Skip(at + 1)).ToString();
        return new GoldenRequest(name, text, expected)
        {
            Directives = directives,
            Method = new HttpMethod(start[0]),
            Target = start[1],
            Headers = headers,
            Body = body.Length == 0 ? null : body,
        };
    }
}
