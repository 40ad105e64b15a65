using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace PledgeTracker.Benchmarks;

/// <summary>The results as Markdown: what was measured, on what, and whether the aims are met.</summary>
internal sealed class Report(Options options)
{
    private const double WalkAim = 1.5;
    private const double StartAim = 3;
    private const double ReadsBesideAim = 3;
    private const double FlushesAim = 0.2;
    private const double FlushesAloneAim = 1.1;
    private const long MemoryAim = 200L << 20;

    private readonly List<Measured> _all = [];

    public void Add(Measured measured) => _all.Add(measured);

    public static string Line(CaseResult r) => Say(
        $"{r.Case.Name,-40} {r.PerSecond,8:F0}/s  ratio {r.Ratio:F3}{(r.Case.Aim is { } aim ? Say($" (aim {aim:F2})") : "")}  p50 {r.P50:F2} p90 {r.P90:F2} p99 {r.P99:F2} ms, plaintext {r.PlaintextPerSecond:F0}/s");

    public static string Line(WalkResult r) => Say($"{r.Name,-40} page 1 {r.FirstMs:F2} ms, page {r.Page} {r.DeepMs:F2} ms, ratio {r.Ratio:F2}");

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine("# Results of the benchmark").AppendLine();
        text.AppendLine("Written by the benchmark itself; run it again with").AppendLine();
        text.AppendLine("```");
        text.AppendLine(Say($"dotnet run -c Release --project tests/PledgeTracker.Benchmarks -- --pledges {string.Join(',', options.Pledges)} --rounds {options.Rounds} --seconds {options.Half.TotalSeconds:0.#} --out tests/PledgeTracker.Benchmarks/RESULTS.md"));
        text.AppendLine("```").AppendLine();
        text.AppendLine(Say($"- Date: {TimeProvider.System.GetUtcNow():yyyy-MM-dd}"));
        text.AppendLine(Say($"- Machine: {Environment.ProcessorCount} cores ({Processor()}), {Memory()}, {RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version}"));
        text.AppendLine(Say($"- {RuntimeInformation.FrameworkDescription}, SQLite {SqliteVersion()}"));
        text.AppendLine();
        text.AppendLine("## How it is measured").AppendLine();
        text.AppendLine(Say($"""
            The server is a process of its own (Release build, real Kestrel on loopback, logging at Warning), the load generator another on the same
            machine. The load is a closed loop over 64 keep-alive connections (1 where it says so), made by one thread with non-blocking sockets and an
            HTTP/1.1 client of our own: leaner than `HttpClient`, whose cost would stand in both numbers of each ratio and flatter it. Each case alternates with
            `/plaintext` on the same server, in the same pipeline, {options.Rounds} rounds of {options.Half.TotalSeconds:0.#} s each, after both were loaded until
            the server's runtime had nothing more to compile (.NET compiles what is called often twice more, on the same cores). *ratio* is the median of the rounds' ratios of requests
            a second; latencies are medians of the rounds' percentiles, queueing behind 63 others included. Every answer is checked: a wrong status or
            an empty page ends the run. The operating system has the database's file in memory.

            The server keeps the bodies of lists to send them again while nothing is written. That is switched off for all cases but those that say *asked
            for again*, so the others are read from the database each time; which of the two a dashboard meets depends on whether anything was written
            since somebody asked. Writes go to a copy of the database.

            The reads and the writes of a thousand a second are sent by a thread each that asks for a short slice of the processor, as the server's threads do
            (Linux 6.12 and later): what they measure is what the server's threads wait for, not what the generator's own do.
            """)).AppendLine();
        text.AppendLine("The generated pledges, all recorded through the server's own rules and code out of one seed:").AppendLine();
        foreach (var line in Mix.InWords)
        {
            text.Append("- ").AppendLine(line);
        }

