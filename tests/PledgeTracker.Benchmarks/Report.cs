using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace PledgeTracker.Benchmarks;

/// <summary>The results as Markdown: what was measured, on what, and whether the aims are met.</summary>
internal sealed class Report(Options options)
{
    private const double WalkAim = 1.5;
    private const double StartAim = 3;
    private const long MemoryAim = 250L << 20;

    private readonly List<Measured> _all = [];

    public void Add(Measured measured) => _all.Add(measured);

    public static string Line(CaseResult r) => Say(
        $"{r.Case.Name,-60} {r.PerSecond,8:F0}/s  ratio {r.Ratio:F4}{(r.Case.Aim is { } aim ? Say($" (aim {aim})") : "")}  p50 {r.P50:F2} p99 {r.P99:F2} ms, plaintext {r.PlaintextPerSecond:F0}/s");

    public static string Line(WalkResult r) => Say($"{r.Name,-60} page 1 {r.FirstMs:F2} ms, page {r.Page} {r.DeepMs:F2} ms, ratio {r.Ratio:F2}");

    public override string ToString()
    {
        var text = new StringBuilder();
        var command = Say($"--pledges {string.Join(',', options.Pledges)}{string.Concat(options.Connections.Select(_ => " --connection …"))} --rounds {options.Rounds} --seconds {options.Half.TotalSeconds:0.#}");
        text.Append(Say($"""
            # Results of the benchmark

            Written by the benchmark itself; run it again with

            ```
            dotnet run -c Release --project tests/PledgeTracker.Benchmarks -- {command} --out tests/PledgeTracker.Benchmarks/RESULTS.md
            ```

            - Date: {TimeProvider.System.GetUtcNow():yyyy-MM-dd}
            - Machine: {Environment.ProcessorCount} cores ({Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString()}), {Memory()}, {RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version}
            - {RuntimeInformation.FrameworkDescription}; others were at work on the machine: load average {Field("/proc/loadavg", "") ?? "unknown"} at the end, the benchmark's own included

            ## How it is measured

            The server is a process of its own (Release build, real Kestrel on loopback, logging at Warning), the load generator another on the same
            machine; PostgreSQL, where it is the engine, runs there, too. The load is a closed loop over 64 keep-alive connections (1 where it says so), made by one
            thread with non-blocking sockets and an HTTP/1.1 client of our own: leaner than `HttpClient`, whose cost would stand in both numbers of each ratio and
            flatter it. Each case alternates with `/plaintext` on the same server, in the same pipeline, {options.Rounds} rounds of {options.Half.TotalSeconds:0.#} s each, after both were
            loaded until the server's runtime had nothing more to compile (.NET compiles what is called often twice more, on the same cores). *ratio* is the
            median of the rounds' ratios of requests a second; latencies are medians of the rounds' percentiles, queueing behind 63 others included. Every
            answer is checked: a wrong status or an empty page ends the run. The operating system has the database in memory.

            The server keeps answers and sends them again until something is written. Every question ends in `&` so often that no request is like one before it and each is read
            from the database; where it says *asked for again* the answer was kept. The bare numbers depend on the machine and on who shares it; what is claimed is the ratio. The aims of pages and
            contributions are 1,000 and 1,200 a second where plaintext is 90,000. Contributions are recorded last, in the same database.

            The pledges, all sent over HTTP, drawn out of one seed:


            """));
        foreach (var line in Mix.InWords)
        {
            text.Append("- ").AppendLine(line);
        }

        _all.ForEach(measured => Append(text, measured));
        return text.ToString();
    }

    private static void Append(StringBuilder text, Measured m)
    {
        text.AppendLine().AppendLine(Say($"## {m.Pledges:N0} pledges on {m.Engine}")).AppendLine();
        text.AppendLine(Say($"The database was {m.Filled?.ToString() ?? "filled before, in the same way"}.")).AppendLine();
        text.AppendLine("| case | requests/s | plaintext/s | ratio | aim | met | p50 ms | p90 ms | p99 ms | kB |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |");
        foreach (var r in m.Cases)
        {
            var (aim, met) = r.Case.Aim is { } least ? (Say($"≥ {least}"), Met(r.Ratio >= least)) : ("", "");
            text.AppendLine(Say(
                $"| {r.Case.Name} | {r.PerSecond:N0} | {r.PlaintextPerSecond:N0} | {r.Ratio:F4} | {aim} | {met} | {r.P50:F2} | {r.P90:F2} | {r.P99:F2} | {r.Bytes / 1000:F1} |"));
        }

        if (m.Walks.Count > 0)
        {
            text.AppendLine().AppendLine("| pages of 50, 1 connection | page 1, p50 ms | deep page, p50 ms | ratio | aim | met |");
            text.AppendLine("| --- | ---: | ---: | ---: | ---: | --- |");
            foreach (var w in m.Walks)
            {
                text.AppendLine(Say($"| {w.Name} | {w.FirstMs:F2} | page {w.Page:N0}: {w.DeepMs:F2} | {w.Ratio:F2} | ≤ {WalkAim:F1} | {Met(w.Ratio <= WalkAim)} |"));
            }
        }

        text.AppendLine();
        if (m.Start is { } s)
        {
            text.AppendLine(Say($"- Start-up, from the process's start to the first 200 of `/health/live`, against an empty ASP.NET Core application, {Measurement.StartUps} runs each by turns: {s.ServerMs:F0} ms against {s.EmptyMs:F0} ms, ratio {s.Ratio:F2} (aim ≤ {StartAim:F0}: {Met(s.Ratio <= StartAim)})"));
        }

        text.AppendLine(Say($"- Resident memory of the server over all cases: at most {m.HighWaterBytes >> 20} MB (aim < {MemoryAim >> 20} MB: {Met(m.HighWaterBytes < MemoryAim)})"));
    }

    private static string Met(bool met) => met ? "yes" : "**no**";

    // Not the collector's own figure: that is the limit it was given.
    private static string Memory() => Field("/proc/meminfo", "MemTotal:")?.Split(' ') is [{ } kilobytes, ..]
        ? Say($"{double.Parse(kilobytes, CultureInfo.InvariantCulture) / (1 << 20):F0} GB")
        : "memory unknown";

    private static string? Field(string file, string name) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim(' ', '\t', ':') : null;

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
