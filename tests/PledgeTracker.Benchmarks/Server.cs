using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace PledgeTracker.Benchmarks;

/// <summary>A server in a process of its own. It ends when its standard input does, so that it never outlives the benchmark.</summary>
internal sealed class Server : IDisposable
{
    private const string CompiledPath = "/compiled";
    private const string MemoryPath = "/memory";

    private static readonly byte[] Hello = "Hello, World!"u8.ToArray();

    private readonly Process _process;

    private Server(Process process, Uri address) => (_process, Client) = (process, new HttpClient { BaseAddress = address });

    public int Port => Client.BaseAddress!.Port;

    /// <summary>For what is asked once and not measured.</summary>
    public HttpClient Client { get; }

    /// <summary>The largest resident memory that the kernel saw, in bytes.</summary>
    public long HighWater
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>The server over this database, with `/plaintext` beside the API, and no limit on how much one client may ask for.</summary>
    public static Server Over(Database database) => Over(database, "--Database:Seed=none", "--RateLimit:ReadsPerMinute=0", "--RateLimit:WritesPerMinute=0");

    /// <summary>The same with other settings.</summary>
    public static Server Over(Database database, params string[] settings) => Start(["--serve", $"--Database:Connection={database.Connection}", .. settings]);

    /// <summary>An ASP.NET Core application with nothing in it.</summary>
    public static Server Empty() => Start("--empty");

    /// <summary>A key that may record, made by the subcommand.</summary>
    public static string MakeKey(Database database)
    {
        using var process = Run("--command", "keys", "create", "--name", "benchmark", "--role", "editor", "--Database:Connection", database.Connection);
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said.TrimEnd().Split('\n')[^1] : throw new InvalidOperationException("There is no key to record with.");
    }

    /// <summary>How many methods the server's runtime has compiled so far, those compiled anew for speed included.</summary>
    public async Task<long> CompiledAsync() => long.Parse(await Client.GetStringAsync(CompiledPath), CultureInfo.InvariantCulture);

    /// <summary>What the server holds now.</summary>
    public async Task<Memory> MemoryAsync() => (await Client.GetFromJsonAsync<Memory>(MemoryPath))!;

    public void Dispose()
    {
        Client.Dispose();
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
        }).ExcludeFromDescription();
        app.MapGet(CompiledPath, () => JitInfo.GetCompiledMethodCount().ToString(CultureInfo.InvariantCulture)).ExcludeFromDescription();
        app.MapGet(MemoryPath, () =>
        {
            var live = GC.GetTotalMemory(forceFullCollection: true);
            return new Memory(Environment.WorkingSet, live, GC.GetGCMemoryInfo().TotalCommittedBytes);
        }).ExcludeFromDescription();
        await UntilInputEndsAsync(app);
        return 0;
    }

    /// <summary>Inside the child: what ASP.NET Core costs alone.</summary>
    public static async Task<int> ServeNothingAsync(string[] args)
    {
        await using var app = WebApplication.CreateSlimBuilder(args).Build();
        app.MapGet("/health/live", () => "live");
        await UntilInputEndsAsync(app);
        return 0;
    }

    private static Server Start(params string[] arguments)
    {
        var process = Run([.. arguments, "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Microsoft.AspNetCore=Warning"]);
        var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server ended before it listened.");
        // What it warns of is shown; a log that nobody reads would in the end be waited for.
        _ = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } said)
            {
                Console.Error.WriteLine(said);
            }
        });
        return new Server(process, new Uri(line));
    }

    /// <summary>This executable in a process of its own.</summary>
    public static Process Run(params string[] arguments)
    {
        var executable = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(executable) == "dotnet" ? [typeof(Server).Assembly.Location] : [];
        return Process.Start(new ProcessStartInfo(executable, [.. self, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    private static async Task UntilInputEndsAsync(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await app.StopAsync();
    }
}
