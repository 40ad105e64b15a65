using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace PledgeTracker.Benchmarks;

/// <summary>A server in a process of its own. It ends when its standard input does, so that it never outlives the benchmark.</summary>
internal sealed class Child : IDisposable
{
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

    /// <summary>The server over this database, with `/plaintext` beside the API.</summary>
    public static Child Serve(string database) => Start("--serve", $"--Database:Path={database}", "--Database:Seed=none", "--RateLimit:ReadsPerMinute=0", "--RateLimit:WritesPerMinute=0");

    /// <summary>An ASP.NET Core application with nothing in it.</summary>
    public static Child Empty() => Start("--empty");

    private static Child Start(string mode, params string[] settings)
    {
        var executable = Environment.ProcessPath!;
        var start = new ProcessStartInfo(executable) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(executable) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Child).Assembly.Location);
        }

        foreach (var argument in (IEnumerable<string>)
            [mode, .. settings, "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Microsoft.AspNetCore=Warning"])
        {
            start.ArgumentList.Add(argument);
        }

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
