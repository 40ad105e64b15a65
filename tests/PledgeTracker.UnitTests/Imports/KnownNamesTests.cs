using Microsoft.Extensions.Logging.Abstractions;
using PledgeTracker.Data;
using PledgeTracker.Imports;
using PledgeTracker.Organizations;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Imports;

public sealed class KnownNamesTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
    private Db _db = null!;

    public async ValueTask InitializeAsync()
    {
        var engine = Engine.Of($"Data Source={Path.Combine(_folder, "db.db")}");
        await Migrations.ApplyAsync(engine, TimeProvider.System);
        _db = new Db(engine, null, TimeProvider.System, Ids.Standard, NullLogger<Db>.Instance);
        await RecordAsync(("irc", "International Rescue Committee (IRC)", "لجنة الإنقاذ الدولية", ["I.R.C."]), ("nrc", "Norwegian Refugee Council", "المجلس النرويجي للاجئين", ["NRC"]),
            ("drc", "Danish Refugee Council", "المجلس الدانمركي للاجئين", ["DRC"]), ("undp", "United Nations Development Programme (UNDP)", "برنامج الأمم المتحدة الإنمائي", ["UNDP"]),
            ("grc", "Greece", "اليونان", []), ("hope-jo", "Hope Foundation", null, []), ("hope-iq", "Hope foundation", null, []));
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("undp", "undp")]
    [InlineData("UNDP", "undp")]
    [InlineData("United Nations Development Program (UNDP)", "undp")]
    [InlineData("برنامج الامم المتحده الانمائي", "undp")]
    [InlineData("NORWEGIAN  refugee council", "nrc")]
    [InlineData("i.r.c.", "irc")]
    [InlineData("اليونان", "grc")]
    [InlineData("Hope Foundation", "hope-iq hope-jo")]
    [InlineData("hope-jo", "hope-jo")]
    [InlineData("Refugee Council", "")]
    [InlineData("Norwegian Refuge Council", "")]
    [InlineData("", "")]
    [InlineData("---", "")]
    public async Task A_name_means_what_has_that_id_or_is_called_so_and_nothing_that_is_like_it(string name, string ids) =>
        Assert.Equal(ids, string.Join(' ', (await LoadAsync()).Find(name)));

    [Theory]
    [InlineData("اليونن", "grc")]
    [InlineData("Grece", "grc")]
    [InlineData("UNPD", "undp")]
    [InlineData("Norwegian Refuge Council", "nrc")]
    [InlineData("Danish Refugee Councel", "drc")]
    [InlineData("International Rescue Comittee", "irc")]
    [InlineData("المجلس النرويجي للاجئيين", "nrc")]
    public async Task What_a_name_is_like_is_suggested_the_nearest_first(string name, string nearest) => Assert.Equal(nearest, (await LoadAsync()).Suggest(name)[0]);

    [Theory]
    [InlineData("Sparkasse Köln")]
    [InlineData("")]
    [InlineData("💧")]
    [InlineData("x")]
    public async Task What_is_like_none_is_not_suggested(string name) => Assert.Empty((await LoadAsync()).Suggest(name));

    [Fact]
    public async Task What_was_sent_along_goes_first_and_becomes_another_name_once()
    {
        await _db.WriteAsync(Caller.Local, async write =>
        {
            var names = await OrganizationNames.LoadAsync(write, new Dictionary<string, string> { ["The Greeks"] = "grc", ["Greece"] = "grc", ["nobody"] = "no-such", ["DRC"] = "nrc" });
            Assert.Equal(["grc"], names.Find("the greeks"));
            Assert.Equal(["nrc"], names.Find("DRC"));
            Assert.Empty(names.Find("nobody"));
            foreach (var name in (string[])["The Greeks", "The Greeks", "Greece", "nobody", "Norwegian Refugee Council"])
            {
                await names.KeepAsync(write, name);
            }

            return true;
        });
        Assert.Equal(["grc"], (await LoadAsync()).Find("THE GREEKS"));
        Assert.Equal(["The Greeks"], await _db.ReadAsync(async view => (await OrganizationRow.FindAsync(view, "grc"))!.Aliases, 0, CancellationToken.None));
    }

    [Fact]
    public async Task A_recorder_keeps_no_name() => Assert.Empty(await _db.WriteAsync(new Caller("key:1", Role.Recorder, "grc"), async write =>
    {
        await (await OrganizationNames.LoadAsync(write, new Dictionary<string, string> { ["The Greeks"] = "grc" })).KeepAsync(write, "The Greeks");
        return (await OrganizationRow.FindAsync(write, "grc"))!.Aliases;
    }));

    [Fact]
    public async Task What_is_new_and_what_was_merged_is_known_at_once()
    {
        Assert.Empty((await LoadAsync()).Find("New one"));
        await RecordAsync(("new", "New one", null, []));
        var names = await LoadAsync();
        Assert.Equal(["new"], names.Find("New one"));
        names.Add("newer", "Newer one", null, "الأحدث");
        Assert.Equal(["newer"], names.Find("الاحدث"));
        Assert.Equal(["newer"], names.Find("NEWER"));
        Assert.Empty((await LoadAsync()).Find("newer"));
    }

    [Theory]
    [InlineData("العراق", "IRQ")]
    [InlineData("iraq", "IRQ")]
    [InlineData("irq", "IRQ")]
    [InlineData("Syrian Arab Republic", "SYR")]
    [InlineData("سورية", "SYR")]
    public async Task Countries_go_by_all_their_names(string name, string code) =>
        Assert.Equal([code], await _db.ReadAsync(async view => (await KnownNames.LoadAsync(view, "country")).Find(name), 0, CancellationToken.None));

    [Fact]
    public async Task Among_ten_thousand_names_one_is_found_and_those_like_it_are_suggested()
    {
        string[] words = ["Relief", "Action", "Hope", "Water", "Health", "Children", "Development", "Ministry", "Agency", "Foundation", "Society", "Women", "Peace", "Rescue", "Training", "Food"];
        await RecordAsync([.. Enumerable.Range(0, 10_000).Select(i => ($"org-{i}", $"{words[i % 16]} {words[i / 16 % 16]} {words[i / 256 % 16]} {i}", (string?)$"منظمة {i}", (string[])[]))]);
        var names = await LoadAsync();
        Assert.NotEmpty(names.Suggest("Relief Action"));
        for (var i = 0; i < 100; i++)
        {
            Assert.Single(names.Find($"org-{i}"));
            Assert.InRange(names.Suggest($"{words[i % 16]} Actoin {words[i / 16]} {i}").Count, 0, 5);
        }

        // Two letters changed places, and most of the name is in many others.
        Assert.Equal("org-1234", names.Suggest($"{words[1234 % 16]} {words[1234 / 16 % 16]} {words[1234 / 256 % 16][1]}{words[1234 / 256 % 16][0]}{words[1234 / 256 % 16][2..]} 1234")[0]);
        Assert.Empty(names.Suggest("Spain, Government of"));
    }

    private Task<OrganizationNames> LoadAsync() => _db.ReadAsync(view => OrganizationNames.LoadAsync(view), 0, CancellationToken.None);

    private Task<bool> RecordAsync(params (string Id, string En, string? Ar, string[] Aliases)[] organizations) => _db.WriteAsync(Caller.Local, async write =>
    {
        foreach (var (id, en, ar, aliases) in organizations)
        {
            await CreateOrganization.RecordAsync(write, new(id, new(en, ar), "10", Aliases: aliases));
        }

        return true;
    });
}
