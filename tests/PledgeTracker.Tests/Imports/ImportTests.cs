using System.Net;
using System.Text;

namespace PledgeTracker.Tests.Imports;

/// <summary>Imports as resources, whatever the format of the file.</summary>
public sealed class ImportTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_file_is_put_aside_whole_and_then_recorded_in_the_name_of_who_sent_it()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var reply = await server.Editor.ImportAsync("format=contributions", Encoding.UTF8.GetBytes(Importing.Sheet(donor, fund, "10", "20.50", "30")));
        Assert.Equal(HttpStatusCode.Accepted, reply.Status);
        Assert.Equal($"/v1/imports/{reply.Body.Id()}", reply.Location!.OriginalString);
        Assert.Contains(reply.Body.Text("state"), (string[])["checking", "applying", "done"]);
        var import = await server.Editor.OverAsync(reply.Body.Id());
        Assert.Equal(("done", 3, 3, 0), (import.Text("state"), import.Count("read"), import.Count("created"), import.Count("refused")));
        Assert.Equal(1, import.Number("progress"));
        Assert.Equal(60.50m, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
        var recorded = (await server.GetAsync($"/v1/contributions?donor={donor}")).GetProperty("data")[0];
        Assert.Equal(import.Text("createdBy"), recorded.Text("recordedBy"));
        Assert.Equal([2, 3, 4], (await server.Editor.RowsAsync(import.Id())).Select(row => row.GetProperty("row").GetInt32()));
    }

    [Fact]
    public async Task Importing_the_same_file_twice_changes_nothing()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var sheet = Importing.Sheet(donor, fund, "10", "20", "30");
        await server.Editor.ImportedAsync("format=contributions", sheet);
        var before = await server.VersionAsync();
        var again = await server.Editor.ImportedAsync("format=contributions", sheet);
        Assert.Equal(("done", 0, 3), (again.Text("state"), again.Count("created"), again.Count("unchanged")));
        Assert.Equal(before, await server.VersionAsync());
    }

    [Fact]
    public async Task One_refused_row_refuses_the_file_unless_the_good_ones_are_to_go_in()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var sheet = Importing.Sheet(donor, fund, "10", "ten", "30");
        var before = await server.VersionAsync();
        var refused = await server.Editor.ImportedAsync("format=contributions", sheet);
        Assert.Equal(("refused", 0, 1), (refused.Text("state"), refused.Count("created"), refused.Count("refused")));
        Assert.Equal(before, await server.VersionAsync());
        var fault = (await server.Editor.RowsAsync(refused.Id(), "outcome=refused")).Single().GetProperty("faults")[0];
        Assert.Equal(("amount", "D3"), (fault.Text("member"), fault.Text("cell")));

        var taken = await server.Editor.ImportedAsync("format=contributions&mode=per-row", sheet);
        Assert.Equal(("done", 2, 1), (taken.Text("state"), taken.Count("created"), taken.Count("refused")));
        Assert.Equal(40m, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);

        // What was refused is corrected and sent again as it is.
        var corrections = (await server.Editor.ReadAsync($"/v1/imports/{taken.Id()}/corrections")).Text;
        Assert.Equal(2, corrections.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("D3", corrections, StringComparison.Ordinal);
        var corrected = await server.Editor.ImportedAsync("format=contributions", corrections.Replace(",ten,", ",20,", StringComparison.Ordinal));
        Assert.Equal(("done", 1), (corrected.Text("state"), corrected.Count("created")));
        Assert.Equal(60m, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task What_the_ledger_refuses_refuses_the_file_before_the_first_row_is_recorded()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var sheet = Importing.Sheet(donor, fund, "10", "20") + $"{donor},{fund},refund,25,USD,2026-06-02,{donor}-back\r\n";
        var before = await server.VersionAsync();
        var refused = await server.Editor.ImportedAsync("format=contributions", sheet);
        Assert.Equal(("refused", 1), (refused.Text("state"), refused.Count("refused")));
        Assert.Equal(before, await server.VersionAsync());
        // One that an earlier row of the file has room for is none.
        var taken = await server.Editor.ImportedAsync("format=contributions", sheet.Replace(",25,", ",15,", StringComparison.Ordinal));
        Assert.Equal(("done", 3), (taken.Text("state"), taken.Count("created")));
        Assert.Equal(15m, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_come_of_it_and_records_nothing()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var before = await server.VersionAsync();
        var tried = await server.Editor.ImportedAsync("format=contributions&dryRun=true", Importing.Sheet(donor, fund, "10", "ten", "30"));
        Assert.Equal(("checked", 2, 1), (tried.Text("state"), tried.Count("created"), tried.Count("refused")));
        Assert.Equal(["created", "refused", "created"], (await server.Editor.RowsAsync(tried.Id())).Select(row => row.Text("outcome")));
        Assert.Equal(before, await server.VersionAsync());
    }

    [Fact]
    public async Task Pages_arrive_as_parts_of_a_form_compressed_or_not()
    {
        var (donor, other, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        byte[] first = Encoding.UTF8.GetBytes(Importing.Sheet(donor, fund, "10", "20")), second = Encoding.UTF8.GetBytes(Importing.Sheet(other, fund, "5"));
        using var form = Importing.Form(null, ("one.csv", first), ("two.csv.gz", Importing.Gzipped(second)));
        var reply = await server.Editor.ImportAsync("format=contributions", form);
        Assert.True(reply.Status == HttpStatusCode.Accepted, reply.Text);
        var import = await server.Editor.OverAsync(reply.Body.Id());
        Assert.Equal(["one.csv", "two.csv.gz"], import.Texts("files"));
        Assert.Equal(3, import.Count("created"));
        Assert.Equal([(1, 2), (1, 3), (2, 2)], (await server.Editor.RowsAsync(import.Id())).Select(row => (row.GetProperty("page").GetInt32(), row.GetProperty("row").GetInt32())));

        var packed = await server.Editor.ImportAsync("format=contributions", Importing.Gzipped(first), coding: "gzip");
        Assert.Equal(2, (await server.Editor.OverAsync(packed.Body.Id())).Count("unchanged"));
    }

    [Fact]
    public async Task A_retry_gets_the_first_answer_and_another_file_under_its_key_is_422()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var sheet = Encoding.UTF8.GetBytes(Importing.Sheet(donor, fund, "10"));
        (string, string) key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var first = await server.Editor.ImportAsync("format=contributions", sheet, headers: key);
        var again = await server.Editor.ImportAsync("format=contributions", sheet, headers: key);
        Assert.Equal((first.Status, first.Text, true), (again.Status, again.Text, again.Replayed));
        var other = await server.Editor.ImportAsync("format=contributions", Encoding.UTF8.GetBytes(Importing.Sheet(donor, fund, "11")), headers: key);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        // So is the same file asked for otherwise, but not in another language.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.Editor.ImportAsync("format=contributions&mode=per-row", sheet, headers: key)).Status);
        Assert.True((await server.Editor.ImportAsync("format=contributions&mode=all&lang=ar", sheet, headers: key)).Replayed);
        await server.Editor.OverAsync(first.Body.Id());
        // What was put aside a second time is gone.
        Assert.Equal(1, (await server.Editor.ReadAsync("/v1/imports?limit=500")).Body.GetProperty("data").EnumerateArray().Count(i => i.Id() == first.Body.Id()));
        Assert.Equal(10m, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task A_recorder_imports_contributions_of_its_own_organization_and_sees_no_other_imports()
    {
        var (donor, other, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        var own = await recorder.ImportedAsync("format=contributions", Importing.Sheet(donor, fund, "10"));
        Assert.Equal(("done", 1), (own.Text("state"), own.Count("created")));
        var others = await recorder.ImportedAsync("format=contributions", Importing.Sheet(other, fund, "10"));
        Assert.Equal("refused", others.Text("state"));
        Assert.Equal("forbidden", (await recorder.RowsAsync(others.Id())).Single().GetProperty("faults")[0].Text("code"));
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), await StatusOfAsync(recorder.ImportAsync("format=pledges", "x"u8.ToArray())));

        var editors = await server.Editor.ImportedAsync("format=contributions", Importing.Sheet(other, fund, "10"));
        foreach (var path in new[] { "", "/rows", "/differences", "/corrections" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await recorder.SendAsync(HttpMethod.Get, $"/v1/imports/{editors.Id()}{path}")).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await recorder.SendAsync(HttpMethod.Delete, $"/v1/imports/{editors.Id()}")).Status);
        Assert.DoesNotContain((await recorder.ReadAsync("/v1/imports?limit=500")).Body.GetProperty("data").EnumerateArray(), import => import.Id() == editors.Id());
        Assert.Equal(HttpStatusCode.OK, (await server.Editor.SendAsync(HttpMethod.Get, $"/v1/imports/{own.Id()}")).Status);
    }

    [Fact]
    public async Task It_can_be_cancelled_until_it_begins()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var over = await server.Editor.ImportedAsync("format=contributions", Importing.Sheet(donor, fund, "10"));
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), await StatusOfAsync(server.Editor.SendAsync(HttpMethod.Delete, $"/v1/imports/{over.Id()}")));

        // Another server has it, and has recorded no row yet.
        await using (var database = await server.Database.OpenAsync())
        {
            await database.ExecuteAsync($"UPDATE import SET state = 'applying', reached = 0, ended_at = NULL, worker = 'another', worker_until = '2099-01-01T00:00:00.000Z' WHERE id = '{over.Id()}'");
        }

        foreach (var _ in new[] { "once", "again" })
        {
            var cancelled = await server.Editor.SendAsync(HttpMethod.Delete, $"/v1/imports/{over.Id()}");
            Assert.Equal((HttpStatusCode.OK, "cancelled"), (cancelled.Status, cancelled.Body.Text("state")));
        }
    }

    [Theory]
    [InlineData("", "?format", "required")]
    [InlineData("format=xml", "?format", "not_one_of")]
    [InlineData("format=contributions&dataset=mine", "?dataset", "not_allowed")]
    [InlineData("format=fts-csv&complete=true", "?complete", "not_allowed")]
    [InlineData("format=contributions&mode=some", "?mode", "not_one_of")]
    [InlineData("format=contributions&dryrun=true", "?dryrun", "unknown_parameter")]
    public async Task A_bad_parameter_is_named(string query, string pointer, string code)
    {
        var reply = await server.Editor.ImportAsync(query, "x"u8.ToArray());
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal((pointer, code), (reply.Pointers.Single(), reply.Body.GetProperty("errors")[0].Text("code")));
    }

    [Fact]
    public async Task What_is_too_large_or_inflates_to_too_much_is_refused_while_it_is_read_and_leaves_nothing()
    {
        var before = (await server.Editor.ReadAsync("/v1/imports?count=true")).Body.GetProperty("count").GetInt32();
        // 64 MiB of spaces in some 64 KiB.
        var bomb = Importing.Gzipped(Encoding.UTF8.GetBytes("donorId,fundId,stage,amount,currency,date\r\n" + new string(' ', 64 << 20)));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), await StatusOfAsync(server.Editor.ImportAsync("format=contributions", bomb, coding: "gzip")));
        using var form = Importing.Form(null, ("a.csv.gz", bomb));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), await StatusOfAsync(server.Editor.ImportAsync("format=contributions", form)));
        foreach (var (file, coding) in new (byte[], string?)[] { ([], null), ("donorId,fundId"u8.ToArray(), "gzip"), (Importing.Gzipped("donorId"u8.ToArray())[..15], "gzip"), ("\"never closed"u8.ToArray(), null) })
        {
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_file"), await StatusOfAsync(server.Editor.ImportAsync("format=contributions", file, coding: coding)));
        }

        Assert.Equal(before, (await server.Editor.ReadAsync("/v1/imports?count=true")).Body.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_form_without_files_with_other_parts_or_a_bad_mapping_is_told()
    {
        using var empty = Importing.Form("{}");
        Assert.Equal(["/file"], (await server.Editor.ImportAsync("format=contributions", empty)).Pointers);
        using var wrong = Importing.Form("[1]", ("a.csv", "x"u8.ToArray()));
        Assert.Equal(["/mapping"], (await server.Editor.ImportAsync("format=contributions", wrong)).Pointers);
        using var other = Importing.Form(null);
        other.Add(new StringContent("x"), "attachment");
        Assert.Equal(["/attachment"], (await server.Editor.ImportAsync("format=contributions", other)).Pointers);
        using var broken = new ByteArrayContent("--b\r\nnothing"u8.ToArray());
        broken.Headers.Add("Content-Type", "multipart/form-data; boundary=b");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_file"), await StatusOfAsync(server.Editor.ImportAsync("format=contributions", broken)));
        using var again = Importing.Form("{}");
        again.Add(new StringContent("{}"), "mapping");
        Assert.Equal(["/mapping"], (await server.Editor.ImportAsync("format=contributions", again)).Pointers);
    }

    [Fact]
    public async Task What_the_ledger_refuses_is_told_of_a_cell_with_what_it_may_mean()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var paid = await server.Editor.ImportedAsync("format=contributions", Importing.Sheet(donor, fund, "10", "11"));
        var pledges = new List<string>();
        foreach (var row in await server.Editor.RowsAsync(paid.Id()))
        {
            pledges.Add((await server.Editor.ReadAsync($"/v1/contributions/{row.Text("recordId")}")).Body.Text("pledgeId")!);
        }

        var refused = await server.Editor.ImportedAsync("format=contributions&mode=per-row",
            $"donorId,fundId,stage,amount,currency,date,pledgeId\n{donor},{fund},refund,4,USD,2026-06-02,\n{donor},{fund},refund,400,USD,2026-06-02,\n");
        foreach (var language in (string[])["en", "ar"])
        {
            var faults = (await server.Editor.RowsAsync(refused.Id(), "lang=" + language)).ConvertAll(row => row.GetProperty("faults")[0]);
            Assert.Equal([("pledgeId", "G2", "conflict"), ("amount", "D3", "not_enough_then")], faults.Select(f => (f.Text("member"), f.Text("cell"), f.Text("code"))));
            Assert.All(pledges, id => Assert.Contains(id, faults[0].Text("text"), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_file_that_breaks_off_within_its_part_or_its_compression_leaves_nothing()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var before = (await server.Editor.ReadAsync("/v1/imports?count=true")).Body.GetProperty("count").GetInt32();
        var sheet = Encoding.UTF8.GetBytes(Importing.Sheet(donor, fund, [.. Enumerable.Range(1, 3000).Select(i => $"{i}")]));
        var packed = Importing.Gzipped(sheet);
        // Where a row ends it looks like a whole file.
        foreach (var left in (int[])[5, 15, packed.Length / 2, packed.Length - 9, packed.Length - 4])
        {
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_file"), await StatusOfAsync(server.Editor.ImportAsync("format=contributions", packed[..left], coding: "gzip")));
            using var part = Importing.Form(null, ("a.csv.gz", packed[..left]));
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_file"), await StatusOfAsync(server.Editor.ImportAsync("format=contributions", part)));
        }

        foreach (var (name, format, file) in new[] { ("file", "contributions", sheet), ("mapping", "contributions", "{"u8.ToArray()), ("file", "fts-json", "{\"data\":{\"flows\":["u8.ToArray()), ("file", "fts-csv", "id\n"u8.ToArray()) })
        {
            using var form = new ByteArrayContent([.. Encoding.UTF8.GetBytes($"--b\r\nContent-Disposition: form-data; name={name}; filename=a\r\n\r\n"), .. file]);
            form.Headers.Add("Content-Type", "multipart/form-data; boundary=b");
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_file"), await StatusOfAsync(server.Editor.ImportAsync("format=" + format, form)));
        }

        Assert.Equal(before, (await server.Editor.ReadAsync("/v1/imports?count=true")).Body.GetProperty("count").GetInt32());
    }

    private static async Task<(HttpStatusCode, string)> StatusOfAsync(Task<Reply> asked) => (await asked) is var reply ? (reply.Status, reply.Code) : default;
}
