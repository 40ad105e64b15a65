using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace PledgeTracker.Tests.Imports;

/// <summary>Sheets as people make them: in both languages, from our templates, from LibreOffice and from Excel in Arabic.</summary>
public sealed class SpreadsheetTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Xlsx = Workbook.MediaType;

    public static TheoryData<string, string, string> Templates =>
        [.. from kind in (string[])["contributions", "pledges", "requirements"] from language in (string[])["en", "ar"] from suffix in (string[])["xlsx", "csv"] select (kind, language, suffix)];

    private static string? Soffice { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "soffice")).FirstOrDefault(File.Exists);

    [Fact]
    public async Task Thirty_contributions_made_in_LibreOffice_from_the_Arabic_template_go_in_whole_and_once()
    {
        await using var facts = await FactsAsync();
        using var editor = await facts.ClientAsync("editor");
        var before = (await facts.GetAsync("/v1/funds/undp-ffs")).GetProperty("figures").Number("paid");
        var import = await ImportedAsync(editor, "format=contributions", FileOf("thirty-contributions.xlsx"), Xlsx);
        Assert.Equal(("done", 30, 30, 0), (import.Text("state"), import.Count("read"), import.Count("created"), import.Count("refused")));
        Assert.Empty(import.GetProperty("notes").EnumerateArray());

        var recorded = new List<JsonElement>();
        foreach (var row in await editor.RowsAsync(import.Id()))
        {
            recorded.Add((await editor.ReadAsync($"/v1/contributions/{row.Text("recordId")}")).Body);
        }

        Assert.Equal(["grc", "deu", "deu", "kwt", "sau", "fin"], recorded.Take(6).Select(c => c.RefId("donor")));
        Assert.All(recorded, c => Assert.Equal(("undp-ffs", "undp", "grant"), (c.RefId("fund"), c.RefId("recipient"), c.Text("instrument"))));
        Assert.Equal(["payment", "commitment", "payment", "payment", "commitment"], recorded.Take(5).Select(c => c.Text("stage")));
        Assert.Equal([1000m, 1250.29m, 12500.75m, 25000m, 2001.16m], recorded.Take(5).Select(c => c.Number("amount")));
        Assert.Equal(("EUR", 1840.5m, "USD"), (recorded[4].Text("currency"), recorded[4].Number("amountUsd"), recorded[5].Text("currency")));
        Assert.Equal(1_234_567.50m, recorded[8].Number("amount"));
        Assert.Equal(["2026-03-01", "2026-03-02", "2026-03-09"], [recorded[0].Text("date"), recorded[1].Text("date"), recorded[6].Text("date")]);
        Assert.Equal("00120", recorded[0].Text("reference"));
        Assert.Equal("٠٠٧", recorded[9].Text("externalId"));
        Assert.Equal("=ملاحظة", recorded[10].GetProperty("note").Text("ar"));
        Assert.Equal("للمياه في غرب الموصل، المرحلة 1", recorded[0].GetProperty("description").Text("ar"));
        Assert.Equal("Water for west Mosul", recorded[11].GetProperty("description").Text("en"));
        Assert.Equal([("IRQ", 60m), ("SYR", 40m)], recorded[7].GetProperty("byCountry").EnumerateArray().Select(c => (c.Text("country"), c.Number("share"))));
        Assert.Equal(recorded.Where(c => c.Text("stage") == "payment").Sum(c => c.Number("amountUsd")), (await facts.GetAsync("/v1/funds/undp-ffs")).GetProperty("figures").Number("paid") - before);

        var version = await facts.VersionAsync();
        var again = await ImportedAsync(editor, "format=contributions", FileOf("thirty-contributions.xlsx"), Xlsx);
        Assert.Equal(("done", 0, 30), (again.Text("state"), again.Count("created"), again.Count("unchanged")));
        Assert.Equal(version, await facts.VersionAsync());
    }

    [Theory]
    [InlineData("en", "\"اليونن\" is not known here. Did you mean grc?", "\"1,234\" may be 1234 or 1.234: send 1234, or 1.2340.", "send 2026-06-05 or 2026-05-06", "send commitment, release of a commitment, payment, refund.", "\"دينار\" is no currency")]
    [InlineData("ar", "«اليونن» غير معروف هنا. هل تقصد grc؟", "قد يعني «1,234» العدد 1234 أو 1.234: أرسل 1234 أو 1.2340.", "أرسل 2026-06-05 أو 2026-05-06", "أرسل التزام، تحرير التزام، دفعة، استرداد.", "«دينار» ليس عملة")]
    public async Task The_same_with_five_faults_comes_back_with_five_cells_named(string language, params string[] said)
    {
        await using var facts = await FactsAsync();
        using var editor = await facts.ClientAsync("editor");
        var import = await ImportedAsync(editor, "format=contributions", FileOf("five-faults.xlsx"), Xlsx);
        Assert.Equal(("refused", 5, 0), (import.Text("state"), import.Count("refused"), import.Count("created")));
        var faults = (await editor.RowsAsync(import.Id(), $"outcome=refused&lang={language}")).Select(row => row.GetProperty("faults").EnumerateArray().Single()).ToList();
        Assert.Equal(["A3", "C14", "F18", "B22", "D30"], faults.Select(fault => fault.Text("cell")));
        Assert.Equal(["donorId", "amount", "date", "stage", "currency"], faults.Select(fault => fault.Text("member")));
        Assert.All(said.Zip(faults), pair => Assert.Contains(pair.First, pair.Second.Text("text"), StringComparison.Ordinal));

        // The good ones go in where that is asked for; corrected, so do the others, and all of it again is nothing new.
        var taken = await ImportedAsync(editor, "format=contributions&mode=per-row", FileOf("five-faults.xlsx"), Xlsx);
        Assert.Equal(("done", 25, 5), (taken.Text("state"), taken.Count("created"), taken.Count("refused")));
        var corrections = (await editor.ReadAsync($"/v1/imports/{taken.Id()}/corrections")).Text;
        foreach (var (wrong, right) in new[] { ("اليونن", "اليونان"), ("\"1,234\"", "4003.48"), ("05/06/2026", "2026-03-17"), ("تحويل", "دفعة"), ("دينار", "USD") })
        {
            corrections = corrections.Replace(wrong + ",", right + ",", StringComparison.Ordinal);
        }

        var corrected = await editor.ImportedAsync("format=contributions", corrections);
        Assert.Equal(("done", 5), (corrected.Text("state"), corrected.Count("created")));
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public async Task A_template_says_how_and_its_example_goes_in(string kind, string language, string suffix)
    {
        await using var facts = await FactsAsync();
        using var editor = await facts.ClientAsync("editor");
        var path = $"/v1/templates/{kind}.{suffix}?lang={language}";
        using var answer = await facts.Client.GetAsync(new Uri(path, UriKind.Relative));
        var file = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal((HttpStatusCode.OK, $"attachment; filename={kind}.{suffix}", language),
            (answer.StatusCode, answer.Content.Headers.ContentDisposition!.ToString(), answer.Content.Headers.ContentLanguage.Single()));
        Assert.Equal(file, await facts.Client.GetByteArrayAsync(new Uri($"/v1/templates/{kind}.{suffix}?lang={language}", UriKind.Relative)));

        var import = await ImportedAsync(editor, $"format={kind}", file, suffix == "csv" ? Importing.Csv : Xlsx);
        Assert.Equal(("done", 1), (import.Text("state"), import.Count("created")));
        Assert.Empty(import.GetProperty("notes").EnumerateArray());
        var again = await ImportedAsync(editor, $"format={kind}", file, suffix == "csv" ? Importing.Csv : Xlsx);
        Assert.Equal(("done", 1), (again.Text("state"), again.Count("unchanged")));
    }

    [Fact]
    public async Task A_template_is_read_like_anything_else()
    {
        var csv = await server.AskAsync("/v1/templates/pledges", headers: ("Accept", "text/csv"));
        Assert.StartsWith("Donor,Amount,Currency,", csv.Text, StringComparison.Ordinal);
        var arabic = await server.AskAsync("/v1/templates/pledges.csv", headers: ("Accept-Language", "ar"));
        Assert.StartsWith("الجهة المانحة,المبلغ,العملة,", arabic.Text, StringComparison.Ordinal);
        var known = await server.AskAsync("/v1/templates/pledges.csv", headers: [("Accept-Language", "ar"), ("If-None-Match", arabic.Header("ETag")!)]);
        Assert.Equal(304, known.Status);
        // Kept answers say what they are called, too.
        Assert.Equal("attachment; filename=pledges.csv", (await server.AskAsync("/v1/templates/pledges.csv", headers: ("Accept-Language", "ar"))).Header("Content-Disposition"));
        Asking.AssertProblem(await server.AskAsync("/v1/templates/pledges", headers: ("Accept", "application/json")), 406, "not_acceptable");
        Asking.AssertProblem(await server.AskAsync("/v1/templates/plegdes.csv"), 404, "not_found");
        Asking.AssertProblem(await server.AskAsync("/v1/templates/pledges.ndjson"), 404, "not_found");
        Asking.AssertProblem(await server.AskAsync("/v1/imports.xyz.csv"), 404, "not_found");
        await server.RefusesAsync("/v1/templates/pledges.csv?fields=a", "?fields", "unknown_parameter");
    }

    [Fact]
    public async Task What_LibreOffice_makes_of_a_template_goes_in()
    {
        Assert.SkipUnless(Soffice is not null, "LibreOffice (soffice) is not on this machine.");
        await using var facts = await FactsAsync();
        using var editor = await facts.ClientAsync("editor");
        var folder = Directory.CreateTempSubdirectory("pledgetracker-soffice-").FullName;
        try
        {
            foreach (var kind in (string[])["contributions", "pledges", "requirements"])
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{kind}.xlsx"), await facts.Client.GetByteArrayAsync(new Uri($"/v1/templates/{kind}.xlsx?lang=ar", UriKind.Relative)));
                var kept = Directory.CreateDirectory(Path.Combine(folder, "kept")).FullName;
                using var soffice = Process.Start(new ProcessStartInfo(Soffice!,
                    [$"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir", kept, Path.Combine(folder, $"{kind}.xlsx")])
                { RedirectStandardOutput = true, RedirectStandardError = true })!;
                await soffice.WaitForExitAsync(TestContext.Current.CancellationToken);
                var import = await ImportedAsync(editor, $"format={kind}", await File.ReadAllBytesAsync(Path.Combine(kept, $"{kind}.xlsx")), Xlsx);
                Assert.Equal(("done", 1), (import.Text("state"), import.Count("created")));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Arabic_as_Excel_writes_it_is_read_and_said()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var sheet = $"الجهة المانحة;الصندوق;المرحله;المبلغ;العمله;التاريخ;الوصف\r\n{donor};{fund};دفعة;١٬٢٣٤٫٥;دولار أمريكي;2026-06-01;\"للمياه; في\r\nالموصل\"\r\n";
        var import = await ImportedAsync(server.Editor, "format=contributions", CodePagesEncodingProvider.Instance.GetEncoding(1256)!.GetBytes(sheet.Replace("١٬٢٣٤٫٥", "1 234,50", StringComparison.Ordinal)), Importing.Csv);
        Assert.Equal(("done", 1), (import.Text("state"), import.Count("created")));
        Assert.Equal("windows_1256", import.GetProperty("notes")[0].Text("code"));
        Assert.Equal(1234.5m, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
        var recorded = (await server.GetAsync($"/v1/contributions?fund={fund}&lang=ar")).GetProperty("data")[0];
        Assert.Equal("للمياه; في\nالموصل", recorded.Text("description"));

        // The same in UTF-8, and with the digits of the script, says the same: it is the same.
        var again = await ImportedAsync(server.Editor, "format=contributions", Encoding.UTF8.GetBytes(sheet), Importing.Csv);
        Assert.Equal(("done", 1), (again.Text("state"), again.Count("unchanged")));
        Assert.Empty(again.GetProperty("notes").EnumerateArray());
        Assert.Contains("windows-1256", (await server.Editor.ReadAsync($"/v1/imports/{import.Id()}?lang=ar")).Body.GetProperty("notes")[0].Text("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_equal_rows_are_two_payments_and_the_file_again_is_none()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var sheet = "donor,fund,stage,amount,currency,date\n" + string.Concat(Enumerable.Repeat($"{donor},{fund},payment,10,USD,2026-06-01\n", 2));
        Assert.Equal(2, (await server.Editor.ImportedAsync("format=contributions", sheet)).Count("created"));
        // In another order of columns, and as a spreadsheet writes it.
        var other = "date;amount;currency;stage;fund;donor\n" + string.Concat(Enumerable.Repeat($"2026/06/01;10,00;usd;دفعة;{fund.ToUpperInvariant()};{donor}\n", 3));
        var again = await server.Editor.ImportedAsync("format=contributions", other.Replace(fund.ToUpperInvariant(), fund, StringComparison.Ordinal));
        Assert.Equal((1, 2), (again.Count("created"), again.Count("unchanged")));
        Assert.Equal(30m, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
        Assert.All((await server.GetAsync($"/v1/contributions?fund={fund}")).GetProperty("data").EnumerateArray(), c => Assert.StartsWith("row-", c.Text("externalId"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pledges_and_requirements_go_in_and_the_same_again_is_nothing_new()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledges = $"المانح,المبلغ,العملة,تاريخ التعهد,نوع التمويل,الصندوق,تاريخ الاستحقاق,سنوات الاستخدام,التخصيص\n{donor},\"1,000,000.00\",USD,2026-03-01,منحة,{fund},2026-12-31,2026-2027,مخصص\n{donor},5,USD,2026-03-01,loan,{fund},,,\n";
        var requirements = $"fund,kind,amount,currency,period start,period end,stated on,stated by\n{fund},original,2000000,USD,2026-01-01,2026-12-31,2026-01-15,Ministry\n{fund},revised,2500000,USD,2026-01-01,2026-12-31,2026-02-15,وزارة\n";
        foreach (var (format, sheet) in new[] { ("pledges", pledges), ("requirements", requirements) })
        {
            var import = await server.Editor.ImportedAsync($"format={format}", sheet);
            Assert.True(import.Text("state") == "done", string.Join('\n', await server.Editor.RowsAsync(import.Id())));
            Assert.Equal(2, import.Count("created"));
            var version = await server.VersionAsync();
            Assert.Equal(2, (await server.Editor.ImportedAsync($"format={format}", sheet)).Count("unchanged"));
            Assert.Equal(version, await server.VersionAsync());
        }

        var pledge = (await server.GetAsync($"/v1/pledges?fund={fund}&instrument=grant")).GetProperty("data")[0];
        Assert.Equal((1_000_000m, "2026-12-31", "earmarked"), (pledge.Number("amount"), pledge.Text("dueOn"), pledge.Text("earmarking")));
        Assert.Equal([2026, 2027], pledge.GetProperty("usageYears").EnumerateArray().Select(year => year.GetInt32()));
        Assert.Equal([("وزارة", 2_500_000m), ("Ministry", 2_000_000m)],
            (await server.GetAsync($"/v1/requirements?fund={fund}&sort=-statedOn")).GetProperty("data").EnumerateArray().Select(r => (r.Text("statedBy")!, r.Number("amount"))));
    }

    [Fact]
    public async Task Whom_a_name_may_mean_is_suggested_and_what_was_sent_along_becomes_an_alias()
    {
        var (fund, name) = (await server.FundAsync(), $"Council for the rivers of {server.NewId("basin")}");
        var id = server.NewId("river-council");
        await server.EnterAsync(entering => entering.OrganizationAsync(id, name));
        var misspelt = name.Replace("rivers", "rivres", StringComparison.Ordinal);
        var sheet = Encoding.UTF8.GetBytes($"donor,fund,stage,amount,currency,date\n{misspelt},{fund},payment,10,USD,2026-06-01\n{misspelt},{fund},payment,20,USD,2026-06-01\n");
        var refused = await ImportedAsync(server.Editor, "format=contributions", sheet, Importing.Csv);
        Assert.Equal(("refused", 2), (refused.Text("state"), refused.Count("refused")));
        var suggestion = refused.GetProperty("suggestions").EnumerateArray().Single();
        Assert.Equal((misspelt, id), (suggestion.Text("name"), suggestion.Texts("organizations").First()));

        // Tried out, or sent by a recorder, it makes no alias.
        var mapping = JsonSerializer.Serialize(new Dictionary<string, string> { [misspelt] = id });
        using var recorder = await server.ClientAsync("recorder", id);
        foreach (var (client, query) in new[] { (server.Editor, "format=contributions&dryRun=true"), (recorder, "format=contributions&mode=per-row") })
        {
            using var form = Importing.Form(mapping, ("sheet.csv", sheet));
            var import = await client.OverAsync((await client.ImportAsync(query, form)).Body.Id());
            Assert.Equal(2, import.Count("created"));
            Assert.Empty((await server.GetAsync($"/v1/organizations/{id}")).Texts("aliases"));
        }

        using var sent = Importing.Form(mapping, ("sheet.csv", sheet));
        var taken = await server.Editor.OverAsync((await server.Editor.ImportAsync("format=contributions", sent)).Body.Id());
        Assert.Equal(("done", 2), (taken.Text("state"), taken.Count("created")));
        Assert.Equal([misspelt], (await server.GetAsync($"/v1/organizations/{id}")).Texts("aliases"));
        Assert.Equal("done", (await ImportedAsync(server.Editor, "format=contributions", sheet, Importing.Csv)).Text("state"));

        // A name that another has already would name neither.
        var other = await server.OrganizationAsync();
        using var taking = Importing.Form(JsonSerializer.Serialize(new Dictionary<string, string> { [name] = other }),
            ("sheet.csv", Encoding.UTF8.GetBytes($"donor,fund,stage,amount,currency,date\n{name},{fund},payment,30,USD,2026-06-01\n")));
        var others = await server.Editor.OverAsync((await server.Editor.ImportAsync("format=contributions", taking)).Body.Id());
        var given = (await server.Editor.RowsAsync(others.Id())).Single().Text("recordId");
        Assert.Equal(other, (await server.Editor.ReadAsync($"/v1/contributions/{given}")).Body.RefId("donor"));
        Assert.Empty((await server.GetAsync($"/v1/organizations/{other}")).Texts("aliases"));
    }

    [Fact]
    public async Task A_mapping_to_nobody_is_told()
    {
        var fund = await server.FundAsync();
        using var form = Importing.Form("""{"The Greeks": "no-such-organization"}""", ("sheet.csv", Encoding.UTF8.GetBytes($"donor,fund,stage,amount,currency,date\nThe Greeks,{fund},payment,10,USD,2026-06-01\n")));
        var import = await server.Editor.OverAsync((await server.Editor.ImportAsync("format=contributions", form)).Body.Id());
        var fault = (await server.Editor.RowsAsync(import.Id())).Single().GetProperty("faults")[0];
        Assert.Equal(("A2", "unknown_reference"), (fault.Text("cell"), fault.Text("code")));
        Assert.Contains("no-such-organization", fault.Text("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_several_have_is_nobodys()
    {
        var (fund, name) = (await server.FundAsync(), server.NewId("Twin Foundation"));
        var (one, other) = (server.NewId("twin"), server.NewId("twin"));
        await server.EnterAsync(async entering =>
        {
            await entering.OrganizationAsync(one, name);
            await entering.OrganizationAsync(other, name.ToUpperInvariant());
        });
        var import = await server.Editor.ImportedAsync("format=contributions", $"donor,fund,stage,amount,currency,date\n{name},{fund},payment,10,USD,2026-06-01\n");
        var fault = (await server.Editor.RowsAsync(import.Id())).Single().GetProperty("faults")[0];
        Assert.Equal("ambiguous_name", fault.Text("code"));
        Assert.Contains($"{one}, {other}", fault.Text("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recorder_sends_contributions_of_its_own_and_no_other_sheet()
    {
        var (donor, other, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        var import = await recorder.ImportedAsync("format=contributions", $"donor,fund,stage,amount,currency,date\n{donor},{fund},payment,10,USD,2026-06-01\n{other},{fund},payment,10,USD,2026-06-01\n");
        var refused = (await recorder.RowsAsync(import.Id(), "outcome=refused")).Single().GetProperty("faults")[0];
        Assert.Equal(("A3", "forbidden"), (refused.Text("cell"), refused.Text("code")));
        foreach (var format in (string[])["pledges", "requirements"])
        {
            Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), await recorder.ImportAsync($"format={format}", "a\n"u8.ToArray()) is var reply ? (reply.Status, reply.Code) : default);
        }
    }

    [Theory]
    [InlineData("Donor,Fund,Stage,Ammount,Amount,Currency,Date", "/D1", "unknown_column", "Did you mean Amount (المبلغ)?", "هل تقصد «المبلغ» (Amount)؟")]
    [InlineData("donor.id,donor name,stage,amount,currency,date", "/B1", "repeated", "The column Donor stands there twice", "العمود «الجهة المانحة» مكرر")]
    [InlineData("donor,fund,stage,currency,date", "", "required", "The column Amount (المبلغ) is missing.", "العمود «المبلغ» (Amount) غير موجود.")]
    [InlineData("donor,fund,stage,amount,currency,date,xyzzy", "/G1", "unknown_column", "There is no column \"xyzzy\"", "لا يوجد عمود «xyzzy»")]
    public async Task A_first_row_that_is_none_refuses_the_file_and_names_the_cell(string header, string pointer, string code, string en, string ar)
    {
        foreach (var (language, said) in new[] { ("en", en), ("ar", ar) })
        {
            var reply = await server.Editor.ImportAsync($"format=contributions&lang={language}", Encoding.UTF8.GetBytes(header + "\n1,2\n"));
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_file"), (reply.Status, reply.Code));
            var error = reply.Body.GetProperty("errors").EnumerateArray().First(e => e.Text("code") == code);
            Assert.Equal(pointer, error.Text("pointer"));
            Assert.Contains(said, error.Text("detail"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_row_is_told_at_once()
    {
        var import = await server.Editor.ImportedAsync("format=contributions",
            "donor,fund,stage,amount,currency,date,countries,sectors,instrument,shared\nnobody-known,,paymnt,(500),USD,2098-01-01,العراق 60؛ Atlantis 40,abc,grant,maybe\n,,,,,,IRQ,,,\n");
        var rows = await server.Editor.RowsAsync(import.Id());
        Assert.Equal(["stage C2 not_one_of", "amount D2 not_positive", "shared J2 wrong_type", "donorId A2 unknown_reference", "countries/1 G2 unknown_code", "sectors/0 H2 unknown_code", "date F2 date_out_of_range"],
            rows[0].GetProperty("faults").EnumerateArray().Select(f => $"{f.Text("member")} {f.Text("cell")} {f.Text("code")}"));
        Assert.Equal(["A3 required", "C3 required", "D3 required", "E3 required", "F3 required"], rows[1].GetProperty("faults").EnumerateArray().Select(f => $"{f.Text("cell")} {f.Text("code")}"));
        Assert.Equal("Stage is missing: fill it in.", rows[1].GetProperty("faults")[1].Text("text"));
    }

    [Fact]
    public async Task A_cell_behind_the_columns_is_not_left_out_in_silence()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var sheet = $"donor,fund,stage,amount,currency,date,,description\n{donor},{fund},payment,10,USD,2026-06-01,x,Water, clean\n";
        var import = await server.Editor.ImportedAsync("format=contributions", sheet);
        Assert.Equal(["G2 unknown_column", "I2 unknown_column"], (await server.Editor.RowsAsync(import.Id())).Single().GetProperty("faults").EnumerateArray().Select(f => $"{f.Text("cell")} {f.Text("code")}"));
        Assert.Equal("done", (await server.Editor.ImportedAsync("format=contributions", sheet.Replace(",x,Water, clean", ",,\"Water, clean\"", StringComparison.Ordinal))).Text("state"));
    }

    [Fact]
    public async Task What_the_ledger_refuses_is_told_of_its_cell_as_well()
    {
        var (donor, fund, number) = (await server.OrganizationAsync(), await server.FundAsync(), server.NewId("number"));
        string Sheet(string amount) => $"donor,fund,stage,amount,currency,date,number\n{donor},{fund},payment,{amount},USD,2026-06-01,{number}\n";
        Assert.Equal(1, (await server.Editor.ImportedAsync("format=contributions", Sheet("10"))).Count("created"));
        var refused = await server.Editor.ImportedAsync("format=contributions", Sheet("11"));
        var fault = (await server.Editor.RowsAsync(refused.Id())).Single().GetProperty("faults").EnumerateArray().Single();
        Assert.Equal(("amount", "D2", "differs"), (fault.Text("member"), fault.Text("cell"), fault.Text("code")));

        // What is wrong with something of two columns stands in the first of them.
        var settles = await server.Editor.ImportedAsync("format=contributions", $"donor,fund,stage,amount,currency,date,settles amount,settles currency\n{donor},{fund},payment,10,USD,2026-06-01,9,EUR\n");
        fault = (await server.Editor.RowsAsync(settles.Id())).Single().GetProperty("faults").EnumerateArray().Single();
        Assert.Equal(("settles", "G2", "not_allowed"), (fault.Text("member"), fault.Text("cell"), fault.Text("code")));

        // Within a file it is told without the ledger.
        var twice = await server.Editor.ImportedAsync("format=contributions", Sheet("10") + Sheet("12")[(Sheet("12").IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        fault = (await server.Editor.RowsAsync(twice.Id(), "outcome=refused")).Single().GetProperty("faults").EnumerateArray().Single();
        Assert.Equal(("externalId", "G3", "repeated"), (fault.Text("member"), fault.Text("cell"), fault.Text("code")));
    }

    [Fact]
    public async Task Whatever_stands_in_cells_and_names_can_be_shown_and_corrected()
    {
        var fund = await server.FundAsync();
        string[] poison = ["\0", "\u202E", "\u2067", "\u0002x", "\uFFFE", "\"\"", "=cmd|' /C calc'!A0", "💧", "\u200B"];
        var sheet = "\u202Edonor,fund\u0001,stage,\"amount\0\",currency,date\n" + string.Concat(poison.Select(p => $"\"x{p}\",{fund},\"{p}\",\"1{p}\",USD,2026-06-01\n"));
        var import = await server.Editor.ImportedAsync("format=contributions", sheet);
        Assert.Equal(("refused", poison.Length), (import.Text("state"), import.Count("refused")));
        Assert.Equal(poison.Length, (await server.Editor.RowsAsync(import.Id(), "lang=ar")).Count);
        var corrections = await server.Editor.ReadAsync($"/v1/imports/{import.Id()}/corrections");
        var again = await ImportedAsync(server.Editor, "format=contributions", Encoding.UTF8.GetBytes(corrections.Text), Importing.Csv);
        Assert.Equal(("refused", poison.Length), (again.Text("state"), again.Count("refused")));
    }

    [Fact]
    public async Task Our_own_tables_are_read_by_the_names_of_their_columns()
    {
        await using var facts = await FactsAsync();
        using var editor = await facts.ClientAsync("editor");
        foreach (var (format, list, fields) in new[]
        {
            ("contributions", "contributions", "stage,amount,currency,amountUsd,date,datePrecision,qualifier,donor.id,fund.id,recipient.id,instrument,countries,sectors,usageYears,shared,event.id"),
            ("pledges", "pledges", "donors.id,amount,currency,announcedOn,datePrecision,qualifier,instrument,fund.id,recipient.id,countries,dueOn,event.id,earmarking"),
        })
        {
            foreach (var suffix in (string[])["csv", "xlsx"])
            {
                var file = await facts.Client.GetByteArrayAsync(new Uri($"/v1/{list}.{suffix}?hxl=true&fields={fields}", UriKind.Relative));
                var import = await ImportedAsync(editor, $"format={format}&dryRun=true", file, suffix == "csv" ? Importing.Csv : Xlsx);
                var refused = await editor.RowsAsync(import.Id(), "outcome=refused");
                // What our tables say and a sheet cannot: pledges of several donors.
                Assert.All(refused.SelectMany(row => row.GetProperty("faults").EnumerateArray()), fault => Assert.Contains(fault.Text("member")!.Split('/')[0], (string[])["donors", "amountUsd"]));
                Assert.True(import.Count("created") > 3 && import.Count("created") > refused.Count, import.ToString());
            }
        }
    }

    [Fact]
    public async Task Files_of_one_import_have_the_same_columns()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var (first, row) = ("donor,fund,stage,amount,currency,date\n", $"{donor},{fund},payment,10,USD,2026-06-01\n");
        using var same = Importing.Form(null, ("a.csv", Encoding.UTF8.GetBytes(first + row)), ("b.csv", Encoding.UTF8.GetBytes(first + row)));
        var import = await server.Editor.OverAsync((await server.Editor.ImportAsync("format=contributions", same)).Body.Id());
        Assert.Equal(("done", 2), (import.Text("state"), import.Count("created")));
        using var other = Importing.Form(null, ("a.csv", Encoding.UTF8.GetBytes(first + row)), ("b.csv", Encoding.UTF8.GetBytes("fund,donor,stage,amount,currency,date\n")));
        var reply = await server.Editor.ImportAsync("format=contributions", other);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_file"), (reply.Status, reply.Code));
    }

    private static async Task<TestServer> FactsAsync()
    {
        var facts = new TestServer();
        await facts.InitializeAsync();
        return facts;
    }

    private static byte[] FileOf(string name) => File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "PledgeTracker.Tests", "Imports", "Files", name));

    private static async Task<JsonElement> ImportedAsync(HttpClient client, string query, byte[] file, string mediaType)
    {
        var reply = await client.ImportAsync(query, file, mediaType);
        Assert.True(reply.Status == HttpStatusCode.Accepted, $"{(int)reply.Status} {reply.Text}");
        return await client.OverAsync(reply.Body.Id());
    }
}
