using System.Text;
using PledgeTracker.Imports;
using PledgeTracker.Imports.Fts;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Imports;

/// <summary>Flows as they are read, from either format: what is right comes to the same, and what is wrong is named.</summary>
public sealed class FtsReaderTests
{
    private const string Json = """
        {"status":"ok","data":{"incoming":{"flowCount":1,"deep":[{"flows":[1]}]},"flows":[
        {"id":"211","amountUSD":1234.5,"budgetYear":"2019","childFlowIds":null,"contributionType":"financial","createdAt":"2020-01-01T04:25:36.467Z","date":"2020-03-19T00:00:00Z","decisionDate":"2020-03-10T00:00:00Z",
         "description":"Line one\nline \"two\", three","grandBargainEarmarkingType":["softly earmarked"],"exchangeRate":0.906,"firstReportedDate":"2020-03-27T00:00:00Z","flowType":"Standard","keywords":["b","a"],"newMoney":true,
         "originalAmount":1118.46,"originalCurrency":"EUR","method":"Traditional aid","parentFlowId":7,"status":"paid","versionId":1,
         "sourceObjects":[{"type":"Organization","id":"4537","name":"Japan, Government of","behavior":"single","organizationTypes":["Government"],"organizationSubTypes":["National government"]},{"type":"Location","id":"1","name":"Japan"},{"type":"UsageYear","id":"41","name":"2020"}],
         "destinationObjects":[{"type":"Organization","id":"1","name":"World Food Programme","organizationTypes":["UN agency"]},{"type":"Plan","id":"943","name":"3RP 2020","code":"RSYR20"},{"type":"Location","id":"114","name":"Jordan"},{"type":"Location","id":"107","name":"Iraq"},{"type":"Location","id":"9","name":"World"},
          {"type":"GlobalCluster","id":"3","name":"Health"},{"type":"Cluster","id":"33","name":"Health COVID-19"},{"type":"Emergency","id":"9","name":"Outbreak"},{"type":"UsageYear","id":"42","name":"2021"},{"type":"UsageYear","id":"41","name":"2020"},{"type":"Unheard of","id":"1","name":"x"}],
         "boundary":"incoming","onBoundary":"shared","reportDetails":[{"sourceType":"Primary"}],"refCode":"AB 1"}
        ]},"meta":{"language":"en","count":1}}
        """;

    private const string Header = "date,budgetYear,description,amountUSD,srcOrganization,srcOrganizationTypes,srcLocations,srcUsageYearStart,srcUsageYearEnd,destPlan,destPlanCode,destPlanId,destOrganization," +
        "destOrganizationTypes,destGlobalClusters,destLocations,destProject,destProjectCode,destEmergency,destUsageYearStart,destUsageYearEnd,contributionType,flowType,method,boundary,onBoundary,status,firstReportedDate," +
        "decisionDate,keywords,originalAmount,originalCurrency,exchangeRate,id,refCode,createdAt,updatedAt\r\n";

    private const string Tags = "#date,#date+year+budget,#description,#value,#org,#org,#country,#date,#date,#activity,#activity,#activity,#org,#org,#sector,#country,#activity,#activity,#crisis,#date,#date,#financial,#financial," +
        "#financial,#financial,#financial,#status,#date,#date,#description,#value,#value,#financial,#activity,#activity,#date,#date\r\n";

    private const string Row = "2020-03-19,2019,\"Line one\nline \"\"two\"\", three\",1234.5,\"Japan, Government of\",Governments,JPN,2020,2020,3RP 2020,RSYR20,943,World Food Programme,Multilateral Organizations,Health,\"IRQ,JOR\",,,Outbreak,2020,2021," +
        "financial,Standard,Traditional aid,incoming,shared,paid,2020-03-27,2020-03-10,\"a,b\",1118.46,EUR,0.906,211,AB 1,2020-01-01,2020-01-02\r\n";

