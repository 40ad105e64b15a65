using System.Net;
using System.Security.Cryptography;
using System.Text;
using PledgeTracker.Tests.Db;

namespace PledgeTracker.Tests.Exports;

/// <summary>What a bundle is, and what becomes of one that is not as it was written. That it moves every answer to the other engine and back, the golden conversations show.</summary>
public sealed class BundleTests(TestServer server) : IClassFixture<TestServer>, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;

    private string Whole => Path.Combine(_folder, "whole.jsonl");

    public async ValueTask InitializeAsync() => Assert.Equal(0, (await Bundles.ExportAsync(server.Connection, Whole)).ExitCode);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_altered_or_shortened_bundle_leaves_an_empty_database_and_names_the_line()
    {
        var whole = await File.ReadAllLinesAsync(Whole, TestContext.Current.CancellationToken);
        var random = new Random(20261127);
        await using var empty = new TestServer { Seed = "none" };
        await empty.Database.CreateAsync();
        for (var i = 0; i < 60; i++)
        {
            var at = random.Next(whole.Length);
            var line = whole[at];
            var place = random.Next(line.Length);
            string[] damaged = (i % 6) switch
            {
                0 => [.. whole[..at], string.Concat(line.AsSpan(0, place), line[place] == '0' ? "1" : "0", line.AsSpan(place + 1)), .. whole[(at + 1)..]],
                1 => [.. whole[..at], line.Remove(place, 1), .. whole[(at + 1)..]],
                2 => [.. whole[..at], line.Insert(place, " "), .. whole[(at + 1)..]],
                // A line that is gone: the next one does not follow; behind the last one there is none.
                3 => [.. whole[..at], .. whole[(at + 1)..]],
                4 => [.. whole[..at], line[..place]],
                _ => [.. whole[..(at + 1)], line, .. whole[(at + 1)..]],
            };
            await RefusedAsync(empty, damaged, i % 6 == 5 ? at + 2 : at + 1);
        }

        await RefusedAsync(empty, [.. whole, whole[^1]], whole.Length + 1);
        await RefusedAsync(empty, whole[..^1], whole.Length, "the file ends");
        await RefusedAsync(empty, [], 1, "empty");
        await RefusedAsync(empty, ["id,name", .. whole], 1, "no bundle");
        // Nothing of all that is there: the whole one goes in.
        Assert.Equal(0, (await Bundles.ImportAsync(Whole, empty.Connection)).ExitCode);
        await empty.AssertCleanAsync();
        Assert.Equal(0, (await empty.VerifyAsync()).ExitCode);
    }

    [Fact]
    public async Task Of_a_compressed_bundle_that_is_cut_off_the_line_is_named_too()
    {
        var file = Path.Combine(_folder, "whole.jsonl.gz");
        Assert.Equal(0, (await Bundles.ExportAsync(server.Connection, file)).ExitCode);
        Assert.Equal(await File.ReadAllTextAsync(Whole, TestContext.Current.CancellationToken), Bundles.Unpacked(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)));
        await using var empty = new TestServer { Seed = "none" };
        await empty.Database.CreateAsync();
        var cut = Path.Combine(_folder, "cut.jsonl.gz");
        await File.WriteAllBytesAsync(cut, (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))[..^4000], TestContext.Current.CancellationToken);
        var refused = await Bundles.ImportAsync(cut, empty.Connection);
        Assert.Equal(1, refused.ExitCode);
        Assert.Matches(@"Line \d{3,}: ", refused.Error);
        Assert.Equal(2, (await empty.VerifyAsync()).ExitCode);
    }

    [Fact]
    public async Task A_bundle_of_a_newer_version_is_refused_with_words()
    {
        await using var empty = new TestServer { Seed = "none" };
        await empty.Database.CreateAsync();
        var whole = await File.ReadAllTextAsync(Whole, TestContext.Current.CancellationToken);
        await RefusedAsync(empty, [whole.Replace("\"version\":1,", "\"version\":7,\"unheardOf\":true,", StringComparison.Ordinal)], 1, "version 7, which a newer version of the program wrote; this one knows version 1");
    }

    [Fact]
    public async Task A_bundle_whose_row_the_ledger_does_not_take_is_refused_by_its_line_even_where_its_checks_are_right()
    {
        var whole = await File.ReadAllLinesAsync(Whole, TestContext.Current.CancellationToken);
        var at = Array.FindIndex(whole, line => line.StartsWith("""{"ledger_entry":""", StringComparison.Ordinal));
        await using var empty = new TestServer { Seed = "none" };
        await empty.Database.CreateAsync();
        foreach (var (from, to) in new[] { ("\"kind\":\"pledge\"", "\"kind\":\"gift\""), ("\"pledgeNo\":", "\"pledgeNo\":9"), ("\"no\":", "\"number\":"), ("\"amountMinor\":", "\"amountMinor\":0.5,\"x\":") })
        {
            var altered = whole.ToArray();
            Assert.Contains(from, altered[at]);
            altered[at] = altered[at].Replace(from, to, StringComparison.Ordinal);
            await RefusedAsync(empty, Checked(altered), at + 1);
        }
    }

    [Fact]
    public async Task What_no_rule_can_be_made_of_is_refused_in_words_even_where_its_checks_are_right()
    {
        var whole = await File.ReadAllLinesAsync(Whole, TestContext.Current.CancellationToken);
        await using var empty = new TestServer { Seed = "none" };
        await empty.Database.CreateAsync();
        (string Table, string From, string To, string Why)[] lies =
        [
            ("bundle", "\"version\":1", "\"version\":0", "Line 1: "),
            ("bundle", "\"fund\":", "\"fund\":-", "Line 1: "),
            ("bundle", "\"fund\":", "\"fund\":922337203685477580", "Line 1: "),
            // What another row of its own table must be there for is known when all of them are.
            ("fund", "\"kind\":", "\"parentId\":\"nobody\",\"kind\":", "Line "),
            ("fund", "\"aliases\":[]", "\"aliases\":7", "It is not whole: "),
            ("pledge", "\"instalments\":[]", "\"instalments\":{}", "It is not whole: "),
            ("pledge", "\"usageYears\":[]", "\"usageYears\":[\"soon\"]", "It is not whole: "),
            ("source", "\"version\":", "\"version\":9999", "It is not whole: change"),
        ];
        foreach (var (table, from, to, why) in lies)
        {
            var at = Array.FindIndex(whole, line => line.StartsWith($"{{\"{table}\":", StringComparison.Ordinal) && line.Contains(from, StringComparison.Ordinal));
            Assert.True(at >= 0, $"{table} {from}");
            var altered = whole.ToArray();
            altered[at] = altered[at].Replace(from, to, StringComparison.Ordinal);
            await RefusedAsync(empty, Checked(altered), why == "Line " ? at + 1 : null, why);
        }

        await RefusedAsync(empty, Checked([whole[0], "x,\"check\":\"\"}"]), 2);
    }

    [Fact]
    public async Task A_line_without_end_costs_no_memory_and_is_refused()
    {
        await using var empty = new TestServer { Seed = "none" };
        await empty.Database.CreateAsync();
        var first = (await File.ReadAllLinesAsync(Whole, TestContext.Current.CancellationToken))[0];
        await RefusedAsync(empty, [first, new string('a', 40_000_000)], 2, "longer than any row");
    }

    [Fact]
    public async Task A_file_whose_name_does_not_say_what_it_is_is_refused_with_what_to_do()
    {
        var packed = Path.Combine(_folder, "whole.jsonl.gz");
        Assert.Equal(0, (await Bundles.ExportAsync(server.Connection, packed)).ExitCode);
        var (plain, compressed) = (Path.Combine(_folder, "plain.gz"), Path.Combine(_folder, "compressed.jsonl"));
        File.Copy(Whole, plain);
        File.Copy(packed, compressed);
        await using var empty = new TestServer { Seed = "none" };
        await empty.Database.CreateAsync();
        Assert.Contains("Line 1: what is compressed is cut off or not as it was written, or the file is not compressed", (await Bundles.ImportAsync(plain, empty.Connection)).Error);
        Assert.Contains("Line 1: it is compressed: give it a name that ends in .gz", (await Bundles.ImportAsync(compressed, empty.Connection)).Error);
    }

    [Fact]
    public async Task An_export_writes_over_what_a_killed_one_left_and_not_into_one_that_goes_on()
    {
        var file = Path.Combine(_folder, "again.jsonl");
        await using (var goesOn = new FileStream(file + ".part", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await goesOn.WriteAsync("half"u8.ToArray(), TestContext.Current.CancellationToken);
            Assert.Equal(1, (await Bundles.ExportAsync(server.Connection, file)).ExitCode);
        }

        Assert.Equal("half", await File.ReadAllTextAsync(file + ".part", TestContext.Current.CancellationToken));
        Assert.Equal(0, (await Bundles.ExportAsync(server.Connection, file)).ExitCode);
        Assert.False(File.Exists(file + ".part"));
        Assert.Equal(await File.ReadAllTextAsync(Whole, TestContext.Current.CancellationToken), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_bundle_goes_into_an_empty_database_only_and_never_over_a_file()
    {
        await using var filled = new TestServer();
        await filled.InitializeAsync();
        var version = await filled.VersionAsync();
        var refused = await Bundles.ImportAsync(Whole, filled.Connection);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"It is not empty (its last change is {version})", refused.Error);
        await filled.AssertCleanAsync();
        var again = await Bundles.ExportAsync(server.Connection, Whole);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("is there already", again.Error);
        Assert.Equal(1, (await Bundles.ImportAsync(Path.Combine(_folder, "nothing.jsonl"), filled.Connection)).ExitCode);
    }

    [Fact]
    public async Task Keys_and_kept_answers_stay_out()
    {
        await using var kept = new TestServer();
        await kept.InitializeAsync();
        using var editor = await kept.ClientAsync("editor");
        var made = await editor.SendAsync(HttpMethod.Post, "/v1/funds", """{"id": "kept", "name": {"en": "Kept"}, "kind": "appeal"}""", ("Idempotency-Key", "a-key-of-a-retry"));
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var file = Path.Combine(_folder, "kept.jsonl");
        Assert.Equal(0, (await Bundles.ExportAsync(kept.Connection, file)).ExitCode);
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("\"kept\"", text);
        Assert.DoesNotContain("a-key-of-a-retry", text);
        Assert.DoesNotContain("api_key", text);
        await using var outside = await kept.OpenDatabaseAsync();
        foreach (var secret in outside.Query<byte[]>("SELECT secret_sha256 FROM api_key"))
        {
            Assert.DoesNotContain(Convert.ToHexString(secret), text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(secret), text);
        }
    }

    /// <summary>The lines with the checks of what they say now.</summary>
    private static string[] Checked(string[] lines)
    {
        byte[] above = [];
        return [.. lines.Select(line =>
        {
            var told = line[..line.LastIndexOf(",\"check\"", StringComparison.Ordinal)];
            above = SHA256.HashData([.. above, .. Encoding.UTF8.GetBytes(told)]);
            return $"{told},\"check\":\"{Convert.ToHexStringLower(above)[..16]}\"}}";
        })];
    }

    /// <param name="at">The line that is named; null where none is.</param>
    private async Task RefusedAsync(TestServer empty, IEnumerable<string> lines, int? at, string why = "")
    {
        var file = Path.Combine(_folder, "damaged.jsonl");
        await File.WriteAllTextAsync(file, string.Concat(lines.Select(line => line + '\n')));
        var refused = await Bundles.ImportAsync(file, empty.Connection);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(at is null ? "" : $"Line {at}: ", refused.Error);
        Assert.Contains(why, refused.Error);
        Assert.DoesNotContain("   at ", refused.Error);
        Assert.Equal(2, (await empty.VerifyAsync()).ExitCode);
    }
}
