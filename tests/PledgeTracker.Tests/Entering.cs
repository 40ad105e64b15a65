namespace PledgeTracker.Tests;

/// <summary>Records data for a test, with an editor's key. What is refused fails the test.</summary>
internal sealed class Entering(HttpClient editor)
{
    public Task<string> OrganizationAsync(string id, string? en = null, string? ar = null, string type = "10", string? country = null) =>
        MadeAsync("/v1/organizations", new { id, name = new { en = en ?? id, ar }, type, country });

    public Task<string> FundAsync(string id, string? en = null, string? ar = null, string kind = "programme", string? parent = null, params string[] countries) =>
        MadeAsync("/v1/funds", new { id, name = new { en = en ?? id, ar }, kind, parentId = parent, countries });

    public Task<string> EventAsync(string id, string startsOn, string? en = null, string? ar = null, string? country = null) =>
        MadeAsync("/v1/events", new { id, name = new { en = en ?? id, ar }, startsOn, country });

    public Task<string> SourceAsync(string id, string publishedOn, string? en = null, string? ar = null, string reliability = "primary") =>
        MadeAsync("/v1/sources", new { id, title = new { en = en ?? id, ar }, language = "en", publishedOn, reliability });

    /// <param name="pledge">As it is sent.</param>
    public Task<string> PledgeAsync(object pledge) => MadeAsync("/v1/pledges", pledge);

    /// <summary>A pledge in US dollars by one donor.</summary>
    public Task<string> PledgeAsync(string donor, decimal amount, string announcedOn, string? fund = null, string instrument = "grant", string? dueOn = null) =>
        PledgeAsync(new { donors = new[] { new { donorId = donor, amount } }, currency = "USD", announcedOn, fundId = fund, instrument, dueOn });

    public Task ReviseAsync(string pledge, decimal change, string date) => editor.RecordAsync($"/v1/pledges/{pledge}/revisions", new { change, date });

    public Task WithdrawAsync(string pledge, decimal amount, string date) => editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", new { amount, date });

    /// <param name="contribution">As it is sent.</param>
    public Task<string> ContributionAsync(object contribution) => MadeAsync("/v1/contributions", contribution);

    /// <summary>A contribution in US dollars to a pledge.</summary>
    public Task<string> ContributionAsync(string pledge, string stage, decimal amount, string date) =>
        ContributionAsync(new { pledgeId = pledge, stage, amount, currency = "USD", date });

    public Task<string> ShortfallAsync(string fund, decimal amount, string statedOn, string? start = null, string? end = null) =>
        MadeAsync("/v1/shortfalls", new { fundId = fund, amount, currency = "USD", statedOn, periodStart = start, periodEnd = end });

    public Task<string> RequirementAsync(string fund, decimal amount, string statedOn, string? start = null, string? end = null) =>
        MadeAsync("/v1/requirements", new { fundId = fund, kind = "original", amount, currency = "USD", statedOn, periodStart = start, periodEnd = end });

    public Task<string> IndicatorAsync(string measure, decimal value, string date, string? fund = null) =>
        MadeAsync("/v1/indicators", new { measure, name = new { en = measure }, value, unit = "people", date, fundId = fund });

    public Task RateAsync(string currency, string date, decimal usdPerUnit) => editor.RecordAsync("/v1/exchange-rates", new { currency, date, usdPerUnit, provider = "The Bank" });

    /// <summary>Enters what an editor found of a contribution.</summary>
    public Task VerifyAsync(string contribution, string state) =>
        editor.RecordAsync($"/v1/contributions/{contribution}/verifications", new { state, note = new { en = "Looked at" } });

    /// <summary>Corrects an entry that was made by mistake.</summary>
    public Task<string> ReverseAsync(string entryId) => MadeAsync($"/v1/entries/{entryId}/reversal", new { reason = new { en = "A mistake" } });

    private async Task<string> MadeAsync(string path, object body) => (await editor.RecordAsync(path, body)).Id();
}

internal static class EnteringExtensions
{
    public static async Task<T> EnterAsync<T>(this TestServer server, Func<Entering, Task<T>> enter)
    {
        using var editor = server.WithToken(await server.EditorKey);
        return await enter(new Entering(editor));
    }

    public static Task EnterAsync(this TestServer server, Func<Entering, Task> enter) => server.EnterAsync(async entering =>
    {
        await enter(entering);
        return true;
    });
}