    [Fact]
    public async Task The_same_flow_is_the_same_content_from_either_format_wherever_both_have_it()
    {
        var (json, csv) = (Flow(Assert.Single(await JsonAsync(Json))), Flow(Assert.Single(await CsvAsync(Header + Tags + Row))));
        // What numbers stand for is kept apart.
        Assert.NotEmpty(json.Numbers!);
        json = json with { Numbers = null };
        Assert.Equal(json.ToJson(), csv.WithWhatCsvLacks(json).ToJson());
        Assert.Equal("""{"id":"211","status":"paid","boundary":"incoming","onBoundary":"shared","amountUsd":1234.5,"originalAmount":1118.46,"originalCurrency":"EUR","exchangeRate":0.906,"date":"2020-03-19","decisionDate":"2020-03-10","firstReportedDate":"2020-03-27","budgetYear":"2019","flowType":"Standard","contributionType":"financial","method":"Traditional aid","keywords":["a","b"],"description":"Line one\nline \"two\", three","reference":"AB 1","from":{"organizations":[{"name":"Japan, Government of","type":"10"}],"countries":["JPN"],"firstYear":2020,"lastYear":2020},"to":{"organizations":[{"name":"World Food Programme","type":"40"}],"plans":[{"id":"943","name":"3RP 2020","code":"RSYR20"}],"countries":["IRQ","JOR"],"globalClusters":["Health"],"emergencies":["Outbreak"],"firstYear":2020,"lastYear":2021}}""",
            csv.ToJson());
        Assert.Equal((true, "7", "World", "softly earmarked"), (json.NewMoney, json.ParentFlowId, json.To.Regions!.Single(), json.Earmarking!.Single()));
        Assert.Equal(json.ToJson(), FtsFlow.Of(json.ToJson()).ToJson());
    }

    [Fact]
    public async Task Rows_are_found_by_their_columns_with_or_without_tags_and_line_ends_of_any_kind()
    {
        foreach (var file in new[] { Header + Row, Header + Tags + Row, "\uFEFF" + Header + Row, (Header + Row).Replace("\r\n", "\n", StringComparison.Ordinal), (Header + Tags + Row).TrimEnd() })
        {
            Assert.Equal("211", Flow(Assert.Single(await CsvAsync(file))).Id);
        }

        // In another order, and without what is not needed.
        var few = Flow(Assert.Single(await CsvAsync("status,id,onBoundary,boundary,amountUSD\r\npledge,5,single,incoming,-3\r\n")));
        Assert.Equal(("5", "pledge", -3m, null), (few.Id, few.Status, few.AmountUsd, few.To.Countries));
        Assert.Equal([2, 3], (await CsvAsync(Header + Row + Row)).ConvertAll(row => row.Line));
    }

