using Microsoft.AspNetCore.HttpOverrides;
using PledgeTracker.Seed;

namespace PledgeTracker;

/// <summary>Services, then the pipeline in the order in which a request meets it.</summary>
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

    /// <summary>The server, ready to start; null, with the reason on standard error, when it cannot serve.</summary>
    /// <param name="args">Settings such as <c>--Database:Connection="Data Source=x.db"</c> and <c>--urls=http://localhost:5080</c>.</param>
    /// <param name="configure">A last word on the services, for tests and benchmarks.</param>
    public static WebApplication? Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = Begin(args);
        var services = builder.Services;
        Settings settings;
        Engine engine;
        Engine? replica;
        try
        {
            settings = Settings.Of(builder.Configuration, builder.Environment.IsDevelopment());
            engine = Engine.Of(settings.Connection);
            replica = settings.ReadFrom is { } readFrom ? Engine.Of(readFrom) : null;
        }
        catch (ArgumentException malformed)
        {
            Console.Error.WriteLine(malformed.Message);
            return null;
        }

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
        services.AddSingleton(_ => new RateLimits(settings.ReadsPerMinute, settings.WritesPerMinute));
        services.AddSingleton<Health.Readiness>();
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            // A client's own word for its address is worth nothing: only proxies named in the settings are believed. (The middleware takes
            // an empty list for "believe everybody".)
            options.ForwardedHeaders = settings.Proxies.Length == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            Array.ForEach(settings.Proxies, options.KnownProxies.Add);
        });
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins(settings.Origins).WithMethods("GET", "HEAD").AllowAnyHeader()
            .WithExposedHeaders("ETag", "Link", "Retry-After", "RateLimit", "RateLimit-Policy", "Dataset-Version")));
        services.AddCodings();
        services.AddFastEndpoints(Endpoints.WithRules);
        services.AddSingleton(typeof(IRequestBinder<>), typeof(StrictBinder<>));
        services.AddOpenApiDocument(Endpoints.Tags);

        var app = builder.Build();
        if (settings.StandardUrl is { } url)
        {
            app.Urls.Add(url);
        }

        try
        {
            OpenAsync(app, engine, settings.Seed).GetAwaiter().GetResult();
        }
        catch (Exception fault) when (fault is Refused or InvalidOperationException or System.Data.Common.DbException)
        {
            Console.Error.WriteLine($"{engine.Where}: {(fault as Refused)?.Detail?.En ?? fault.Message}");
            app.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return null;
        }

        app.UseStatusCodePages(context =>
        {
            Pipeline.NameHead(context.HttpContext.Response);
            return Problems.WriteAsync(context.HttpContext, new Refused(Problems.CodeFor(context.HttpContext.Response.StatusCode)));
        });
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseCodings();
        app.UseNoTestRoutes();
        app.UseHeadAsGet();
        app.UseProblems();
        app.UseCors();
        app.UseRouting();
        app.UseMiddleware<ApiKeys>();
        app.UseDecodableQuery();
        app.UseFastEndpoints(Operations.Configure);
        app.MapOpenApiDocument();
        return app;
    }

    /// <summary>The connection string of the server where no other settings are given.</summary>
    /// <exception cref="ArgumentException">The settings cannot be.</exception>
    internal static string Connection() => Settings.Of(Begin([]).Configuration, isDevelopment: false).Connection;

    private static WebApplicationBuilder Begin(string[] args) => WebApplication.CreateSlimBuilder(new WebApplicationOptions
    {
        Args = args,
        // Settings stand beside the program, wherever it is started from; the database stands where it is started.
        ContentRootPath = AppContext.BaseDirectory,
    });

    /// <summary>Brings the schema up to date, has what is derived follow the rules, and loads the facts into an empty database where that is asked for.</summary>
    private static async Task OpenAsync(WebApplication app, Engine engine, string seed)
    {
        await Migrations.ApplyAsync(engine, app.Services.GetRequiredService<TimeProvider>());
        var db = app.Services.GetRequiredService<Db>();
        await Derived.FollowRulesAsync(db, app.Logger);
        if (seed != "none")
        {
            await SeedLoader.LoadIntoEmptyAsync(db, seed);
        }
    }
}
