using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using PledgeTracker.Data;

namespace PledgeTracker.Benchmarks;

/// <summary>A server in a process of its own. It ends when its standard input does, so that it never outlives the benchmark.</summary>
internal sealed class Child : IDisposable
{
    private const string CompiledPath = "/compiled";

    private static readonly byte[] Hello = "Hello, World!"u8.ToArray();

    private readonly Process _process;
    private readonly Timer _sampler;
    private long _peakBytes;

    private Child(Process process, int port)
    {
        (_process, Port) = (process, port);
        _sampler = new Timer(_ => Sample(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    public int Port { get; }

    public int ProcessId => _process.Id;

    /// <summary>The largest resident memory that was seen, and the kernel's own high-water mark where there is one, in bytes.</summary>
    public (long Sampled, long HighWater) Memory => (Interlocked.Read(ref _peakBytes), Status("VmHWM:") ?? _process.PeakWorkingSet64);

    /// <summary>Resident memory now, in bytes.</summary>
    public long Resident => Status("VmRSS:") ?? _process.WorkingSet64;

    /// <summary>How many methods the server's runtime has compiled so far, those compiled anew for speed included.</summary>
    public long Compiled
    {
        get
        {
            using var answer = Load.Ask(Port, Load.Get(CompiledPath));
            return Utf8Parser.TryParse(answer.Body(), out long count, out _) ? count : throw new InvalidOperationException($"{CompiledPath}: {answer.Status}");
        }
    }

    /// <summary>The server over this database, with `/plaintext` beside the API, and no limit on how much one client may ask for.</summary>
    /// <param name="keptMegabytes">How much of what it answered it keeps to send again.</param>
    /// <param name="launcher">A program that starts it, such as one that counts its system calls.</param>
    public static Child Serve(Database database, int keptMegabytes = 24, params string[] launcher) => Start(launcher, "--serve", $"--Database:Path={database.Path}",
        "--Database:Seed=none", $"--KeptAnswers:Megabytes={keptMegabytes}", "--RateLimit:ReadsPerMinute=0", "--RateLimit:WritesPerMinute=0");

    /// <summary>An ASP.NET Core application with nothing in it.</summary>
    public static Child Empty() => Start([], "--empty");

    private static Child Start(string[] launcher, params string[] arguments)
    {
        var executable = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(executable) == "dotnet" ? [executable, typeof(Child).Assembly.Location] : [executable];
        string[] all = [.. launcher, .. self, .. arguments, "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Microsoft.AspNetCore=Warning"];
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        try
        {
            var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server ended before it listened.");
            return new Child(process, new Uri(line).Port);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _sampler.Dispose();
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>Inside the child: the server as it is, and the endpoint it is compared with on the same Kestrel and the same pipeline.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        await using var app = PledgeTracker.Program.Build(args);
        if (app is null)
        {
            return 1;
        }

        app.MapGet("/plaintext", async context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.ContentLength = Hello.Length;
            await context.Response.BodyWriter.WriteAsync(Hello);
        });
        app.MapGet(CompiledPath, () => JitInfo.GetCompiledMethodCount().ToString(CultureInfo.InvariantCulture));
        await RunAsync(app);
        return 0;
    }

    /// <summary>Inside the child: what ASP.NET Core costs alone.</summary>
    public static async Task<int> ServeNothingAsync(string[] args)
    {
        await using var app = WebApplication.CreateSlimBuilder(args).Build();
        app.MapGet("/health/live", () => "live");
        await RunAsync(app);
        return 0;
    }

    private static async Task RunAsync(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine(app.Urls.First(url => url.StartsWith("http://127.0.0.1", StringComparison.Ordinal)));
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await app.StopAsync();
    }

    private void Sample()
    {
        try
        {
            var now = Resident;
            if (now > Interlocked.Read(ref _peakBytes))
            {
                Interlocked.Exchange(ref _peakBytes, now);
            }
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException)
        {
            // The child has just ended.
        }
    }

    private long? Status(string field)
    {
        var file = $"/proc/{_process.Id}/status";
        return File.Exists(file)
            ? File.ReadLines(file, Encoding.UTF8).FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal)) is { } line
                ? long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024
                : null
            : null;
    }
}
