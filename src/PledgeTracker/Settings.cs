using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Console;

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
        ["Backup"] = ["Directory", "Every", "Keep"],
        ["Telemetry"] = ["Prometheus"],
        ["Rates"] = ["Providers"],
    };

    // Of the framework's own those that somebody may set here.
    private static readonly string[] OfTheFramework =
        ["Proxies", "urls", "http_ports", "https_ports", "Kestrel", "Logging", "AllowedHosts", "environment", "contentRoot", "applicationName", "shutdownTimeoutSeconds"];

    public required string Connection { get; init; }

    public required string? ReadFrom { get; init; }

    public required string Seed { get; init; }

    /// <summary>Whose word for a client's address, and for what stands in front of a path, is believed.</summary>
    public required IPNetwork[] Proxies { get; init; }

    /// <summary>The pages that may read; `*` for any.</summary>
    public required string[] Origins { get; init; }

    /// <summary>Requests a minute; 0 is no limit.</summary>
    public required int ReadsPerMinute { get; init; }

    /// <inheritdoc cref="ReadsPerMinute"/>
    public required int WritesPerMinute { get; init; }

    /// <summary>Where backups are taken on a schedule; null for none.</summary>
    public required string? BackupDirectory { get; init; }

    public required TimeSpan BackupEvery { get; init; }

    /// <summary>How many of them are kept.</summary>
    public required int BackupKeep { get; init; }

    /// <summary>Whose exchange rates come first where summaries are shown in another currency.</summary>
    public required string[] RatesProviders { get; init; }

    /// <summary>What lines of the log look like: the framework's name for it.</summary>
    public required string LogFormat { get; init; }

    /// <summary>Whether `/metrics` is there, for Prometheus.</summary>
    public required bool Prometheus { get; init; }

    /// <summary>Whether spans go to where the usual variables of OpenTelemetry say.</summary>
    public required bool SendsTraces { get; init; }

    /// <inheritdoc cref="SendsTraces"/>
    public required bool SendsMetrics { get; init; }

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
                throw Unknown(unknown.Path, names.Select(n => $"{section}:{n}"));
            }
        }

        // Everything in the environment is a setting to the framework: only a section that is nearly one of these is taken for a mistake.
        string[] sections = [.. Known.Keys, .. OfTheFramework];
        if (settings.GetChildren().FirstOrDefault(s => s.GetChildren().Any() && !sections.Contains(s.Key, StringComparer.OrdinalIgnoreCase) && Near.Of(s.Key, sections) is not null) is { } misspelt)
        {
            throw Unknown(misspelt.Key, sections);
        }

        var seed = settings["Database:Seed"] ?? (isDevelopment ? "coalition" : "none");
        string[] seeds = ["none", .. typeof(Settings).Assembly.GetManifestResourceNames().Where(n => n.StartsWith("seed/", StringComparison.Ordinal)).Select(n => n.Split('/')[1]).Distinct()];
        var format = settings["Logging:Console:FormatterName"] ?? ConsoleFormatterNames.Simple;
        string[] formats = [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json, ConsoleFormatterNames.Systemd];
        if (!formats.Contains(format))
        {
            throw new ArgumentException($"Logging:Console:FormatterName: there is no {format}. Known: {string.Join(", ", formats)}.");
        }

        ThrowIfNoAddress(settings);
        var directory = settings["Backup:Directory"];
        if (directory is not null && !System.IO.Directory.Exists(directory))
        {
            throw new ArgumentException($"Backup:Directory: there is no folder {Path.GetFullPath(directory)}: make it first.");
        }

        if (directory is null && settings.GetSection("Backup").GetChildren().FirstOrDefault() is { } without)
        {
            throw new ArgumentException($"{without.Path}: name the Backup:Directory, too; without it no backup is taken.");
        }

        return new Settings
        {
            Connection = settings["Database:Connection"] ?? "Data Source=pledgetracker.db",
            ReadFrom = settings["Database:ReadFrom"],
            Seed = seeds.Contains(seed) ? seed : throw new ArgumentException($"Database:Seed: there is no seed {seed}. Known: {string.Join(", ", seeds)}."),
            Proxies = List(settings, "Proxies").ConvertAll(p => IPAddress.TryParse(p, out var address) ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
                : IPNetwork.TryParse(p, out var network) ? network
                : throw new ArgumentException($"Proxies: {p} is not an IP address, and not a network such as 10.0.0.0/8.")).ToArray(),
            // Reads are public, so any page may read; named ones narrow that.
            Origins = List(settings, "Cors:Origins") is { Count: > 0 } named ? [.. named] : ["*"],
            ReadsPerMinute = Limit(settings, "RateLimit:ReadsPerMinute", 6000),
            WritesPerMinute = Limit(settings, "RateLimit:WritesPerMinute", 3000),
            BackupDirectory = directory is null ? null : Path.GetFullPath(directory),
            BackupEvery = Duration(settings, "Backup:Every", TimeSpan.FromDays(1)),
            BackupKeep = settings["Backup:Keep"] is not { } keep ? 7
                : int.TryParse(keep, NumberStyles.None, CultureInfo.InvariantCulture, out var kept) && kept > 0 ? kept
                : throw new ArgumentException($"Backup:Keep: {keep} is not a whole number from 1."),
            RatesProviders = [.. List(settings, "Rates:Providers")],
            LogFormat = format,
            Prometheus = settings["Telemetry:Prometheus"] is { } prometheus && (bool.TryParse(prometheus, out var asked) ? asked
                : throw new ArgumentException($"Telemetry:Prometheus: {prometheus} is neither true nor false.")),
            SendsTraces = Sends(settings, "TRACES"),
            SendsMetrics = Sends(settings, "METRICS"),
            StandardUrl = settings["urls"] is null && settings["http_ports"] is null && settings["https_ports"] is null && !settings.GetSection("Kestrel:Endpoints").Exists()
                ? "http://localhost:5080" : null,
        };
    }

    /// <summary>The framework passes over an argument that it cannot read: such a one is refused before.</summary>
    /// <exception cref="ArgumentException">One of them is no setting, or has no value.</exception>
    public static void ThrowIfUnknown(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var arg = args[i];
            var (name, value) = arg.Split('=', 2) is [var before, var after] ? (before, after) : (arg, null);
            name = name.StartsWith("--", StringComparison.Ordinal) ? name[2..] : name.StartsWith('/') ? name[1..] : name;
            string[] known = [.. Known.SelectMany(s => s.Value.Select(n => $"{s.Key}:{n}")), .. OfTheFramework];
            // Within a section that is known, what is there says which of it is not.
            if ((name == arg && value is null) || !known.Concat(Known.Keys).Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase))
            {
                throw Unknown(arg.Split('=')[0], known, Near.Of(name, known) is { } nearest ? "--" + nearest : null);
            }

            if (value is null && ++i >= args.Length)
            {
                throw new ArgumentException($"{arg}: a value is missing, as in {arg}=…");
            }
        }
    }

    // The framework looks at them when the database is open already, and does not name the setting.
    private static void ThrowIfNoAddress(IConfiguration settings)
    {
        string[] lists = ["http_ports", "https_ports"];
        if (lists.FirstOrDefault(n => Each(n).Any(p => !ushort.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _))) is { } ports)
        {
            throw new ArgumentException($"{ports}: {settings[ports]} is no port such as 5080.");
        }

        var endpoints = settings.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e.GetSection("Url"));
        foreach (var (name, url) in Each("urls").Select(url => ("urls", url)).Concat(endpoints.Where(e => e.Value is not null).Select(e => (e.Path, e.Value!))))
        {
            if (!IsAddress(url))
            {
                throw new ArgumentException($"{name}: {url} is no address such as http://localhost:5080.");
            }
        }

        string[] Each(string name) => (settings[name] ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http" or "https", Port: >= 0 and <= IPEndPoint.MaxPort };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // What the exporter cannot read it passes over, and sends where nobody listens.
    private static bool Sends(IConfiguration settings, string signal)
    {
        var name = $"OTEL_{signal}_EXPORTER";
        var exporter = Sent(settings, name);
        if (exporter is not (null or "otlp" or "none"))
        {
            throw new ArgumentException($"{name}: there is no {exporter}. Known: otlp, none.{(exporter == "prometheus" ? " For Prometheus say --Telemetry:Prometheus=true." : "")}");
        }

        string[] places = [$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
        if (places.FirstOrDefault(p => Sent(settings, p) is { } sent && !(Uri.TryCreate(sent, UriKind.Absolute, out var place) && place.Scheme is "http" or "https")) is { } wrong)
        {
            throw new ArgumentException($"{wrong}: {settings[wrong]} is no address such as http://localhost:4318.");
        }

        string[] protocols = ["grpc", "http/protobuf"];
        if (new[] { $"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL" }.FirstOrDefault(p => Sent(settings, p) is { } sent && !protocols.Contains(sent)) is { } protocol)
        {
            throw new ArgumentException($"{protocol}: there is no {settings[protocol]}. Known: {string.Join(", ", protocols)}.");
        }

        return !string.Equals(Sent(settings, "OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
            && (exporter == "otlp" || (exporter is null && places.Any(p => Sent(settings, p) is not null)));
    }

    // Empty is unset, as everywhere with these.
    private static string? Sent(IConfiguration settings, string name) => settings[name] is { Length: > 0 } value ? value : null;

    private static ArgumentException Unknown(string name, IEnumerable<string> known, string? nearest = null) => new(
        $"There is no setting {name}.{((nearest ?? Near.Of(name, known)) is { } meant ? $" Did you mean {meant}?" : "")} Known: {string.Join(", ", known)}.");

    private static TimeSpan Duration(IConfiguration settings, string name, TimeSpan standard)
    {
        if (settings[name] is not { } text)
        {
            return standard;
        }

        var unit = text is [.., var last] ? last switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 } : 0;
        return unit > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 && (long)count * unit <= 30 * 86400
            ? TimeSpan.FromSeconds((long)count * unit)
            : throw new ArgumentException($"{name}: {text} is no time: send a whole number with s, m, h or d, such as 6h, and at most 30d.");
    }

    // Several as in JSON or as name:0, name:1; or as one text, with commas.
    private static List<string> List(IConfiguration settings, string name) => settings.GetSection(name) is { Value: { } text }
        ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
        : [.. settings.GetSection(name).Get<string[]>() ?? []];

    private static int Limit(IConfiguration settings, string name, int standard) => settings[name] is not { } text ? standard
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit
        : throw new ArgumentException($"{name}: {text} is not a whole number from 0, which is no limit.");
}
