using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace PledgeTracker.Tests.Site;

/// <summary>Tests in a browser run after all others, so that what they wait for depends on nothing but the page.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class InABrowser : ICollectionFixture<Browser>;

/// <summary>One Chromium for all tests that need a browser: the machine's own, which `tests/chromium` installs. None is downloaded.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>Names a Chromium that stands elsewhere.</summary>
    private const string Variable = "PLEDGETRACKER_CHROMIUM";

    // On a machine that does much else at once; what must be quick says so.
    private const int Patience = 30_000;

    private static readonly string[] Called = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is { } program)
        {
            Assertions.SetDefaultExpectTimeout(Patience);
            _playwright = await Playwright.CreateAsync();
            // Its sandbox does not work for root, nor in most containers; it sees nothing but our own server.
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }

    /// <summary>A visitor of a server: pages opened by one of them share what a browser keeps, and no other sees it.</summary>
    internal async Task<Visitor> VisitAsync(TestServer server, int width = 1280, bool hasScript = true, string? language = null)
    {
        Assert.SkipWhen(_browser is null, $"There is no Chromium on this machine: tests/chromium installs it, or {Variable} names one.");
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = server.Client.BaseAddress!.AbsoluteUri,
            ViewportSize = new() { Width = width, Height = 900 },
            JavaScriptEnabled = hasScript,
            Locale = language ?? "en-GB",
            TimezoneId = "UTC",
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        return new Visitor(context);
    }

    private static string? Find()
    {
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named
            : Called.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}

/// <summary>Somebody who visits a server with a browser of their own, and what went wrong there.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentQueue<string> _asked = [];

    public Visitor(IBrowserContext context)
    {
        Context = context;
        context.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _faults.Enqueue(message.Text);
            }
        };
        context.WebError += (_, error) => _faults.Enqueue(error.Error);
        context.Request += (_, request) => _asked.Enqueue(request.Url);
    }

    public IBrowserContext Context { get; }

    /// <summary>Errors of scripts, and what the content security policy kept from happening.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Every address that was asked for.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>How often this path was asked for.</summary>
    public int CountOf(string path) => _asked.Count(address => new Uri(address).AbsolutePath == path);

    public async Task<IPage> OpenAsync(string address)
    {
        var page = await Context.NewPageAsync();
        var answer = await page.GotoAsync(address);
        Assert.True(answer!.Ok || answer.Status == 304, $"GET {address}: {answer.Status}");
        return page;
    }

    public ValueTask DisposeAsync() => Context.DisposeAsync();
}