/// <summary>
/// A server with made-up data in which every filter has items that match and items that do not, and every order has ties.
/// </summary>
public class GeneratedServer : TestServer
{
    private static readonly string[] Dates = ["2024-01-31", "2024-06-26", "2024-06-27", "2025-02-14", "2025-02-14", "2025-07-12", "2025-12-31", "2026-02-28"];

    public GeneratedServer()
    {
        Seed = "none";
        Clock = new FixedClock(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.Zero));
    }

    /// <summary>As the pledges' `recordedBy` names who entered them.</summary>
    public string Recorder { get; private set; } = "";

    /// <summary>A pledge with several entries in its ledger.</summary>
    public string BusyPledge { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        BusyPledge = await this.EnterAsync(FillAsync);
        Recorder = "key:" + (await EditorKey).Split('_')[1];
        using var recorder = await this.ClientAsync("recorder", "ngo-one");
        await recorder.RecordAsync("/v1/contributions", new
        {
            donorId = "gamma", recipientId = "ngo-one", stage = "payment", amount = 60_000, currency = "USD", date = "2025-08-01", externalId = "77", countries = new[] { "IRQ" },
        });
        using var admin = await this.ClientAsync("admin");
        foreach (var source in (string[])["noted-1", "noted-2", "noted-3"])
        {
            await admin.RecordAsync("/v1/sources", new { id = source, title = new { en = source }, language = "en", publishedOn = "2023-01-01", reliability = "secondary", note = new { en = "Whom to ask" } });
            await admin.RecordAsync("/v1/redactions", new { entity = "source", id = source, reason = new { en = "It named a private person" } });
        }
    }

    private static async Task<string> FillAsync(Entering enter)
    {
        // Fixed, so that a failure can be repeated.
        var random = new Random(20180626);
        string[] donors =
        [
            await enter.OrganizationAsync("alpha", "Ministry of Alpha", "وزارة ألفا", "10", "USA"), await enter.OrganizationAsync("beta", "Beta Bank", "مصرف بيتا", "40"),
            await enter.OrganizationAsync("gamma", "Gamma Company", "شركة غاما", "70", "KWT"), await enter.OrganizationAsync("delta", "Delta Partners", "شركاء دلتا", "group"),
            await enter.OrganizationAsync("epsilon", "Epsilon", "إبسيلون", "10", "KWT"),
        ];
        string[] recipients = [await enter.OrganizationAsync("ngo-one", "First NGO", "المنظمة الأولى", "22", "IRQ"), await enter.OrganizationAsync("ngo-two", "Second NGO", "المنظمة الثانية", "22", "SYR")];
        string?[] funds =
        [
            await enter.FundAsync("umbrella", "Umbrella", "المظلة", "programme", null, "IRQ", "SYR"), await enter.FundAsync("facility", "Facility", "التسهيل", "facility", "umbrella", "IRQ"),
            await enter.FundAsync("drive", "Drive", "الحملة", "pledge_drive"), null,
        ];
        await enter.FundAsync("empty", "Empty", "الفارغ", "appeal", "umbrella", "SYR");
        string?[] events =
        [
            await enter.EventAsync("conference-a", "2024-06-26", "Conference A", "المؤتمر أ", "KWT"), await enter.EventAsync("conference-b", "2025-02-14", "Conference B", "المؤتمر ب", "MAR"),
            await enter.EventAsync("conference-c", "2025-02-14", "Conference C", "المؤتمر ج"), null, null,
        ];
        foreach (var date in Dates.Distinct())
        {
            await enter.RateAsync("EUR", date, 1.1m);
            await enter.RateAsync("KWD", date, 3.2m);
        }

        for (var i = 0; i < 9; i++)
        {
            await enter.SourceAsync($"source-{i}", Dates[i % 5], $"Document {i}", $"الوثيقة {i}", i % 3 == 0 ? "secondary" : "primary");
        }

        T Pick<T>(params ReadOnlySpan<T> from) => from[random.Next(from.Length)];
        string Day() => Pick<string>(Dates);
        for (var i = 0; i < 60; i++)
        {
            var currency = Pick("USD", "USD", "EUR", "KWD");
            decimal? usd = currency == "USD" ? null : 250_000;
            var amount = currency == "USD" ? 100_000 * random.Next(1, 5) : 200_000;
            var share = new { donorId = Pick<string>(donors), amount, amountUsd = usd };
            var shares = i % 9 == 0 ? new[] { share with { donorId = "alpha" }, share with { donorId = "beta" } } : [share];
            var pledge = await enter.PledgeAsync(new
            {
                donors = shares,
                currency,
                announcedOn = Day(),
                fundId = Pick<string?>(funds),
                eventId = Pick<string?>(events),
                recipientId = Pick("ngo-one", "ngo-two", null, null),
                instrument = Pick("grant", "loan", "mou", "unspecified"),
                countries = Pick<string[]>([], ["IRQ"], ["SYR"], ["IRQ", "SYR"]),
                dueOn = Pick(null, null, "2026-01-31", "2027-01-31"),
                description = new { en = $"Pledge {i} for water", ar = $"تعهد {i} للمياه" },
            });
            if (shares.Length > 1)
            {
                continue;
            }

            switch (i % 6)
            {
                case 0:
                    await MoneyAsync("payment", 1);
                    break;
                case 1:
                    await MoneyAsync("commitment", 2);
                    break;
                case 2:
                    await enter.WithdrawAsync(pledge, amount, "2026-03-01");
                    break;
                case 3:
                    await MoneyAsync("payment", 4);
                    break;
            }

            Task MoneyAsync(string stage, int part) =>
                enter.ContributionAsync(new { pledgeId = pledge, stage, amount = amount / part, currency, amountUsd = usd / part, date = Day() });
        }

        for (var i = 0; i < 12; i++)
        {
            var contribution = await enter.ContributionAsync(new
            {
                donorId = Pick<string>(donors),
                fundId = i % 2 == 0 ? "facility" : "drive",
                stage = i % 3 == 0 ? "commitment" : "payment",
                amount = 50_000,
                currency = "USD",
                date = Day(),
                instrument = "grant",
            });
            if (i % 4 == 0)
            {
                await enter.ReverseAsync(contribution);
            }
            else
            {
                await enter.VerifyAsync(contribution, i % 2 == 0 ? "verified" : "disputed");
            }
        }

        for (var year = 2022; year < 2026; year++)
        {
            foreach (var fund in new[] { "umbrella", "facility" })
            {
                await enter.ShortfallAsync(fund, 1_000_000, $"{year}-03-01", $"{year}-01-01", $"{year}-12-31");
                await enter.ShortfallAsync(fund, 2_000_000, $"{year}-06-01", $"{year}-01-01", $"{year}-12-31");
                await enter.RequirementAsync(fund, 5_000_000, $"{year}-01-15", $"{year}-01-01", $"{year}-12-31");
                await enter.RequirementAsync(fund, 6_000_000, $"{year}-06-01", $"{year}-01-01", $"{year}-12-31");
            }
        }

        for (var i = 0; i < 12; i++)
        {
            await enter.IndicatorAsync(i % 3 == 0 ? "people-returned" : "schools-open", i, Dates[i % Dates.Length], i % 4 == 0 ? "facility" : null);
        }

        foreach (var system in new[] { "fts", "fts-old" })
        {
            await enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = "epsilon", amount = 70_000 } },
                currency = "USD",
                announcedOn = "2025-02-14",
                fundId = "drive",
                instrument = "grant",
                externalSystem = system,
                externalId = "77",
            });
        }

        await enter.PledgeAsync(new { donors = new[] { new { donorId = "epsilon", amount = 70_000 } }, currency = "USD", announcedOn = "2025-02-15", fundId = "drive", instrument = "grant", externalSystem = "fts", externalId = "78" });
        await enter.ContributionAsync(new { donorId = "beta", recipientId = "ngo-one", stage = "commitment", amount = 60_000, currency = "USD", date = "2025-08-02", externalId = "77" });
        await enter.ContributionAsync(new { donorId = "beta", recipientId = "ngo-one", stage = "commitment", amount = 61_000, currency = "USD", date = "2025-08-03", externalSystem = "fts", externalId = "79" });
        await enter.ContributionAsync(new { donorId = "gamma", fundId = "drive", stage = "payment", amount = 62_000, currency = "USD", date = "2025-08-04", externalSystem = "fts", externalId = "80" });
        var busy = await enter.PledgeAsync("alpha", 1_000_000, "2025-01-01", "facility");
        for (var i = 1; i <= 8; i++)
        {
            await enter.ContributionAsync(busy, i % 2 == 0 ? "payment" : "commitment", 10_000 * i, "2025-03-01");
        }

        await enter.ReverseAsync(await enter.ContributionAsync(busy, "refund", 5_000, "2025-04-01"));
        await enter.ReviseAsync(busy, 500_000, "2025-05-01");
        await enter.ContributionAsync(busy, "release", 1_000, "2025-06-01");
        return busy;
    }
}
