using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Health;
using PledgeTracker.Http;
using PledgeTracker.Keys;
using PledgeTracker.Seed;

namespace PledgeTracker;

/// <summary>Services and pipeline.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (Commands.Knows(args))
        {
            return await Commands.RunAsync(args);
        }

        await using var app = Build(args);
        if (app is null)
        {
            return 1;
        }

        await app.RunAsync();
        return 0;
    }

    /// <summary>The server, ready to start; null, with the reason on standard error, when it cannot serve this database.</summary>
    /// <param name="args">Settings such as <c>--Database:Path=x.db</c> and <c>--urls=http://localhost:5080</c>.</param>
    /// <param name="configure">A last word on the services, for tests and benchmarks.</param>
    public static WebApplication? Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        Scheduling.AnswerSoon();
        var builder = Begin(args);
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
        });
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Ids.Standard);
        configure?.Invoke(builder);

        var named = builder.Configuration.GetSection("Proxies").Get<string[]>() ?? [];
        if (named.FirstOrDefault(proxy => !IPAddress.TryParse(proxy, out _)) is { } malformed)
        {
            Console.Error.WriteLine($"Proxies: {malformed} is not an IP address.");
            return null;
        }

        var database = new Database(DatabasePath(builder.Configuration));
        var databaseLock = DatabaseLock.TryTake(database);
        if (databaseLock is null)
        {
            Console.Error.WriteLine($"Another process serves {database.Path}. Stop it, or give this one a --Database:Path of its own.");
            return null;
        }

        services.AddSingleton(database);
        services.AddSingleton(_ => databaseLock);
        services.AddSingleton<DatasetVersion>();
        services.AddSingleton<ChangeSignal>();
        services.AddSingleton<Idempotency>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<KeptAnswers>();
        services.AddSingleton<Readiness>();
        LocalSocket.Add(services);
        services.AddSingleton(provider =>
        {
            using var snapshot = provider.GetRequiredService<Readers>().OpenAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            return new KeyRing(snapshot, provider.GetRequiredService<Writer>(), provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<Ids>());
        });
        services.AddSingleton(provider => new Readers(database, Environment.ProcessorCount + 1, TimeSpan.FromSeconds(5)));
        services.AddSingleton(provider => new Writer(database, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Writer>>()));
        services.AddSingleton(provider =>
        {
            using var snapshot = provider.GetRequiredService<Readers>().OpenAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            return new ChangeLog(snapshot, provider.GetRequiredService<DatasetVersion>(), provider.GetRequiredService<ChangeSignal>());
        });
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.AddExceptionHandler<FaultHandler>();
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            // A client's own word for its address is worth nothing: only proxies named in the settings are believed. (The middleware takes
            // an empty list for "believe everybody".)
            options.ForwardedHeaders = named.Length == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in named)
            {
                options.KnownProxies.Add(IPAddress.Parse(proxy));
            }
        });
        services.AddCors(cors => cors.AddDefaultPolicy(policy =>
        {
            // Reads are public, so any page may read; `Cors:Origins` narrows that to named ones.
            var origins = builder.Configuration.GetSection("Cors:Origins").Get<string[]>() ?? ["*"];
            policy.WithOrigins(origins).WithMethods("GET", "HEAD").AllowAnyHeader().WithExposedHeaders("ETag", "Link", "Retry-After", "RateLimit", "RateLimit-Policy");
        }));
        services.AddOpenApiDocument();

        var app = builder.Build();
        try
        {
            app.Services.OpenDatabase(builder.Environment.IsDevelopment() ? "coalition" : "none");
        }
        catch (Exception fault) when (fault is InvalidOperationException or Microsoft.Data.Sqlite.SqliteException)
        {
            Console.Error.WriteLine($"{database.Path}: {fault.Message}");
            app.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return null;
        }

        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context =>
        {
            HeadAsGet.NameIn(context.HttpContext.Response);
            return new Refusal(Refusal.CodeFor(context.HttpContext.Response.StatusCode)).WriteAsync(context.HttpContext);
        });
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseHeadAsGet();
        app.UseCors();
        app.UseRouting();
        app.UseApiKeys();
        app.UseDecodableQuery();
        app.MapEndpoints();
        app.MapOpenApiDocument();
        app.Services.GetRequiredService<LocalSocket>().Listen(app);
        return app;
    }

    /// <summary>The database that the settings name: those of the server, where no other are given.</summary>
    internal static string DatabasePath(IConfiguration? settings = null) => (settings ?? Begin([]).Configuration)["Database:Path"] ?? "pledgetracker.db";

    private static WebApplicationBuilder Begin(string[] args) => WebApplication.CreateSlimBuilder(new WebApplicationOptions
    {
        Args = args,
        // Settings stand beside the program, wherever it is started from; the database stands where it is started.
        ContentRootPath = AppContext.BaseDirectory,
    });

    /// <summary>Brings the schema up to date, starts the writer, and loads the facts into an empty database where that is asked for.</summary>
    private static void OpenDatabase(this IServiceProvider services, string standardSeed)
    {
        var database = services.GetRequiredService<Database>();
        services.GetRequiredService<DatabaseLock>();
        using (var connection = database.OpenForWriting())
        {
            Migrations.Apply(connection, services.GetRequiredService<TimeProvider>());
        }

        var log = services.GetRequiredService<ChangeLog>();
        var seed = services.GetRequiredService<IConfiguration>()["Database:Seed"] ?? standardSeed;
        if (seed != "none" && services.GetRequiredService<DatasetVersion>().Value == 0)
        {
            SeedLoader.Load(services.GetRequiredService<Writer>(), log, seed);
        }
    }
}
