using System.Net;
using System.Text.Json;
using PledgeTracker.Tests.Imports;

namespace PledgeTracker.Tests.Changes;

/// <summary>What changes say, word for word, in both languages.</summary>
public sealed class SentenceTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string To = "UNDP Facility";
    private const string ToAr = "صندوق البرنامج الإنمائي";

    [Fact]
    public async Task A_payment_under_a_pledge()
    {
        var (pledge, _) = await PledgeAsync("EUR", 1_000_000, 1_100_000);
        Assert.Equal((
            "Germany pledged 1,000,000 EUR (1,100,000 USD) on 2018-02-14 to UNDP Facility",
            "تعهد: 1,000,000 EUR (1,100,000 USD) من ألمانيا إلى صندوق البرنامج الإنمائي في 2018-02-14"), await LastAsync());
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 500_000, "EUR", "2019-03-01", """, "amountUsd": 550000"""));
        Assert.Equal((
            "Germany paid 500,000 EUR (550,000 USD) on 2019-03-01 under its pledge of 2018-02-14 to UNDP Facility",
            "دفعة: 500,000 EUR (550,000 USD) من ألمانيا إلى صندوق البرنامج الإنمائي في 2019-03-01، ضمن تعهد 2018-02-14"), await LastAsync());
    }

    [Fact]
    public async Task A_commitment_its_release_and_a_refund()
    {
        var (pledge, _) = await PledgeAsync("USD", 1_000);
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "commitment", 750.5m, "USD", "2019-01-01", """, "qualifier": "at_least", "datePrecision": "year" """));
        Assert.Equal((
            "Germany committed at least 750.50 USD in 2019 under its pledge of 2018-02-14 to UNDP Facility",
            "التزام: ما لا يقل عن 750.50 USD من ألمانيا إلى صندوق البرنامج الإنمائي في 2019، ضمن تعهد 2018-02-14"), await LastAsync());
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "release", 50, "USD", "2019-05-01"));
        Assert.Equal((
            "50 USD committed by Germany under its pledge of 2018-02-14 to UNDP Facility was released on 2019-05-01",
            "تحرير التزام: 50 USD من ألمانيا إلى صندوق البرنامج الإنمائي في 2019-05-01، ضمن تعهد 2018-02-14"), await LastAsync());
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 100, "USD", "2019-06-01"));
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "refund", 10, "USD", "2019-07-01", """, "datePrecision": "month" """));
        Assert.Equal((
            "10 USD paid by Germany under its pledge of 2018-02-14 to UNDP Facility was refunded in 2019-07",
            "استرداد دفعة: 10 USD من ألمانيا إلى صندوق البرنامج الإنمائي في 2019-07، ضمن تعهد 2018-02-14"), await LastAsync());
    }

    [Fact]
    public async Task A_withdrawal_says_why_and_a_revision_which_way()
    {
        var (pledge, _) = await PledgeAsync("USD", 300_000_000);
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 100000000, "date": "2018-08-17", "reason": "lapsed" }""");
        Assert.Equal((
            "Withdrawal from the pledge of 2018-02-14 by Germany to UNDP Facility: 100,000,000 USD on 2018-08-17, lapsed",
            "سحب من تعهد 2018-02-14 من ألمانيا إلى صندوق البرنامج الإنمائي: 100,000,000 USD في 2018-08-17، انقضى أجله"), await LastAsync());
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 1, "date": "2018-08-18" }""");
        Assert.EndsWith("UNDP Facility: 1 USD on 2018-08-18", (await LastAsync()).En, StringComparison.Ordinal);
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": 5000000, "date": "2018-09-01", "qualifier": "approximate" }""");
        Assert.Equal((
            "Germany raised its pledge of 2018-02-14 to UNDP Facility by about 5,000,000 USD on 2018-09-01",
            "زيادة تعهد 2018-02-14 من ألمانيا إلى صندوق البرنامج الإنمائي بمقدار نحو 5,000,000 USD في 2018-09-01"), await LastAsync());
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": -2000000, "date": "2018-09-02" }""");
        Assert.Equal((
            "Germany lowered its pledge of 2018-02-14 to UNDP Facility by 2,000,000 USD on 2018-09-02",
            "خفض تعهد 2018-02-14 من ألمانيا إلى صندوق البرنامج الإنمائي بمقدار 2,000,000 USD في 2018-09-02"), await LastAsync());
        // What was pledged is told as it was then, whatever became of it.
        Assert.Equal("Germany pledged 300,000,000 USD on 2018-02-14 to UNDP Facility", (await HistoryAsync(pledge))[0].En);
    }

    [Fact]
    public async Task A_reversal_gives_its_reason_and_a_replacement_says_what_it_stands_for()
    {
        var (donor, fund) = await PartiesAsync();
        var payment = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 12.5m, "USD", "2019-03-01"))).Id();
        await server.Editor.RecordAsync($"/v1/entries/{payment}/replacement", """{ "changes": { "amount": 13 }, "reason": { "en": "Mistyped,\n the bank says", "ar": "خطأ في الكتابة" } }""");
        var pledge = (await server.GetAsync($"/v1/contributions/{payment}")).Text("pledgeId")!;
        Assert.Equal((
            "The payment of 12.50 USD by Germany on 2019-03-01 to UNDP Facility was reversed; reason: Mistyped, the bank says",
            "إلغاء دفعة بقيمة 12.50 USD من ألمانيا في 2019-03-01 إلى صندوق البرنامج الإنمائي؛ السبب: خطأ في الكتابة"), (await HistoryAsync(pledge))[^1]);
        Assert.Equal((
            "Germany paid 13 USD on 2019-03-01 to UNDP Facility, in place of an entry that was wrong",
            "دفعة: 13 USD من ألمانيا إلى صندوق البرنامج الإنمائي في 2019-03-01، بدلا من قيد كان خطأ"), await LastAsync());
    }

    [Fact]
    public async Task A_long_reason_is_cut_and_takes_no_control_of_direction_with_it()
    {
        var (donor, fund) = await PartiesAsync();
        var payment = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 5, "USD", "2019-03-01"))).Id();
        await server.Editor.RecordAsync($"/v1/entries/{payment}/reversal", JsonSerializer.Serialize(new { reason = new { en = "\u202B" + new string('x', 150) + string.Concat(Enumerable.Repeat("😀", 150)) + "\u202C" } }));
        var (en, ar) = await LastAsync();
        var reason = en[(en.IndexOf("reason: ", StringComparison.Ordinal) + 8)..];
        Assert.Equal(new string('x', 150) + string.Concat(Enumerable.Repeat("😀", 24)) + "…", reason);
        Assert.EndsWith(reason, ar, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_pays_for_its_group_and_a_recipient_passes_money_on()
    {
        var group = await NamedAsync("Partners", "الشركاء", "group");
        var member = await NamedAsync("France", "فرنسا");
        var ngo = await NamedAsync("Relief Society", "جمعية الإغاثة", "22");
        var pledge = (await server.Editor.RecordAsync("/v1/pledges", new
        {
            donors = new[] { new { donorId = group, amount = 500 } }, currency = "USD", announcedOn = "2018-06-26", recipientId = ngo, instrument = "grant", datePrecision = "approximate", qualifier = "at_most",
        })).Id();
        Assert.Equal(("Partners pledged up to 500 USD about 2018-06-26 to Relief Society", "تعهد: ما يصل إلى 500 USD من الشركاء إلى جمعية الإغاثة نحو 2018-06-26"), await LastAsync());
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 20, "USD", "2019-03-01", $$""", "paidBy": "{{member}}" """));
        Assert.Equal((
            "France paid 20 USD on 2019-03-01 for Partners under the pledge of about 2018-06-26 to Relief Society",
            "دفعة: 20 USD من فرنسا باسم الشركاء إلى جمعية الإغاثة في 2019-03-01، ضمن تعهد نحو 2018-06-26"), await LastAsync());
        await server.Editor.RecordAsync("/v1/contributions", new
        {
            donorId = ngo, recipientId = member, stage = "payment", amount = 3, currency = "USD", date = "2019-04-01", passedOnFrom = pledge,
        });
        Assert.Equal((
            "Relief Society paid 3 USD on 2019-04-01 to France, passing on the money of a pledge",
            "دفعة: 3 USD من جمعية الإغاثة إلى فرنسا في 2019-04-01، من أموال تعهد آخر"), await LastAsync());
    }

    [Fact]
    public async Task Those_who_pledge_together_are_named_up_to_three()
    {
        var donors = new List<string>();
        foreach (var (first, en, ar) in new[] { ("a", "Kuwait", "الكويت"), ("b", "Qatar", "قطر"), ("c", "Oman", "عمان"), ("d", "Jordan", "الأردن") })
        {
            donors.Add(await NamedAsync(en, ar, id: first));
        }

        (int Count, string En, string Ar, string Total)[] together =
        [
            (2, "Kuwait and Qatar", "الكويت وقطر", "2,000.500 JOD (2,800 USD)"), (3, "Kuwait, Qatar and Oman", "الكويت، قطر وعمان", "3,000.750 JOD (4,200 USD)"),
            (4, "Kuwait, Qatar, Oman and others", "الكويت، قطر، عمان، وجهات أخرى", "4,001 JOD (5,600 USD)"),
        ];
        foreach (var (count, en, ar, total) in together)
        {
            await server.Editor.RecordAsync("/v1/pledges", new
            {
                donors = donors.Take(count).Select(donorId => new { donorId, amount = 1000.25m, amountUsd = 1400 }), currency = "JOD", announcedOn = "2018-06-26", instrument = "grant",
            });
            Assert.Equal(($"{en} pledged {total} on 2018-06-26", $"تعهد: {total} من {ar} في 2018-06-26"), await LastAsync());
        }
    }

    [Fact]
    public async Task What_others_found_of_a_contribution()
    {
        var (donor, fund) = await PartiesAsync();
        var payment = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 9_000, "USD", "2019-03-01"))).Id();
        const string en = "payment of 9,000 USD by Germany on 2019-03-01 to UNDP Facility";
        const string ar = "دفعة بقيمة 9,000 USD من ألمانيا في 2019-03-01 إلى صندوق البرنامج الإنمائي";
        await server.Editor.RecordAsync($"/v1/contributions/{payment}/confirmations", $$"""{ "organizationId": "{{donor}}" }""");
        Assert.Equal(($"Germany confirmed the {en}", $"تأكيد من ألمانيا: {ar}"), await LastAsync());
        await server.Editor.RecordAsync($"/v1/contributions/{payment}/verifications", """{ "state": "disputed", "note": { "en": "Not in the accounts", "ar": "ليست في الحسابات" } }""");
        Assert.Equal(($"The {en} was disputed: Not in the accounts", $"اعتراض على {ar}: ليست في الحسابات"), await LastAsync());
        await server.Editor.RecordAsync($"/v1/contributions/{payment}/verifications", """{ "state": "verified" }""");
        Assert.Equal(($"The {en} was verified", $"التحقق من {ar}"), await LastAsync());
        await server.Editor.RecordAsync($"/v1/entries/{payment}/citations", $$"""{ "citations": [{ "sourceId": "{{WriteServer.Source}}" }] }""");
        Assert.Equal(($"Cited for the {en}: Press note", $"استشهاد بشأن {ar}: Press note"), await LastAsync());
    }

    [Fact]
    public async Task An_adjustment_has_its_own_sign()
    {
        var (donor, fund) = await PartiesAsync();
        await server.Editor.RecordAsync("/v1/adjustments", $$"""{ "adjusts": "commitment", "amount": -5000, "currency": "USD", "date": "2019-03-05", "donorId": "{{donor}}", "fundId": "{{fund}}" }""");
        Assert.Equal((
            "Adjustment of commitments by Germany to UNDP Facility: -5,000 USD on 2019-03-05",
            "تصحيح التزامات من ألمانيا إلى صندوق البرنامج الإنمائي: -5,000 USD في 2019-03-05"), await LastAsync());
    }

    [Fact]
    public async Task Who_stated_what_a_fund_needs_and_lacks()
    {
        var (_, fund) = await PartiesAsync();
        await server.Editor.RecordAsync("/v1/shortfalls", new
        {
            fundId = fund, amount = 300_000_000, currency = "USD", qualifier = "approximate", statedOn = "2018-01-01", statedBy = new { en = "UNDP", ar = "البرنامج الإنمائي" }, periodStart = "2018-01-01", periodEnd = "2018-12-31",
        });
        Assert.Equal((
            "UNDP stated a shortfall of about 300,000,000 USD for UNDP Facility on 2018-01-01, for 2018-01-01 to 2018-12-31",
            "عجز: نحو 300,000,000 USD لدى صندوق البرنامج الإنمائي، بحسب البرنامج الإنمائي، في 2018-01-01، للفترة من 2018-01-01 إلى 2018-12-31"), await LastAsync());
        await server.Editor.RecordAsync("/v1/shortfalls", new { fundId = fund, amount = 10, currency = "EUR", amountUsd = 11, statedOn = "2018-02-01", periodEnd = "2018-12-31" });
        Assert.Equal((
            "A shortfall of 10 EUR (11 USD) for UNDP Facility was stated on 2018-02-01, until 2018-12-31",
            "عجز: 10 EUR (11 USD) لدى صندوق البرنامج الإنمائي في 2018-02-01، حتى 2018-12-31"), await LastAsync());
        await server.Editor.RecordAsync("/v1/requirements", new { fundId = fund, kind = "revised", amount = 0, currency = "USD", statedOn = "2018-02-01" });
        Assert.Equal(("A revised requirement of 0 USD for UNDP Facility was stated on 2018-02-01", "احتياج معدل: 0 USD لدى صندوق البرنامج الإنمائي في 2018-02-01"), await LastAsync());
    }

    [Fact]
    public async Task A_new_name_and_other_amendments()
    {
        var fund = server.NewId("fund");
        await server.Editor.RecordAsync("/v1/funds", $$"""{ "id": "{{fund}}", "name": { "en": "Iraq trust fund", "ar": "صندوق العراق" }, "kind": "trust_fund" }""");
        Assert.Equal(("New fund: Iraq trust fund", "صندوق جديد: صندوق العراق"), await LastAsync());
        await AmendAsync($"/v1/funds/{fund}", """{ "name": { "en": "Iraq recovery fund", "ar": "صندوق تعافي العراق" } }""");
        Assert.Equal(("The fund Iraq trust fund was renamed: Iraq recovery fund", "تغيير اسم الصندوق: من صندوق العراق إلى صندوق تعافي العراق"), await LastAsync());
        await AmendAsync($"/v1/funds/{fund}", """{ "name": { "ar": "صندوق العراق الجديد" } }""");
        Assert.Equal(("The fund Iraq recovery fund was amended: name", "تغيير اسم الصندوق: من صندوق تعافي العراق إلى صندوق العراق الجديد"), await LastAsync());
        await AmendAsync($"/v1/funds/{fund}", """{ "name": { "en": "Fund" }, "countries": ["IRQ"], "website": "https://example.org/" }""");
        Assert.Equal(("The fund Fund was amended: name, countries, website", "تعديل بيانات الصندوق صندوق العراق الجديد: الاسم، البلدان، الموقع"), await LastAsync());
        var named = (await server.GetAsync($"/v1/changes?fund={fund}&lang=ar")).GetProperty("data").EnumerateArray().ToList();
        Assert.NotEmpty(named);
        Assert.All(named, c => Assert.Equal(("صندوق العراق الجديد", fund), (c.Text("name"), c.RefId("fund"))));

        var (pledge, _) = await PledgeAsync("USD", 1_000);
        await AmendAsync($"/v1/pledges/{pledge}", """{ "dueOn": "2027-01-01", "note": { "en": "Heard" } }""");
        Assert.Equal((
            "The pledge of 1,000 USD by Germany on 2018-02-14 to UNDP Facility was amended: due date, note",
            "تعديل بيانات تعهد بقيمة 1,000 USD من ألمانيا في 2018-02-14 إلى صندوق البرنامج الإنمائي: تاريخ الاستحقاق، الملاحظة"), await LastAsync());
    }

    [Fact]
    public async Task A_reclassification_says_what_was_and_what_is()
    {
        var (pledge, _) = await PledgeAsync("USD", 1_000);
        var conference = server.NewId("conference");
        await server.Editor.RecordAsync("/v1/events", $$"""{ "id": "{{conference}}", "name": { "en": "the Kuwait conference", "ar": "مؤتمر الكويت" }, "startsOn": "2018-02-12", "endsOn": "2018-02-14" }""");
        Assert.Equal(("New event: the Kuwait conference, 2018-02-12 to 2018-02-14", "فعالية جديدة: مؤتمر الكويت، من 2018-02-12 إلى 2018-02-14"), await LastAsync());
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/reclassifications", $$"""{ "changes": { "eventId": "{{conference}}" }, "reason": { "en": "Announced there", "ar": "أُعلن هناك" } }""");
        Assert.Equal((
            "The pledge of 1,000 USD by Germany on 2018-02-14 to UNDP Facility was reclassified: event from none to the Kuwait conference; reason: Announced there",
            "إعادة تصنيف تعهد بقيمة 1,000 USD من ألمانيا في 2018-02-14 إلى صندوق البرنامج الإنمائي: الفعالية من لا شيء إلى مؤتمر الكويت؛ السبب: أُعلن هناك"), (await HistoryAsync(pledge))[^1]);
        Assert.Equal((
            "After a reclassification: the pledge of 1,000 USD by Germany on 2018-02-14 to UNDP Facility at the Kuwait conference",
            "بعد إعادة التصنيف: تعهد بقيمة 1,000 USD من ألمانيا في 2018-02-14 إلى صندوق البرنامج الإنمائي خلال مؤتمر الكويت"), await LastAsync());
        Assert.Equal(2, (await server.AllAsync($"/v1/changes?event={conference}")).Count);
    }

    [Fact]
    public async Task A_reclassification_tells_each_member_from_what_to_what()
    {
        var (donor, fund) = await PartiesAsync();
        var (society, appeal) = (await NamedAsync("Relief Society", "جمعية الإغاثة", "22"), server.NewId("appeal"));
        await server.Editor.RecordAsync("/v1/funds", new { id = appeal, name = new { en = "Iraq appeal", ar = "نداء العراق" }, kind = "appeal" });
        var earlier = await server.PledgeAsync(donor, fund, 70);
        var pledge = (await server.Editor.RecordAsync("/v1/pledges", new
        {
            donors = new[] { new { donorId = donor, amount = 70 } }, currency = "USD", announcedOn = "2018-02-14", fundId = fund, instrument = "loan", countries = new[] { "IRQ", "SYR" }, shared = true,
        })).Id();
        var first = (await server.Editor.RecordAsync($"/v1/pledges/{pledge}/reclassifications", new
        {
            changes = new
            {
                fundId = appeal, recipientId = society, instrument = "grant", shared = false, usageYears = new[] { 2018, 2019 },
                countries = new object[] { new { country = "IRQ", share = 62.5m }, new { country = "SYR", share = 37.5m } },
            },
            reason = new { en = "Misread", ar = "قراءة خاطئة" },
        })).Id();
        var (en, ar) = (await HistoryAsync(pledge))[^1];
        Assert.EndsWith("was reclassified: fund from UNDP Facility to Iraq appeal; recipient from none to Relief Society; instrument from loan to grant; countries from Iraq, Syria to Iraq 62.5%, Syria 37.5%; " +
            "shared by its countries from yes to no; years that it is for from none to 2018, 2019; reason: Misread", en, StringComparison.Ordinal);
        Assert.EndsWith(": الصندوق من صندوق البرنامج الإنمائي إلى نداء العراق؛ الجهة المستفيدة من لا شيء إلى جمعية الإغاثة؛ نوع التمويل من قرض إلى منحة؛ البلدان من العراق، سوريا إلى العراق 62.5%، سوريا 37.5%؛ " +
            "مشترك بين بلدانه من نعم إلى لا؛ السنوات المخصص لها من لا شيء إلى 2018، 2019؛ السبب: قراءة خاطئة", ar, StringComparison.Ordinal);
        await server.Editor.RecordAsync($"/v1/pledges/{first}/reclassifications", new { changes = new { restates = earlier }, reason = new { en = "The same money" } });
        Assert.EndsWith("was reclassified: pledge that it restates from none to a pledge; reason: The same money", (await HistoryAsync(first))[^1].En, StringComparison.Ordinal);
        // Where all stays as it was nothing is told.
        var same = await server.PledgeAsync(donor, fund, 5);
        await server.Editor.RecordAsync($"/v1/pledges/{same}/reclassifications", new { changes = new { instrument = "grant" }, reason = new { en = "As it is" } });
        Assert.EndsWith("was reclassified; reason: As it is", (await HistoryAsync(same))[^1].En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Money_that_goes_to_a_country_alone_names_it()
    {
        var donor = await NamedAsync("Germany", "ألمانيا");
        await server.Editor.RecordAsync("/v1/contributions", new { donorId = donor, countries = new[] { "IRQ" }, stage = "payment", amount = 7, currency = "USD", date = "2019-03-01" });
        Assert.Equal(("Germany paid 7 USD on 2019-03-01 to Iraq", "دفعة: 7 USD من ألمانيا إلى العراق في 2019-03-01"), await LastAsync());
        foreach (var (countries, en, ar) in new[] { (new[] { "IRQ", "SYR" }, "Iraq and Syria", "العراق وسوريا"), (["IRQ", "JOR", "LBN", "SYR"], "Iraq, Jordan, Lebanon and others", "العراق، الأردن، لبنان، وبلدان أخرى") })
        {
            await server.Editor.RecordAsync("/v1/pledges", new { donors = new[] { new { donorId = donor, amount = 7 } }, currency = "USD", announcedOn = "2019-03-01", countries, instrument = "grant" });
            Assert.Equal(($"Germany pledged 7 USD on 2019-03-01 to {en}", $"تعهد: 7 USD من ألمانيا إلى {ar} في 2019-03-01"), await LastAsync());
        }

        // A fund or a recipient is nearer.
        var (_, fund) = await PartiesAsync();
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 8, "USD", "2019-03-01", """, "countries": ["IRQ"]"""));
        Assert.Equal("Germany paid 8 USD on 2019-03-01 to UNDP Facility", (await LastAsync()).En);
    }

    [Fact]
    public async Task Reference_data_rates_and_indicators()
    {
        await server.Editor.RecordAsync("/v1/exchange-rates", """{ "currency": "IRR", "date": "2026-03-02", "usdPerUnit": 0.00000095, "provider": "The Bank" }""");
        Assert.Equal(("Exchange rate: 1 IRR = 0.00000095 USD on 2026-03-02 (The Bank)", "سعر صرف: 1 IRR = 0.00000095 USD في 2026-03-02 (The Bank)"), await LastAsync());
        await server.Editor.RecordAsync("/v1/indicators", """{ "measure": "returned", "name": { "en": "People returned", "ar": "العائدون" }, "value": 3800000.5, "unit": "people", "unitName": { "en": "people", "ar": "شخص" }, "date": "2018-06-26", "qualifier": "at_least" }""");
        Assert.Equal(("People returned: at least 3,800,000.5 people on 2018-06-26", "العائدون: ما لا يقل عن 3,800,000.5 شخص في 2018-06-26"), await LastAsync());
        await server.Editor.RecordAsync("/v1/indicators", """{ "measure": "spent", "name": { "en": "Spent", "ar": "المنفق" }, "value": 5, "unit": "USD", "date": "2018-06-26" }""");
        Assert.Equal(("Spent: 5 USD on 2018-06-26", "المنفق: 5 USD في 2018-06-26"), await LastAsync());
        await server.Editor.RecordAsync("/v1/sources", $$"""{ "id": "{{server.NewId("source")}}", "title": { "ar": "مذكرة" }, "language": "ar", "publishedOn": "2018-06-26", "dateQualifier": "approximate", "reliability": "primary" }""");
        Assert.Equal(("New source: مذكرة (about 2018-06-26)", "مصدر جديد: مذكرة (نحو 2018-06-26)"), await LastAsync());
        var (old, survivor) = (await NamedAsync("Ministry", "الوزارة"), await NamedAsync("Iraq", "العراق"));
        Assert.Equal(("New organization: Iraq", "جهة جديدة: العراق"), await LastAsync());
        await server.Editor.SendAsync(HttpMethod.Post, $"/v1/organizations/{old}/merge-into/{survivor}");
        Assert.Equal(("Ministry was merged into Iraq", "دمج الوزارة في العراق"), await LastAsync());
    }

    [Fact]
    public async Task A_country_that_is_called_something_else_as_well()
    {
        await AmendAsync("/v1/countries/TLS", """{ "aliases": ["Timor Lorosae"] }""");
        Assert.Equal(("The country Timor-Leste was amended: other names", "تعديل بيانات البلد تيمور ليشتي: الأسماء الأخرى"), await LastAsync());
        var change = (await server.GetAsync("/v1/changes?entity=country&sort=-sequence&limit=1&lang=ar")).GetProperty("data")[0];
        Assert.Equal(("TLS", "تيمور ليشتي"), (change.Text("entityId"), change.Text("name")));
    }

    [Fact]
    public async Task A_change_whose_texts_are_gone_is_still_told()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        using (var editor = await own.ClientAsync("editor"))
        {
            await editor.AmendAsync("/v1/countries/SYR", """{ "aliases": ["Sham"] }""");
            await editor.SnapshotAsync("fts:told", new ToldFlow("1", "paid", 1) { Boundary = "internal" });
        }

        var known = (await own.WalkAsync("/v1/changes", 500)).DistinctBy(c => c.Text("entity")).ToList();
        await using (var outside = await own.OpenDatabaseAsync())
        {
            foreach (var (entity, action) in Told.Kinds.Append(("contribution", "redacted")).Append(("organization", "redacted")))
            {
                foreach (var after in new[] { "null", """{"name":null,"title":null,"reason":null,"note":{"en":null,"ar":null},"citations":[{"sourceId":null}],"into":null}""" })
                {
                    var one = known.Find(c => c.Text("entity") == entity);
                    await outside.ExecuteAsync($$"""
                        INSERT INTO change (seq, at, actor, entity, entity_id, pledge_id, body, hash)
                        SELECT (SELECT max(seq) + 1 FROM change), at, actor, entity, entity_id, pledge_id, '{"action":"{{action}}","before":null,"after":{{after}}}', hash FROM change WHERE seq = {{one.GetProperty("sequence")}}
                        """);
                }
            }
        }

        var told = (await own.GetAsync($"/v1/changes?sort=-sequence&limit={2 * (Told.Kinds.Length + 2)}")).GetProperty("data").EnumerateArray().ToList();
        Assert.All(told, c => Assert.True(c.GetProperty("text").Text("en")!.Length > 10 && c.GetProperty("text").Text("ar").IsArabic(), c.GetRawText()));
        Assert.Contains(told, c => c.GetProperty("text").Text("en") == "Texts of the organization United States of America were blanked");
    }

    private async Task<(string En, string Ar)> LastAsync() => Said((await server.GetAsync("/v1/changes?sort=-sequence&limit=1")).GetProperty("data")[0]);

    private async Task<List<(string En, string Ar)>> HistoryAsync(string pledge) => (await server.AllAsync($"/v1/pledges/{pledge}/history")).ConvertAll(Said);

    private static (string En, string Ar) Said(JsonElement change) => (change.GetProperty("text").Text("en")!, change.GetProperty("text").Text("ar")!);

    private async Task AmendAsync(string path, string json)
    {
        var reply = await server.Editor.AmendAsync(path, json);
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
    }

    private async Task<string> NamedAsync(string en, string ar, string type = "10", string id = "named")
    {
        id = server.NewId(id);
        await server.Editor.RecordAsync("/v1/organizations", new { id, name = new { en, ar }, type });
        return id;
    }

    private async Task<(string Donor, string Fund)> PartiesAsync()
    {
        var fund = server.NewId("facility");
        await server.Editor.RecordAsync("/v1/funds", new { id = fund, name = new { en = To, ar = ToAr }, kind = "facility" });
        return (await NamedAsync("Germany", "ألمانيا"), fund);
    }

    private async Task<(string Pledge, string Fund)> PledgeAsync(string currency, decimal amount, decimal? usd = null)
    {
        var (donor, fund) = await PartiesAsync();
        return (await server.PledgeAsync(donor, fund, amount, currency, usd, announcedOn: "2018-02-14"), fund);
    }
}
