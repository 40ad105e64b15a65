using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace PledgeTracker.Tests;

/// <summary>The program as an operator runs it: a process of its own.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private ChildProcess(string[] args, Dictionary<string, string>? variables, bool limited = false)
    {
        var start = new ProcessStartInfo(limited ? "/bin/sh" : Dotnet) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        if (limited)
        {
            // Who ignores the signal hears of the limit as of any write that fails. The runtime makes one file larger than any limit unless it is told not to.
            Array.ForEach(["-c", "trap '' XFSZ; exec \"$@\"", "sh", Dotnet], start.ArgumentList.Add);
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "PledgeTracker.dll"));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        // Whatever the machine's environment says, the program starts on what the test says.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || k.Contains("__", StringComparison.Ordinal)
            || k.StartsWith("OTEL_", StringComparison.Ordinal) || k is "DOTNET_ENVIRONMENT").ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables ?? [])
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Note(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => Text(_output);

    public string Error => Text(_error);

    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    private static string Dotnet
    {
        get
        {
            var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
            return File.Exists(beside) ? beside : "dotnet";
        }
    }

    /// <summary>Starts the program.</summary>
    public static ChildProcess Start(params string[] args) => new(args, null);

    /// <summary>Starts the program with variables in its environment.</summary>
    public static ChildProcess StartIn(Dictionary<string, string> variables, params string[] args) => new(args, variables);

    /// <summary>Starts the program so that <see cref="LimitFiles"/> does not end it.</summary>
    public static ChildProcess StartLimited(params string[] args) => new(args, null, limited: true);

    /// <summary>Runs a subcommand to its end.</summary>
    public static async Task<ChildProcess> RunAsync(params string[] args)
    {
        var child = Start(args);
        await child.ExitAsync();
        return child;
    }

    /// <summary>Runs a subcommand to its end, in an environment that has settings of its own.</summary>
    public static Task<ChildProcess> RunInAsync(string environment, params string[] args) => RunInAsync(new Dictionary<string, string> { ["DOTNET_ENVIRONMENT"] = environment }, args);

    /// <summary>Runs the program to its end, with variables in its environment.</summary>
    public static async Task<ChildProcess> RunInAsync(Dictionary<string, string> variables, params string[] args)
    {
        var child = new ChildProcess(args, variables);
        await child.ExitAsync();
        return child;
    }

    /// <summary>Starts a server on this database and waits until it answers.</summary>
    public static async Task<ChildProcess> ServeAsync(string connection, int port, params string[] settings)
    {
        var child = Start([.. ServerArgs(connection, port), .. settings]);
        await child.ReadyAsync(port);
        return child;
    }

    /// <inheritdoc cref="ServeAsync"/>
    public static async Task<ChildProcess> ServeInAsync(string environment, string connection, int port, params string[] settings)
    {
        var child = StartIn(new Dictionary<string, string> { ["DOTNET_ENVIRONMENT"] = environment }, [.. ServerArgs(connection, port), .. settings]);
        await child.ReadyAsync(port);
        return child;
    }

    public static string[] ServerArgs(string connection, int port) =>
        ["--Database:Connection=" + connection, $"--urls=http://127.0.0.1:{port}", "--Logging:LogLevel:Default=Warning"];

    /// <summary>A port that is free, outside the range that outgoing connections take theirs from: one of those could take a killed server's.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }

    public async Task ReadyAsync(int port)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        for (var waited = Stopwatch.StartNew(); ;)
        {
            Assert.False(HasExited, "The server ended: " + Error + Output);
            try
            {
                using var answer = await client.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "The server did not get ready: " + Error + Output);
            await Task.Delay(25);
        }
    }

    /// <summary>Asks it to end, as a service manager does.</summary>
    public async Task TerminateAsync()
    {
        Assert.Equal(0, kill(_process.Id, 15));
        await ExitAsync();
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>SIGSTOP: it keeps its connections and does nothing, as where its machine is paused.</summary>
    public void Freeze() => Assert.Equal(0, kill(_process.Id, OperatingSystem.IsMacOS() ? 17 : 19));

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Assert.Equal(0, kill(_process.Id, OperatingSystem.IsMacOS() ? 19 : 18));

    /// <summary>Writes beyond this place of a file fail from now on, as on a disk that is full (RLIMIT_FSIZE, Linux); null for none.</summary>
    public void LimitFiles(long? bytes)
    {
        const int FileSize = 1;
        Assert.Equal(0, prlimit(_process.Id, FileSize, new Limit(bytes ?? -1, -1), IntPtr.Zero));
    }

    public async Task ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await _process.WaitForExitAsync(patience.Token);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int prlimit(int pid, int resource, in Limit now, IntPtr before);

    private readonly record struct Limit(long Soft, long Hard);

    private static void Note(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
