using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Tests.Db;
using PledgeTracker.Tests.Exports;

namespace PledgeTracker.Tests.Ledger;

/// <summary>
/// Sequences of entries, sent as anybody sends them; after each, every derived table is compared with the naive recomputation. All share
/// one server, each has donors, funds and an event of its own. More sequences: <c>PLEDGETRACKER_POSTINGS=500</c>.
/// </summary>
public sealed class PostingTests(PostingTests.EmptyServer server) : IClassFixture<PostingTests.EmptyServer>
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("PLEDGETRACKER_POSTINGS") ?? "30", CultureInfo.InvariantCulture);
    private static readonly DateOnly FirstDay = new(2020, 11, 20);
    private static readonly JsonSerializerOptions Plainly = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>A server that knows a few rates and nothing else.</summary>
    public sealed class EmptyServer : TestServer
    {
        private int _worlds;

        public EmptyServer() => Seed = "none";

        public HttpClient Editor { get; private set; } = null!;

        public int NextWorld() => Interlocked.Increment(ref _worlds);

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            Editor = await this.ClientAsync("editor");
            foreach (var (currency, day, rate) in ((string, int, decimal)[])[("EUR", 0, 1.1873m), ("EUR", 40, 1.2214m), ("JPY", 10, 0.009637m), ("KWD", -10, 3.2701m)])
            {
                await Editor.RecordAsync("/v1/exchange-rates",
                    JsonSerializer.Serialize(new { currency, date = FirstDay.AddDays(day), usdPerUnit = rate, provider = "a bank" }, Plainly));
            }
        }

        public override async ValueTask DisposeAsync()
        {
            Editor.Dispose();
            await base.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }

    [Fact]
    public async Task Whatever_is_entered_everything_derived_is_what_the_ledger_says()
    {
        var refused = 0;
        var done = new Dictionary<string, int>();
        var together = 0;
        var known = new HashSet<string>();
        var moments = new List<(string Version, long LastEntry)>();
        var questions = new List<string>();
        var pasts = new List<string>();
        // It begins when a sequence fails: each shorter one takes seconds, and there may be hundreds.
        Stopwatch? shortening = null;
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(Cases), Prop.ForAll(Arb.From(Sequences, steps => Shorter(steps).TakeWhile(_ => (shortening ??= Stopwatch.StartNew()).Elapsed < TimeSpan.FromMinutes(2))), steps =>
        {
            var world = World.MakeAsync(server).GetAwaiter().GetResult();
            foreach (var burst in Bursts(steps))
            {
                together += burst.Count > 1 ? 1 : 0;
                var entered = world.TakeAsync(burst).GetAwaiter().GetResult();
                for (var i = 0; i < burst.Count; i++)
                {
                    refused += entered[i] ? 0 : 1;
                    done[burst[i].Action] = done.GetValueOrDefault(burst[i].Action) + (entered[i] ? 1 : 0);
                }

                moments.Add(MomentAsync().GetAwaiter().GetResult());
            }

            using var database = PlainConnection.Open(server);
            // What an earlier sequence left wrong stays there while a smaller one is looked for: only what is new counts.
            var differences = Recomputation.Differences(database).Where(known.Add).ToList();
            Assert.Empty(differences);
            Recomputation.CheckShownAsync(database, server.Client, world.Name).GetAwaiter().GetResult();
            Recomputation.CheckCoverageAsync(database, server.Client, world.Name).GetAwaiter().GetResult();
            IatiReader.CheckFundsAsync(server.Client, world.Name).GetAwaiter().GetResult();
            var (summaries, random) = (new NaiveSummary(database), new Random(steps.Sum(step => step.Pick)));
            for (var i = 0; i < 8; i++)
            {
                questions.Add(summaries.CheckAsync(server.Client, random, moments, world.Name).GetAwaiter().GetResult());
            }

            var series = new NaiveSeries(database, world.Name);
            for (var i = 0; i < 6; i++)
            {
                questions.Add(series.CheckAsync(server.Client, random, moments).GetAwaiter().GetResult());
            }

            series.CheckStandingAsync(server.Client, random).GetAwaiter().GetResult();

            var past = new NaivePast(database, world.Name);
            for (var i = 0; i < 3; i++)
            {
                pasts.Add(past.CheckAsync(server.Client, random, moments).GetAwaiter().GetResult());
            }
        }));
        await IatiReader.CheckAllAsync(server.Client);
        // All that can be asked was asked, and members had paid for their group.
        Assert.True(ReadAll("SELECT count(*) FROM ledger_entry WHERE paid_by IS NOT NULL") > 0);
        Assert.All((string[])["groupBy=", "asOf=", "compareTo=", "knownAt=", "verified=", "status=", "donor=", "country=", "usageYear=", "currency=", "cumulative=", "steps=", "from=", "to="], parameter => Assert.Contains(questions, q => q.Contains(parameter, StringComparison.Ordinal)));
        Assert.All((string[])["asOf=", "knownAt="], parameter => Assert.Contains(pasts, q => q.Contains(parameter, StringComparison.Ordinal)));
        // The sequences are worth something only where most steps are taken, some refused, some sent at the same time, and every kind occurs.
        Assert.True(refused > 0 && together > 0 && done.Count == Actions.Distinct().Count() && done.Values.All(n => n > 0),
            $"{refused} refused; {together} together; {string.Join(", ", done.Select(d => $"{d.Key} {d.Value}"))}");
    }

    [Fact]
    public async Task The_documented_facts_are_what_their_ledger_says()
    {
        await using var documented = new TestServer();
        await documented.InitializeAsync();
        using var database = PlainConnection.Open(documented);
        Recomputation.Check(database);
        await Recomputation.CheckShownAsync(database, documented.Client);
        await Recomputation.CheckCoverageAsync(database, documented.Client);
    }

    [Fact]
    public async Task Donors_that_are_merged_share_one_line()
    {
        var world = await World.MakeAsync(server);
        var joint = await world.PledgeAsync("USD", "grant", ("anna", 60, null), ("bruno", 40, null));
        var loan = await world.PledgeAsync("USD", "loan", ("bruno", 70, null));
        await world.EnterAsync("/v1/contributions",
            new { pledgeId = joint, donorId = world.Id("bruno"), stage = "payment", amount = 25, currency = "USD", date = FirstDay.AddDays(3) });
        await world.MergeBrunoAsync();
        foreach (var pledge in new[] { joint, loan })
        {
            Assert.Equal([world.Id("anna")], (await server.GetAsync($"/v1/pledges/{pledge}")).GetProperty("donors").EnumerateArray().Select(d => d.Id()));
        }

        Assert.Equal(145, (await server.GetAsync($"/v1/donors/{world.Id("anna")}")).GetProperty("figures").Number("outstanding"));
        Recompute();
    }

    [Fact]
    public async Task A_promise_taken_back_in_parts_comes_to_nothing_in_dollars_too()
    {
        // 100.00 EUR are 110.01 USD; thirds of it round, and the last part takes what the others left.
        var world = await World.MakeAsync(server);
        var pledge = await world.PledgeAsync("EUR", "grant", ("anna", 100, 110.01m));
        foreach (var part in (decimal[])[33.33m, 33.33m, 33.34m])
        {
            await world.EnterAsync($"/v1/pledges/{pledge}/withdrawals", new { amount = part, date = FirstDay.AddDays(9) });
        }

        Assert.Equal((110.01m, 110.01m, 0, "withdrawn"), await FiguresAsync(pledge));
        Recompute();
    }

    [Fact]
    public async Task Withdrawing_all_that_is_outstanding_leaves_not_a_cent_where_other_currencies_were_paid()
    {
        // At the pledge's rate two cents settle 0.02 EUR; the 99.98 EUR that are left are 129.97 USD.
        var world = await World.MakeAsync(server);
        var pledge = await world.PledgeAsync("EUR", "grant", ("anna", 100, 130));
        await world.EnterAsync("/v1/contributions", new { pledgeId = pledge, stage = "payment", amount = 0.02m, currency = "USD", date = FirstDay });
        await world.EnterAsync($"/v1/pledges/{pledge}/withdrawals", new { amount = 99.98m, date = FirstDay });
        Assert.Equal((130, 129.97m, 0, "partially_withdrawn"), await FiguresAsync(pledge));
    }

    [Fact]
    public async Task Merged_promises_at_two_rates_are_withdrawn_at_the_rate_they_are_counted_at()
    {
        var world = await World.MakeAsync(server);
        var pledge = await world.PledgeAsync("EUR", "grant", ("anna", 100, 110), ("bruno", 100, 200));
        await world.MergeBrunoAsync();
        await world.EnterAsync($"/v1/pledges/{pledge}/withdrawals", new { amount = 50, date = FirstDay });
        Assert.Equal((310, 77.5m, 232.5m, "announced"), await FiguresAsync(pledge));
        Recompute();
    }

    [Fact]
    public async Task No_more_is_withdrawn_than_is_outstanding()
    {
        var world = await World.MakeAsync(server);
        var pledge = await world.PledgeAsync("USD", "grant", ("anna", 100, null));
        await world.EnterAsync("/v1/contributions", new { pledgeId = pledge, stage = "payment", amount = 40, currency = "USD", date = FirstDay });
        await server.Editor.RefusedAsync($"/v1/pledges/{pledge}/withdrawals", JsonSerializer.Serialize(new { amount = 60.01m, date = FirstDay }, Plainly), 409, "not_enough_then");
        await world.EnterAsync($"/v1/pledges/{pledge}/withdrawals", new { amount = 60, date = FirstDay });
        Assert.Equal((100, 60, 0, "partially_withdrawn"), await FiguresAsync(pledge));
    }

    // Nobody else writes.
    private async Task<(string Version, long LastEntry)> MomentAsync()
    {
        using var answer = await server.Client.GetAsync("/v1/sources?limit=1");
        using var database = PlainConnection.Open(server);
        return (Assert.Single(answer.Headers.GetValues("Dataset-Version")), Recomputation.Number(Recomputation.Rows(database, "SELECT coalesce(max(no), 0) FROM ledger_entry")[0][0]));
    }

    private long ReadAll(string count)
    {
        using var database = PlainConnection.Open(server);
        return Recomputation.Number(Recomputation.Rows(database, count)[0][0]);
    }

    private void Recompute()
    {
        using var database = PlainConnection.Open(server);
        Recomputation.Check(database);
    }

    private async Task<(decimal Pledged, decimal Withdrawn, decimal Outstanding, string? Status)> FiguresAsync(string pledge)
    {
        var shown = await server.GetAsync($"/v1/pledges/{pledge}");
        var figures = shown.GetProperty("figures");
        return (figures.Number("pledged"), figures.Number("withdrawn"), figures.Number("outstanding"), shown.Text("status"));
    }

    private static readonly string[] Actions =
        ["pledge", "pledge", "pledge", "joint", "revise", "revise", "withdraw", "withdraw", "pay", "pay", "pay", "commit", "commit", "refund", "refund", "release", "release",
         "direct", "direct", "adjust", "passed_on", "restate", "reverse", "reverse", "reverse", "verify", "amend", "shortfall", "requirement"];

    private static readonly string[] Donors = ["anna", "bruno", "carla"];

    /// <summary>A step of a sequence. Which records it is about is settled by what is there when it is sent.</summary>
    public sealed record Step(
        string Action, int Pick, string Donor, string? Fund, string? Event, string Instrument, string Currency, long Amount, bool Reported, int Day);

    // The last amounts are the largest that an entry holds of USD, KWD and JPY.
    private static readonly Gen<Step> Steps =
        from action in Gen.Elements(Actions)
        from pick in Gen.Choose(0, 999)
        from donor in Gen.Elements(Donors)
        from fund in Gen.Elements("water", "water", "roads", null)
        from summit in Gen.Elements("summit", "summit", "eve", null)
        from instrument in Gen.Elements("grant", "grant", "loan", "mou")
        from currency in Gen.Elements("USD", "EUR", "EUR", "JPY", "KWD")
        from amount in Gen.Elements(100L, 100, 50, 50, 25, 7, 1000, 100, 50, 25, 7, 1000, 1_000_000_000_000, 100_000_000_000_000, 100_000_000_000_000_000)
        from reported in Gen.Elements(true, false)
        from day in Gen.Choose(0, 80)
        select new Step(action, pick, donor, fund, summit, instrument, currency, amount, reported, day);

    private static readonly Gen<Step[]> Sequences = Gen.Choose(1, 45).SelectMany(length => Gen.ArrayOf(Steps, length));

    private static IEnumerable<Step[]> Shorter(Step[] steps) => Enumerable.Range(0, steps.Length).Select(i => (Step[])[.. steps.Where((_, at) => at != i)]);

    /// <summary>Most steps wait for the one before; some are sent together with it.</summary>
    private static List<List<Step>> Bursts(Step[] steps)
    {
        var bursts = new List<List<Step>>();
        foreach (var step in steps)
        {
            if (bursts.Count > 0 && step.Pick % 8 < 3)
            {
                bursts[^1].Add(step);
            }
            else
            {
                bursts.Add([step]);
            }
        }

        return bursts;
    }

    /// <summary>Three donors, one of them a group, two funds and two rounds of an event, and what is entered about them.</summary>
    private sealed class World
    {
        private readonly EmptyServer _server;

        private World(EmptyServer server, string name) => (_server, Name) = (server, name);

        /// <summary>What the ids of its donors, its funds and its events begin with.</summary>
        public string Name { get; }

        public string Id(string what) => Name + what;

        public static async Task<World> MakeAsync(EmptyServer server)
        {
            var world = new World(server, $"world-{server.NextWorld().ToString(CultureInfo.InvariantCulture)}-");
            await world.EnterAsync("/v1/events", new { id = world.Id("eve"), name = new { en = "Eve" }, startsOn = FirstDay.AddDays(-1) });
            await Task.WhenAll(
            [
                .. Donors.Select(donor => world.EnterAsync("/v1/organizations", new { id = world.Id(donor), name = new { en = donor }, type = donor switch { "anna" => "10", "bruno" => "group", _ => "22" } })),
                .. ((string[])["water", "roads"]).Select(fund => world.EnterAsync("/v1/funds", new { id = world.Id(fund), name = new { en = fund }, kind = "facility" })),
                world.EnterAsync("/v1/events", new { id = world.Id("summit"), name = new { en = "Summit" }, startsOn = FirstDay, precededBy = world.Id("eve") }),
            ]);
            return world;
        }

        public Task<JsonElement> EnterAsync(string path, object body) => _server.Editor.RecordAsync(path, JsonSerializer.Serialize(body, Plainly));

        /// <summary>A pledge to the water fund on the first day.</summary>
        public async Task<string> PledgeAsync(string currency, string instrument, params (string Donor, decimal Amount, decimal? Usd)[] shares) =>
            (await EnterAsync("/v1/pledges", new
            {
                donors = shares.Select(s => new { donorId = Id(s.Donor), amount = s.Amount, amountUsd = s.Usd }),
                currency,
                announcedOn = FirstDay,
                fundId = Id("water"),
                instrument,
            })).Id();

        public async Task MergeBrunoAsync()
        {
            var merged = await _server.Editor.SendAsync(HttpMethod.Post, $"/v1/organizations/{Id("bruno")}/merge-into/{Id("anna")}");
            Assert.True(merged.Status == HttpStatusCode.Created, merged.Text);
        }

        /// <summary>Sends steps at the same time; of each, whether it was entered. What is refused must leave nothing.</summary>
        public async Task<bool[]> TakeAsync(IReadOnlyList<Step> burst)
        {
            var (lines, entries) = LookAround();
            return await Task.WhenAll(burst.Select(async step =>
            {
                if (Request(step, lines, entries) is not { } request)
                {
                    return false;
                }

                var json = JsonSerializer.Serialize(request.Body, Plainly);
                // What is amended may have been changed at the same time.
                var reply = step.Action == "amend" ? await _server.Editor.AmendAsync(request.Path, json) : await _server.Editor.SendAsync(HttpMethod.Post, request.Path, json);
                Assert.True((int)reply.Status is 201 or 400 or 404 or 409 or 422 || (step.Action == "amend" && (int)reply.Status is 200 or 412), $"{step.Action} {request.Path} {json}: {(int)reply.Status} {reply.Text}");
                return reply.Status is HttpStatusCode.Created or HttpStatusCode.OK;
            }));
        }

        private sealed record Line(string PledgeId, string Origin, string Currency, string DonorId, long OutstandingMinor)
        {
            public decimal Left(int part) => MinorUnits.ToMajor(Math.Max(1, OutstandingMinor / part), Currency);
        }

        private sealed record Entry(long No, string Id, string PledgeId, string DonorId, string Kind, long AmountMinor, string Currency, long? ReversesNo);

        private (List<Line> Lines, List<Entry> Entries) LookAround()
        {
            using var database = PlainConnection.Open(_server);
            return (
                Read(database, $"""
                    SELECT p.id, p.origin, coalesce(p.currency, 'USD'), l.donor_id, l.outstanding_minor FROM line l JOIN pledge p ON p.no = l.pledge_no
                    WHERE l.donor_id LIKE '{Name}%' ORDER BY p.origin, l.pledge_no DESC, l.donor_id
                    """, r => new Line(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt64(4))),
                Read(database, $"""
                    SELECT e.no, e.id, p.id, e.donor_id, e.kind, e.amount_minor, e.currency, e.reverses_no FROM ledger_entry e JOIN pledge p ON p.no = e.pledge_no
                    WHERE e.donor_id LIKE '{Name}%' ORDER BY e.no
                    """, r => new Entry(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt64(5), r.GetString(6),
                        r.IsDBNull(7) ? null : r.GetInt64(7))));

            static List<T> Read<T>(DbConnection database, string sql, Func<DbDataReader, T> row)
            {
                using var command = database.CreateCommand();
                command.CommandText = sql;
                using var reader = command.ExecuteReader();
                var rows = new List<T>();
                while (reader.Read())
                {
                    rows.Add(row(reader));
                }

                return rows;
            }
        }

        private (string Path, object Body)? Request(Step step, List<Line> lines, List<Entry> entries)
        {
            // Now and then it is given for tomorrow, and counts from today.
            var day = step.Pick % 23 == 0 ? DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(1) : FirstDay.AddDays(step.Day);
            // A line that is there, most of the time; sometimes one that is not.
            var target = lines.Count == 0 ? null : lines[step.Pick % Math.Min(8, lines.Count)];
            target = target is not null && step.Pick % 19 == 0 ? target with { DonorId = Id(step.Donor) } : target;
            var announced = target is { Origin: "announced" } ? target : null;
            var earlier = entries.AsEnumerable().Reverse().Select(e => e.PledgeId).Distinct().ElementAtOrDefault(step.Pick % 3);
            decimal? usd = step.Reported && step.Currency != "USD" ? Math.Min(step.Amount, 900_000_000_000) + 3.01m : null;
            object[] countries = (step.Pick % 10) switch
            {
                0 => ["SYR", "IRQ"],
                1 or 6 => ["IRQ"],
                3 => [new { country = "YEM", share = 33.3333m }, new { country = "SYR", share = 33.3333m }, new { country = "IRQ", share = 33.3334m }],
                5 => [new { country = "SYR", share = 37.5m }, new { country = "IRQ", share = 62.5m }],
                _ => [],
            };
            var fund = step.Fund is null ? null : Id(step.Fund);
            var start = day.AddDays(step.Pick % 30);
            return step.Action switch
            {
                "pledge" => Promise((step.Donor, step.Amount, usd)),
                "joint" => Promise([.. Donors.Select((d, i) => (d, step.Amount + (i * 11m), usd + (i * 12.34m)))]),
                "restate" when earlier is not null => Promise((step.Donor, step.Amount, usd)),
                "revise" when announced is not null => ($"/v1/pledges/{announced.PledgeId}/revisions", new
                {
                    change = Sign(step.Amount),
                    changeUsd = step.Reported && announced.Currency != "USD" ? Sign(step.Amount + 3.01m) : default(decimal?),
                    date = day,
                    donorId = announced.DonorId,
                    qualifier = step.Pick % 7 == 0 ? "at_least" : null,
                }),
                // Sometimes all that is left, sometimes a part of it, sometimes more.
                "withdraw" when announced is not null => ($"/v1/pledges/{announced.PledgeId}/withdrawals",
                    new
                    {
                        amount = step.Pick % 3 == 0 ? step.Amount : announced.Left(step.Pick % 2 == 0 ? 1 : 3),
                        date = day,
                        donorId = announced.DonorId,
                        reason = ((string?[])["withdrawn_by_donor", "lapsed", "written_off", "unspecified", null])[step.Pick % 5],
                    }),
                "pay" or "commit" when announced is not null && step.Pick % 3 == 0 && announced.OutstandingMinor > 0 =>
                    Give(announced, announced.Left(step.Pick % 2 == 0 ? 1 : 2), announced.Currency, announced.Currency == "USD" ? null : usd, null),
                "pay" or "commit" when target is not null => Give(target, step.Amount, step.Currency, usd, step.Pick % 4 == 0 ? Id("carla") : step.Pick % 4 == 1 && target.DonorId == Id("bruno") ? Id("anna") : null),
                "refund" => TakeBack("payment"),
                "release" => TakeBack("commitment"),
                "direct" => Direct(null),
                "adjust" => ("/v1/adjustments", new
                {
                    adjusts = ((string[])["pledge", "commitment", "payment"])[step.Pick % 3],
                    amount = step.Pick % 4 == 0 ? 0 : step.Pick % 2 == 0 ? step.Amount : -step.Amount,
                    currency = step.Currency,
                    amountUsd = step.Pick % 5 == 0 && usd is not null ? -usd : usd,
                    date = day,
                    donorId = Id(step.Donor),
                    fundId = fund,
                    recipientId = fund is null ? Id("carla") : null,
                    instrument = step.Instrument,
                }),
                "passed_on" when earlier is not null => Direct(earlier),
                "reverse" => Reverse(),
                "verify" => Verify(),
                "amend" when earlier is not null => ($"/v1/pledges/{earlier}", new { sectors = Sectors() ?? [], earmarking = step.Pick % 2 == 0 ? "softly_earmarked" : "unearmarked" }),
                "shortfall" => ("/v1/shortfalls", new
                {
                    fundId = fund ?? Id("roads"),
                    amount = step.Amount,
                    currency = "USD",
                    statedOn = day,
                    periodStart = step.Pick % 3 == 0 ? start : default(DateOnly?),
                    periodEnd = step.Pick % 3 == 1 ? default(DateOnly?) : start.AddDays(20),
                }),
                "requirement" => ("/v1/requirements", new
                {
                    fundId = fund ?? Id("roads"),
                    kind = step.Pick % 2 == 0 ? "original" : "revised",
                    amount = step.Amount,
                    currency = "USD",
                    periodStart = step.Pick % 3 == 0 ? default(DateOnly?) : start,
                    periodEnd = step.Pick % 3 == 0 ? default(DateOnly?) : start.AddDays(15),
                    statedOn = day,
                }),
                _ => default((string, object)?),
            };

            decimal Sign(decimal amount) => step.Pick % 3 == 0 ? -amount : amount;

            // Money is its own, however much like another it looks; unless somebody is to be asked.
            string? Distinct() => step.Pick % 11 == 0 ? null : "all";

            (string, object)? Promise(params (string Donor, decimal Amount, decimal? Usd)[] shares) => ("/v1/pledges", new
            {
                donors = shares.Select(s => new
                {
                    donorId = Id(s.Donor), amount = s.Amount, amountUsd = s.Usd, usdQualifier = s.Usd is null ? null : step.Pick % 5 == 0 ? "approximate" : step.Pick % 5 == 1 ? "exact" : null,
                }),
                currency = step.Currency,
                qualifier = step.Pick % 6 == 0 ? "approximate" : null,
                announcedOn = day,
                fundId = fund,
                eventId = step.Event is null ? null : Id(step.Event),
                instrument = step.Instrument,
                countries,
                shared = step.Pick % 10 == 6 ? true : default(bool?),
                usageYears = step.Pick % 4 == 0 ? [2021, 2023] : step.Pick % 4 == 1 ? [2022] : default(int[]),
                sectors = Sectors(),
                earmarking = step.Pick % 5 == 2 ? "earmarked" : null,
                dueOn = step.Pick % 3 == 0 ? day.AddDays(90) : default(DateOnly?),
                instalments = step.Pick % 2 == 0
                    ? new[] { new { dueOn = day.AddDays(20), amount = step.Amount / 4 }, new { dueOn = day.AddDays(10), amount = step.Amount / 2 } }
                    : null,
                restates = step.Action == "restate" ? earlier : null,
            });

            (string, object)? Give(Line line, decimal amount, string currency, decimal? dollars, string? paidBy) => ("/v1/contributions", new
            {
                pledgeId = line.PledgeId,
                donorId = line.DonorId,
                stage = step.Action == "pay" ? "payment" : "commitment",
                amount,
                currency,
                amountUsd = dollars,
                settles = line.Origin == "announced" && currency != line.Currency && step.Pick % 4 == 1 ? new { amount = line.Left(step.Pick % 3 == 0 ? 1 : 2), currency = line.Currency } : null,
                qualifier = step.Pick % 9 == 0 ? "at_most" : null,
                date = day,
                paidBy,
                distinctFrom = Distinct(),
            });

            (string, object)? Direct(string? passedOnFrom) => ("/v1/contributions", new
            {
                donorId = Id(step.Donor),
                fundId = fund,
                recipientId = fund is null ? Id("carla") : null,
                instrument = step.Instrument,
                countries,
                stage = step.Pick % 3 == 0 ? "commitment" : "payment",
                amount = step.Amount,
                currency = step.Currency,
                amountUsd = usd,
                usdQualifier = usd is not null && step.Pick % 6 == 0 ? "approximate" : null,
                date = day,
                passedOnFrom,
                sectors = Sectors(),
                distinctFrom = Distinct(),
            });

            string[]? Sectors() => (step.Pick % 7) switch { 1 => ["15220"], 2 => ["15220", "14010"], 3 => ["14010"], _ => null };

            (string, object)? Verify()
            {
                var given = entries.FindAll(e => e.Kind is "payment" or "commitment" or "adjustment" && e.ReversesNo is null);
                return given.Count == 0 ? null : ($"/v1/contributions/{given[step.Pick % given.Count].Id}/verifications", new { state = step.Pick % 3 == 0 ? "disputed" : "verified", note = new { en = "Looked at" } });
            }

            // Half of something that was paid or agreed, now and then more than there is, and now and then before it was there.
            (string, object)? TakeBack(string kind)
            {
                var given = entries.FindAll(e => e.Kind == kind && e.AmountMinor > 1 && e.ReversesNo is null);
                var entry = given.Count == 0 ? null : given[step.Pick % given.Count];
                return entry is null ? null : ("/v1/contributions", new
                {
                    pledgeId = entry.PledgeId,
                    donorId = entry.DonorId,
                    stage = kind == "payment" ? "refund" : "release",
                    amount = MinorUnits.ToMajor(step.Pick % 5 == 0 ? entry.AmountMinor * 3 : entry.AmountMinor / 2, entry.Currency),
                    currency = entry.Currency,
                    amountUsd = entry.Currency == "USD" || !step.Reported ? default(long?) : Math.Min(step.Amount, 900_000_000_000),
                    date = step.Pick % 3 == 0 ? day : FirstDay.AddDays(81),
                });
            }

            (string, object)? Reverse()
            {
                var open = entries.FindAll(e => e.ReversesNo is null && entries.TrueForAll(r => r.ReversesNo != e.No));
                return open.Count == 0 ? null : ($"/v1/entries/{open[step.Pick % open.Count].Id}/reversal", new { reason = new { en = "A mistake" } });
            }
        }
    }
}
