using System.Data.Common;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using PledgeTracker.Backups;
using PledgeTracker.Health;
using PledgeTracker.Imports;
using PledgeTracker.Keys;
using PledgeTracker.Seed;
using PledgeTracker.Site;

namespace PledgeTracker;

/// <summary>Services, then the pipeline in the order in which a request meets it.</summary>
public static class Program
{
    public static Task<int> Main(string[] args) => Commands.Knows(args) ? Commands.RunAsync(args) : ServeAsync(args is ["serve", .. var settings] ? settings : args);

    /// <summary>The server, ready to start; null, with the reason on standard error, when it cannot serve.</summary>
    /// <param name="args">Settings such as <c>--Database:Connection="Data Source=x.db"</c> and <c>--urls=http://localhost:5080</c>.</param>
    /// <param name="configure">A last word on the services, for tests and benchmarks.</param>
    public static WebApplication? Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        try
        {
            Settings.ThrowIfUnknown(args);
            return Make(args, configure);
        }
        catch (Exception fault) when (IsOfTheStart(fault))
        {
            Tell(fault);
            return null;
        }
    }

    /// <summary>The connection string of the server where no other settings are given.</summary>
    /// <exception cref="ArgumentException">The settings cannot be.</exception>
    internal static string Connection() => Settings.Of(Begin([]).Configuration, isDevelopment: false).Connection;

    private static async Task<int> ServeAsync(string[] args)
    {
        await using var app = Build(args);
        if (app is null)
        {
            return 1;
        }

        try
        {
            await app.StartAsync();
            if (app.Environment.IsDevelopment() && app.Services.GetRequiredService<Settings>().Seed != "none" && await DevelopmentKey.MakeAsync(app.Services.GetRequiredService<Db>()) is { } token)
            {
                // Printed, and not logged: logs are kept.
                Console.WriteLine($"The examples of {app.Urls.First()}/swagger can be tried for 24 hours, on this machine alone, with an editor's key:\n{token}");
            }
        }
        catch (Exception fault) when (IsOfTheStart(fault))
        {
            // An address that cannot be listened on, a certificate that cannot be read.
            Tell(fault);
            return 1;
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    // What somebody who starts it can do something about: they need the line, not the trace.
    private static bool IsOfTheStart(Exception fault) => fault is Refused or ArgumentException or InvalidOperationException or FormatException or NotSupportedException or InvalidDataException
        or IOException or UnauthorizedAccessException or SocketException or CryptographicException or DbException;

    private static void Tell(Exception fault)
    {
        var text = (fault as Refused)?.Detail?.En ?? (fault is InvalidDataException { InnerException: { } inner } ? $"{fault.Message} {inner.Message}" : fault.Message);
        Console.Error.WriteLine(text.ReplaceLineEndings(" "));
    }

    private static WebApplication Make(string[] args, Action<WebApplicationBuilder>? configure)
    {
        var builder = Begin(args);
        var services = builder.Services;
        var settings = Settings.Of(builder.Configuration, builder.Environment.IsDevelopment());
        var engine = Engine.Of(settings.Connection);
        var replica = settings.ReadFrom is { } readFrom ? Engine.Of(readFrom) : null;
        if (settings.BackupDirectory is { } folder)
        {
            engine.ThrowIfNoCopies(folder);
        }

        builder.Logging.AddConsole();
        // The framework's short form of a server sets a formatter of its own, whatever the settings say.
        services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName = settings.LogFormat);
        // It is told once, on standard error.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level > LogLevel.Error);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
        });
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Ids.Standard);
        services.AddSingleton(engine);
        services.AddSingleton(settings);
        configure?.Invoke(builder);
        services.AddSingleton(provider => new Db(provider.GetRequiredService<Engine>(), replica, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Ids>(), provider.GetRequiredService<ILogger<Db>>()));
        services.AddSingleton<Idempotency>();
        services.AddSingleton(provider => new RateLimits(settings.ReadsPerMinute, settings.WritesPerMinute, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(new Downloads());
        services.TryAddSingleton(_ => new KeptAnswers());
        services.AddSingleton<Readiness>();
        services.AddSingleton(provider => new BackupSchedule(settings.BackupDirectory, settings.BackupEvery, settings.BackupKeep, engine,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<BackupSchedule>>()));
        services.AddHostedService(provider => provider.GetRequiredService<BackupSchedule>());
        services.TryAddSingleton(provider => new Applier(provider.GetRequiredService<Db>(), provider.GetRequiredService<ILogger<Applier>>()));
        services.AddHostedService<ApplyImports>();
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            // A client's own word for its address is worth nothing: only proxies named in the settings are believed. (The middleware takes
            // an empty list for "believe everybody".)
            options.ForwardedHeaders = settings.Proxies.Length == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedPrefix;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            Array.ForEach(settings.Proxies, options.KnownIPNetworks.Add);
        });
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins(settings.Origins).WithMethods("GET", "HEAD").AllowAnyHeader()
            .WithExposedHeaders("ETag", "Link", "Retry-After", "RateLimit", "RateLimit-Policy", "Dataset-Version")));
        services.AddCodings();
        services.AddFastEndpoints(Endpoints.WithRules);
        services.AddSingleton(typeof(IRequestBinder<>), typeof(StrictBinder<>));
        services.AddOpenApiDocument(Endpoints.Tags, Endpoints.Answers);
        services.AddPages();
        services.AddSingleton<IShowsProblems, Compat.Dialects>();
        services.AddTelemetry(settings);

        var app = builder.Build();
        if (settings.StandardUrl is { } url)
        {
            app.Urls.Add(url);
        }

        try
        {
            OpenAsync(app, engine, settings.Seed).GetAwaiter().GetResult();
        }
        catch (Exception fault) when (IsOfTheStart(fault))
        {
            app.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw new InvalidOperationException($"{engine.Where}: {(fault as Refused ?? engine.Explain(fault))?.Detail?.En ?? fault.Message}", fault);
        }

        app.UseMiddleware<RequestLog>();
        app.UseStatusCodePages(context =>
        {
            Pipeline.NameHead(context.HttpContext.Response);
            return Problems.WriteAsync(context.HttpContext, new Refused(Problems.CodeFor(context.HttpContext.Response.StatusCode)));
        });
        app.UsePlainPrefix();
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseCodings();
        app.UseNoTestRoutes();
        app.UseExactMethods();
        app.UseHeadAsGet();
        app.UseFrontDoor();
        app.UseSuffixes();
        app.UseProblems();
        app.UseCors();
        app.UseRouting();
        app.UseNoOtherSuffixes();
        app.UseMiddleware<ApiKeys>();
        app.UseDecodableQuery();
        app.UseFormsOfPages();
        app.UseFastEndpoints(Operations.Configure);
        app.MapOpenApiDocument();
        app.MapSiteFiles();
        app.MapTelemetry(settings);
        return app;
    }

    private static WebApplicationBuilder Begin(string[] args) => WebApplication.CreateSlimBuilder(new WebApplicationOptions
    {
        Args = args,
        // Settings stand beside the program, wherever it is started from; the database stands where it is started.
        ContentRootPath = AppContext.BaseDirectory,
    });

    /// <summary>Brings the schema up to date, has what is derived follow the rules, and loads the facts into an empty database where that is asked for.</summary>
    private static async Task OpenAsync(WebApplication app, Engine engine, string seed)
    {
        var applied = await Migrations.ApplyAsync(engine, app.Services.GetRequiredService<TimeProvider>());
        var db = app.Services.GetRequiredService<Db>();
        await Derived.FollowRulesAsync(db, app.Logger);
        var before = await HeadAsync(db);
        if (seed != "none")
        {
            await SeedLoader.LoadIntoEmptyAsync(db, seed);
        }

        var now = await HeadAsync(db);
        app.Logger.LogInformation("PledgeTracker {Version} on {Engine}: {Database}. Migrations applied: {Migrations}. Seed loaded: {Seed}. {Changes} changes",
            GetVersion.Number, engine.Name, engine.Where, applied.Count == 0 ? "none" : string.Join(", ", applied), now.Sequence > before.Sequence && before.Sequence == 0 ? seed : "none", now.Sequence);
    }

    private static async Task<Head> HeadAsync(Db db)
    {
        await using var view = await db.ReadAsync(CancellationToken.None);
        return view.Head;
    }
}