        foreach (var measured in _all)
        {
            Append(text, measured);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Measured m)
    {
        text.AppendLine().AppendLine(Say($"## {m.Pledges:N0} pledges")).AppendLine();
        text.AppendLine(Say($"Database: {m.DatabaseBytes / 1e6:N0} MB{(m.Generated is { } g ? $", {g}" : "")}.")).AppendLine();
        text.AppendLine("| case | requests/s | plaintext/s | ratio | aim | met | p50 ms | p90 ms | p99 ms | kB |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |");
        foreach (var r in m.Cases)
        {
            text.AppendLine(Say(
                $"| {r.Case.Name} | {r.PerSecond:N0} | {r.PlaintextPerSecond:N0} | {r.Ratio:F3} | {(r.Case.Aim is { } aim ? Say($"≥ {aim:F2}") : "")} | {(r.Case.Aim is { } a ? Met(r.Ratio >= a) : "")} | {r.P50:F2} | {r.P90:F2} | {r.P99:F2} | {r.Bytes / 1000:F1} |"));
        }

        if (m.Walks.Count > 0)
        {
            text.AppendLine().AppendLine("| pages of 50, 1 connection | page 1, p50 ms (p99) | deep page, p50 ms (p99) | ratio | aim | met |");
            text.AppendLine("| --- | ---: | ---: | ---: | ---: | --- |");
            foreach (var w in m.Walks)
            {
                text.AppendLine(Say($"| {w.Name} | {w.FirstMs:F2} ({w.FirstP99:F2}) | page {w.Page:N0}: {w.DeepMs:F2} ({w.DeepP99:F2}) | {w.Ratio:F2} | ≤ {WalkAim:F1} | {Met(w.Ratio <= WalkAim)} |"));
            }
        }

        text.AppendLine();
        if (m.Start is { } s)
        {
            text.AppendLine(Say($"- Start-up, from the process's start to the first 200 of `/health/live`, against an empty ASP.NET Core application, 7 runs each by turns: {s.ServerMs:F0} ms against {s.EmptyMs:F0} ms, ratio {s.Ratio:F2} (aim ≤ {StartAim:F0}: {Met(s.Ratio <= StartAim)})"));
        }

        if (m.Writes is { } writes)
        {
            text.AppendLine(Say($"- A thousand reads of one pledge a second, p99: {writes.ReadP99:F2} ms alone, {writes.ReadP99Beside:F2} ms beside {writes.WritesPerSecond:F0} writes a second (1,000 were sent), ratio {writes.Ratio:F2} (aim ≤ {ReadsBesideAim:F0}: {Met(writes.Ratio <= ReadsBesideAim)})"));
            text.AppendLine(writes is { Flushes64: { } many, Flushes1: { } one }
                ? Say($"- fsync and fdatasync calls for each acknowledged write, those of start-up and shutdown included: {many:F3} at 64 connections (aim < {FlushesAim:F1}: {Met(many < FlushesAim)}), {one:F3} at 1 (aim ≤ {FlushesAloneAim:F1}: {Met(one <= FlushesAloneAim)}); counted by strace in a run of its own")
                : "- fsync calls were not counted: there is no strace here");
        }

        text.AppendLine(Say($"- Resident memory of the server over all of the above: at most {m.PeakBytes >> 20} MB sampled, {m.HighWaterBytes >> 20} MB by the kernel's high-water mark (aim < {MemoryAim >> 20} MB: {Met(Math.Max(m.PeakBytes, m.HighWaterBytes) < MemoryAim)})"));
    }

    private static string Met(bool met) => met ? "yes" : "**no**";

    private static string Processor() => Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();

    // Not the collector's own figure: that is the limit it was given.
    private static string Memory() => Field("/proc/meminfo", "MemTotal")?.Split(' ') is [{ } kilobytes, ..]
        ? Say($"{double.Parse(kilobytes, CultureInfo.InvariantCulture) / (1 << 20):F0} GB")
        : "memory unknown";

    private static string? Field(string file, string name) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null;

    private static string SqliteVersion() => SQLitePCL.raw.sqlite3_libversion().utf8_to_string();

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
