using System.Globalization;
using System.Net;

namespace PledgeTracker;

/// <summary>What the server is told in <c>appsettings.json</c>, the environment and its arguments (README, Settings): read once, at start, and refused there.</summary>
internal sealed record Settings
{
    // A misspelt setting would be one that is not kept.
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Database"] = ["Connection", "ReadFrom", "Seed"],
        ["RateLimit"] = ["ReadsPerMinute", "WritesPerMinute"],
        ["Cors"] = ["Origins"],
    };

    public required string Connection { get; init; }

    public required string? ReadFrom { get; init; }

    public required string Seed { get; init; }

    /// <summary>Whose word for a client's address is believed.</summary>
    public required IPAddress[] Proxies { get; init; }

    /// <summary>The pages that may read; `*` for any.</summary>
    public required string[] Origins { get; init; }

    /// <summary>Requests a minute; 0 is no limit.</summary>
    public required int ReadsPerMinute { get; init; }

    /// <inheritdoc cref="ReadsPerMinute"/>
    public required int WritesPerMinute { get; init; }

    /// <summary>The address to listen on where none is set.</summary>
    public required string? StandardUrl { get; init; }

    /// <exception cref="ArgumentException">One of them cannot be: it says which, and what to send.</exception>
    public static Settings Of(IConfiguration settings, bool isDevelopment)
    {
        if (settings["Database:Path"] is { } path)
        {
            throw new ArgumentException($"Database:Path is now Database:Connection: say \"Data Source={path}\".");
        }

        foreach (var (section, names) in Known)
        {
            if (settings.GetSection(section).GetChildren().FirstOrDefault(s => !names.Contains(s.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            {
                throw new ArgumentException($"There is no setting {unknown.Path}. Known: {string.Join(", ", names.Select(n => $"{section}:{n}"))}.");
            }
        }

        return new Settings
        {
            Connection = settings["Database:Connection"] ?? "Data Source=pledgetracker.db",
            ReadFrom = settings["Database:ReadFrom"],
            Seed = settings["Database:Seed"] ?? (isDevelopment ? "coalition" : "none"),
            Proxies = List(settings, "Proxies").ConvertAll(p => IPAddress.TryParse(p, out var address) ? address : throw new ArgumentException($"Proxies: {p} is not an IP address.")).ToArray(),
            // Reads are public, so any page may read; named ones narrow that.
            Origins = List(settings, "Cors:Origins") is { Count: > 0 } named ? [.. named] : ["*"],
            ReadsPerMinute = Limit(settings, "RateLimit:ReadsPerMinute", 6000),
            WritesPerMinute = Limit(settings, "RateLimit:WritesPerMinute", 3000),
            StandardUrl = settings["urls"] is null && settings["http_ports"] is null && settings["https_ports"] is null && !settings.GetSection("Kestrel:Endpoints").Exists()
                ? "http://localhost:5080" : null,
        };
    }

    // Several as in JSON or as name:0, name:1; or as one text, with commas.
    private static List<string> List(IConfiguration settings, string name) => settings.GetSection(name) is { Value: { } text }
        ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
        : [.. settings.GetSection(name).Get<string[]>() ?? []];

    private static int Limit(IConfiguration settings, string name, int standard) => settings[name] is not { } text ? standard
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit
        : throw new ArgumentException($"{name}: {text} is not a whole number from 0, which is no limit.");
}