    [Theory]
    [InlineData("amountUSD,status,boundary,onBoundary\r\n", "id")]
    [InlineData("id,id,amountUSD,status,boundary,onBoundary\r\n", "id")]
    [InlineData("", "nothing")]
    [InlineData("id,amountUSD,status,boundary,onBoundary\r\n1,2,paid,incoming,\"single\r\n", "row 2")]
    [InlineData("id,amountUSD,status,boundary,onBoundary\r\n1,2,pa\"id,incoming,single\r\n", "row 2")]
    public async Task A_file_that_is_no_CSV_of_flows_is_told_where(string file, string told)
    {
        var refused = await Assert.ThrowsAsync<Refused>(() => CsvAsync(file));
        Assert.Equal("invalid_file", refused.Code);
        Assert.Contains(told, refused.Detail!.En, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Detail.Ar!);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_told_of_either_format()
    {
        var csv = Encoding.Latin1.GetBytes("id,amountUSD,status,boundary,onBoundary,description\r\n1,2,paid,incoming,single,\u00E9\u00E8\r\n");
        Assert.Equal("invalid_file", (await Assert.ThrowsAsync<Refused>(() => ReadAsync(FtsCsv.ReadAsync, csv))).Code);
        var json = Encoding.Latin1.GetBytes(Json.Replace("AB 1", "\u00E9\u00E8", StringComparison.Ordinal));
        try
        {
            Assert.Contains(Assert.Single(await ReadAsync(FtsJson.ReadAsync, json)).Faults, fault => fault.Member == "refCode");
        }
        catch (Refused refused)
        {
            Assert.Equal("invalid_file", refused.Code);
        }
    }

    [Theory]
    [InlineData("\"amountUSD\":1234.5", "\"amountUSD\":\"much\"", "amountUSD", "invalid_amount")]
    [InlineData("\"amountUSD\":1234.5", "\"amountUSD\":1e400", "amountUSD", "wrong_type")]
    [InlineData("\"amountUSD\":1234.5", "\"amountUSD\":99999999999999", "amountUSD", "invalid_amount")]
    [InlineData("\"amountUSD\":1234.5", "\"amountUSD\":null", "amountUSD", "required")]
    [InlineData("\"status\":\"paid\"", "\"status\":\"given\"", "status", "not_one_of")]
    [InlineData("\"id\":\"211\"", "\"id\":[211]", "id", "wrong_type")]
    [InlineData("\"date\":\"2020-03-19T00:00:00Z\"", "\"date\":\"2020-02-30\"", "date", "invalid_date")]
    [InlineData("\"newMoney\":true", "\"newMoney\":\"yes\"", "newMoney", "wrong_type")]
    [InlineData("\"sourceObjects\":[", "\"sourceObjects\":[5,", "sourceObjects/0", "wrong_type")]
    [InlineData("\"name\":\"2021\"", "\"name\":\"soon\"", "destinationObjects/8/name", "out_of_range")]
    [InlineData("\"keywords\":[\"b\",\"a\"]", "\"keywords\":[{}]", "keywords/0", "wrong_type")]
    [InlineData("\"refCode\":\"AB 1\"", "\"refCode\":\"\\ud800\"", "refCode", "invalid_text")]
    public async Task What_is_wrong_with_a_flow_is_named_by_its_member(string was, string sent, string member, string code)
    {
        Assert.Contains(was, Json, StringComparison.Ordinal);
        var row = Assert.Single(await JsonAsync(Json.Replace(was, sent, StringComparison.Ordinal)));
        Assert.Null(row.Content);
        Assert.Contains((member, code), row.Faults.Select(fault => (fault.Member, fault.Code)));
        Assert.All(row.Faults, fault => Assert.NotEmpty(fault.Text.Ar!));
    }

    [Fact]
    public async Task A_page_that_breaks_off_anywhere_is_told_with_its_line_and_gives_no_row_that_is_not_whole()
    {
        var bytes = Encoding.UTF8.GetBytes(Json.TrimEnd());
        for (var length = 1; length < bytes.Length; length += 13)
        {
            var rows = new List<ReadRow>();
            var refused = await Assert.ThrowsAsync<Refused>(async () =>
            {
                await foreach (var row in FtsJson.ReadAsync(FilesAsync(bytes[..length]), new ImportReport(), CancellationToken.None))
                {
                    rows.Add(row);
                }
            });
            Assert.Equal("invalid_file", refused.Code);
            Assert.Contains("line ", refused.Detail!.En, StringComparison.Ordinal);
            Assert.All(rows, row => Assert.Empty(row.Faults));
        }
    }

    [Theory]
    [InlineData("""{"data":{"flow":[]}}""")]
    [InlineData("""[]""")]
    [InlineData("""{"data":{"flows":{}}}""")]
    [InlineData("""{"status":"error","message":"no"}""")]
    [InlineData("null")]
    public async Task What_has_no_list_of_flows_is_told(string page) => Assert.Equal("invalid_file", (await Assert.ThrowsAsync<Refused>(() => JsonAsync(page))).Code);

    [Fact]
    public async Task Nesting_without_end_is_no_flow()
    {
        var deep = Json.Replace("\"refCode\":\"AB 1\"", $"\"refCode\":{new string('[', 5000)}{new string(']', 5000)}", StringComparison.Ordinal);
        Assert.Equal("invalid_file", (await Assert.ThrowsAsync<Refused>(() => JsonAsync(deep))).Code);
    }

    [Theory]
    [InlineData(new[] { 1 }, 3, false, false)]
    [InlineData(new[] { 1 }, 4, false, true)]
    [InlineData(new[] { 1 }, 3, true, true)]
    [InlineData(new[] { 1, 2 }, 6, false, false)]
    [InlineData(new[] { 1, 2 }, 7, false, true)]
    [InlineData(new[] { 1, 1 }, 6, false, true)]
    [InlineData(new[] { 1, 1, 3 }, 9, false, true)]
    [InlineData(new[] { 1, 1, 2 }, 6, false, false)]
    public async Task Pages_say_whether_they_are_all(int[] numbers, int count, bool lastGoesOn, bool isIncomplete)
    {
        var report = new ImportReport();
        var pages = numbers.Select((number, i) => Page(number * 10, 3, count, goesOn: i < numbers.Length - 1 || lastGoesOn)).ToArray();
        await foreach (var row in FtsJson.ReadAsync(FilesAsync([.. pages.Select(Encoding.UTF8.GetBytes)]), report, CancellationToken.None))
        {
            Assert.Empty(row.Faults);
        }

        Assert.Equal(isIncomplete, report.IsIncomplete);
    }

    [Fact]
    public async Task An_overview_of_plans_behind_a_page_that_goes_on_is_not_the_rest()
    {
        var report = new ImportReport();
        string[] pages = [Page(1, 3, 6, goesOn: true), """{"data":{"plans":[]}}"""];
        await foreach (var row in FtsJson.ReadAsync(FilesAsync([.. pages.Select(Encoding.UTF8.GetBytes)]), report, CancellationToken.None))
        {
            Assert.Empty(row.Faults);
        }

        Assert.True(report.IsIncomplete);
    }

    [Fact]
    public async Task A_large_page_is_never_in_memory_as_a_whole()
    {
        var flow = Json[Json.IndexOf("{\"id\":\"211\"", StringComparison.Ordinal)..(Json.IndexOf("]},\"meta\"", StringComparison.Ordinal))].Trim();
        var (page, rows) = (new Repeated("{\"data\":{\"flows\":[", flow + ",", 3000, flow + "]}}"), 0);
        await foreach (var row in FtsJson.ReadAsync(FileAsync(page), new ImportReport(), CancellationToken.None))
        {
            Assert.Empty(row.Faults);
            // What was read and is not told yet.
            Assert.InRange(page.Given - (rows++ * (Encoding.UTF8.GetByteCount(flow) + 1)), 0, 1 << 17);
        }

        Assert.Equal(3001, rows);
    }

    [Fact]
    public async Task What_nobody_sees_is_taken_out_and_what_is_too_long_is_cut_with_a_note()
    {
        var row = Assert.Single(await JsonAsync(Json.Replace("AB 1", "A\\u0002B\\t" + new string('x', 300), StringComparison.Ordinal).Replace("World Food Programme", "World\\u202e Food\\n" + new string('y', 400), StringComparison.Ordinal)));
        Assert.Empty(row.Faults);
        Assert.Equal(["destinationObjects/0/name", "destinationObjects/0/name", "refCode", "refCode"], row.Notes.Select(note => note.Member).Order(StringComparer.Ordinal));
        var flow = Flow(row);
        Assert.Equal("AB " + new string('x', 197), flow.Reference);
        Assert.Equal(300, flow.To.Organizations![0].Name.Length);
        Assert.StartsWith("World Food y", flow.To.Organizations[0].Name, StringComparison.Ordinal);
    }

    private static string Page(int first, int flows, int count, bool goesOn)
    {
        var list = string.Join(',', Enumerable.Range(first, flows).Select(i => $$"""{"id":{{i}},"amountUSD":{{i}},"status":"paid","boundary":"incoming","onBoundary":"single"}"""));
        return $"{{\"data\":{{\"flows\":[{list}]}},\"meta\":{{\"count\":{count}{(goesOn ? ",\"nextLink\":\"https://example.org\"" : "")}}}}}";
    }

    private static FtsFlow Flow(ReadRow row)
    {
        Assert.Empty(row.Faults);
        return FtsFlow.Of(row.Content!);
    }

    private static Task<List<ReadRow>> JsonAsync(string page) => ReadAsync(FtsJson.ReadAsync, Encoding.UTF8.GetBytes(page));

    private static Task<List<ReadRow>> CsvAsync(string file) => ReadAsync(FtsCsv.ReadAsync, Encoding.UTF8.GetBytes(file));

    private static async Task<List<ReadRow>> ReadAsync(Func<IAsyncEnumerable<ImportFile>, ImportReport, CancellationToken, IAsyncEnumerable<ReadRow>> read, byte[] file)
    {
        var rows = new List<ReadRow>();
        await foreach (var row in read(FilesAsync(file), new ImportReport(), CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }

    private static async IAsyncEnumerable<ImportFile> FilesAsync(params byte[][] files)
    {
        foreach (var file in files)
        {
            await foreach (var one in FileAsync(new Trickle(file)))
            {
                yield return one;
            }
        }
    }

    private static async IAsyncEnumerable<ImportFile> FileAsync(Stream content)
    {
        await Task.Yield();
        yield return new ImportFile("1", "application/octet-stream", content);
    }

    // A file that arrives in bits and pieces.
    private sealed class Trickle(byte[] file) : MemoryStream(file)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(buffer.Length, 37)], cancellationToken);
    }

    // A text, and another many times.
    private sealed class Repeated(string first, string again, int times, string last) : Stream
    {
        private readonly byte[] _again = Encoding.UTF8.GetBytes(again);
        private byte[] _now = Encoding.UTF8.GetBytes(first);
        private int _at;
        private int _given;

        public int Given { get; private set; }


        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_at == _now.Length && _given <= times)
            {
                _now = _given++ < times ? _again : Encoding.UTF8.GetBytes(last);
                _at = 0;
            }

            var read = Math.Min(count, _now.Length - _at);
            _now.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
            _at += read;
            Given += read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
