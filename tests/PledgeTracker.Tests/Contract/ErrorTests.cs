using System.Text.Json;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Contract;

public sealed partial class ErrorTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task No_route_answers_an_error_without_a_problem_document()
    {
        var (_, operations) = await Operation.AllAsync(server);
        var methodsByPath = operations.ToLookup(o => Hole().Replace(o.Path, "no-such-thing"), o => o.Verb.Method);
        var reads = operations.Where(o => o.Statuses.Contains(406)).Select(o => Hole().Replace(o.Path, "no-such-thing")).ToHashSet();
        foreach (var path in methodsByPath)
        {
            foreach (var method in new[] { "GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND" })
            {
                var answer = await server.AskAsync(path.Key + "?no-such-parameter=1", HttpMethod.Parse(method));
                if (path.Contains(method))
                {
                    AssertRefused(answer, method == "GET" ? [400, 401] : [400, 401, 403, 404, 415]);
                }
                else if (method == "GET" && path.Key.EndsWith("/batch", StringComparison.Ordinal))
                {
                    // To a reader that is an id like any other.
                    AssertRefused(answer, [400]);
                }
                else
                {
                    Asking.AssertProblem(answer, 405, "method_not_allowed");
                    // HEAD is mapped nowhere and works wherever GET does.
                    var allowed = path.Contains("GET") || path.Key.EndsWith("/batch", StringComparison.Ordinal) ? path.Append("GET").Append("HEAD").Distinct() : path;
                    Assert.Equal(allowed.Order(StringComparer.Ordinal), answer.Header("Allow")!.Split(", ").Order(StringComparer.Ordinal));
                }
            }

            if (path.Contains("GET"))
            {
                if (path.Key.Contains("no-such-thing", StringComparison.Ordinal))
                {
                    AssertRefused(await server.AskAsync(path.Key), [404, 401]);
                }

                if (reads.Contains(path.Key))
                {
                    AssertRefused(await server.AskAsync(path.Key, null, ("Accept", "text/xml")), [406, 401]);
                }
            }

            Asking.AssertProblem(await server.AskAsync(path.Key + "/no/such/path"), 404, "not_found");
        }

        Assert.True(methodsByPath.Count >= 22);
    }

    private static void AssertRefused(Answer answer, int[] statuses)
    {
        Assert.Contains(answer.Status, statuses);
        Asking.AssertProblem(answer, answer.Status, answer.Json.Text("code")!);
    }

    [Fact]
    public async Task Every_operation_documents_its_errors_as_problem_documents()
    {
        foreach (var operation in (await Operation.AllAsync(server)).Operations)
        {
            var errors = operation.Definition.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] is '4' or '5').ToList();
            Assert.NotEmpty(errors);
            Assert.All(errors, error =>
            {
                var content = Assert.Single(error.Value.GetProperty("content").EnumerateObject());
                Assert.Equal("application/problem+json", content.Name);
                Assert.Equal("#/components/schemas/Problem", content.Value.GetProperty("schema").Text("$ref"));
            });
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v2")]
    [InlineData("/v2/pledges")]
    [InlineData("/v1/pledge")]
    [InlineData("/v1/pledges/019b76da-a800-844b-a7f2-9db8a44d5fb6/ledgers")]
    [InlineData("/v1/%D8%AA%D8%B9%D9%87%D8%AF")]
    public async Task An_unknown_path_is_not_found(string path)
    {
        // The root may lead somewhere useful instead.
        var answer = await server.AskAsync(path);
        if (path == "/" && answer.Status is >= 300 and < 400)
        {
            Assert.NotNull(answer.Header("Location"));
            return;
        }

        Asking.AssertProblem(answer, 404, "not_found");
    }

    [Theory]
    [InlineData("donors", "donor")]
    [InlineData("Donor", "donor")]
    [InlineData("fnud", "fund")]
    [InlineData("announcedfrom", "announcedFrom")]
    [InlineData("minAmountUSD", "minAmountUsd")]
    [InlineData("page", null)]
    [InlineData("foo", null)]
    public async Task An_unknown_parameter_is_refused_and_the_nearest_named_where_it_is_near(string sent, string? nearest)
    {
        var problem = await server.RefusesAsync($"/v1/pledges?{sent}=usa", $"?{sent}", "unknown_parameter");
        var detail = problem.GetProperty("errors")[0].Text("detail")!;
        Assert.Contains(nearest is null ? "There is no such parameter. Known:" : $"Did you mean {nearest}?", detail, StringComparison.Ordinal);
        Assert.Contains("announcedFrom", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_takes_no_parameters_says_so()
    {
        var problem = await server.RefusesAsync("/version?lang=ar", "?lang", "unknown_parameter");
        Assert.DoesNotContain("Did you mean", problem.GetProperty("errors")[0].Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=0", "limit", "out_of_range")]
    [InlineData("limit=501", "limit", "out_of_range")]
    [InlineData("limit=abc", "limit", "out_of_range")]
    [InlineData("limit=-1", "limit", "out_of_range")]
    [InlineData("limit=1.5", "limit", "out_of_range")]
    [InlineData("limit=", "limit", "out_of_range")]
    [InlineData("limit=99999999999999999999", "limit", "out_of_range")]
    [InlineData("cursor=abc", "cursor", "invalid_cursor")]
    [InlineData("cursor=", "cursor", "invalid_cursor")]
    [InlineData("cursor=%D8%AA", "cursor", "invalid_cursor")]
    [InlineData("cursor=!!!!", "cursor", "invalid_cursor")]
    [InlineData("count=yes", "count", "invalid_boolean")]
    [InlineData("lang=fr", "lang", "not_one_of")]
    [InlineData("lang=AR", "lang", "not_one_of")]
    public async Task Every_list_refuses_a_bad_value_of_what_all_lists_take(string query, string parameter, string code)
    {
        var pledge = (await server.AllAsync("/v1/pledges"))[0].Id();
        foreach (var list in await server.ListsAsync(pledge))
        {
            await server.RefusesAsync($"{list.Path}?{query}", $"?{parameter}", code);
        }
    }

    [Fact]
    public async Task Every_filter_of_every_list_refuses_an_empty_value_and_a_value_sent_twice()
    {
        var pledge = (await server.AllAsync("/v1/pledges"))[0].Id();
        foreach (var list in await server.ListsAsync(pledge))
        {
            foreach (var parameter in list.Parameters)
            {
                var empty = Asking.AssertProblem(await server.AskAsync($"{list.Path}?{parameter.Name}="), 400, "invalid_request");
                Assert.Equal($"?{parameter.Name}", empty.GetProperty("errors")[0].Text("pointer"));
                await server.RefusesAsync($"{list.Path}?{parameter.Name}=1&{parameter.Name}=1", $"?{parameter.Name}", "repeated");
            }
        }
    }

    [Theory]
    [InlineData("/v1/pledges?announcedFrom=2018-02-30", "announcedFrom", "invalid_date")]
    [InlineData("/v1/pledges?announcedTo=2018-6-1", "announcedTo", "invalid_date")]
    [InlineData("/v1/pledges?announcedTo=01/02/2018", "announcedTo", "invalid_date")]
    [InlineData("/v1/pledges?announcedTo=2018-02-14T00:00:00Z", "announcedTo", "invalid_date")]
    [InlineData("/v1/contributions?from=yesterday", "from", "invalid_date")]
    [InlineData("/v1/contributions?to=2018-13-01", "to", "invalid_date")]
    [InlineData("/v1/shortfalls?statedFrom=2018-02-30", "statedFrom", "invalid_date")]
    [InlineData("/v1/shortfalls?statedTo=0000-00-00", "statedTo", "invalid_date")]
    [InlineData("/v1/events?from=2018-02-30", "from", "invalid_date")]
    [InlineData("/v1/indicators?to=2018-02-30", "to", "invalid_date")]
    [InlineData("/v1/pledges?donor=USA", "donor", "invalid_id")]
    [InlineData("/v1/pledges?donor=us%20a", "donor", "invalid_id")]
    [InlineData("/v1/pledges?fund=-ffs", "fund", "invalid_id")]
    [InlineData("/v1/contributions?pledge=7", "pledge", "invalid_id")]
    [InlineData("/v1/pledges?country=IQ", "country", "unknown_code")]
    [InlineData("/v1/pledges?country=irq", "country", "unknown_code")]
    [InlineData("/v1/pledges?currency=XXX", "currency", "unknown_code")]
    [InlineData("/v1/pledges?status=done", "status", "not_one_of")]
    [InlineData("/v1/pledges?instrument=gift", "instrument", "not_one_of")]
    [InlineData("/v1/pledges?origin=all", "origin", "not_one_of")]
    [InlineData("/v1/pledges?overdue=1", "overdue", "invalid_boolean")]
    [InlineData("/v1/pledges?minAmountUsd=-1", "minAmountUsd", "invalid_amount")]
    [InlineData("/v1/pledges?minAmountUsd=1.005", "minAmountUsd", "invalid_amount")]
    [InlineData("/v1/pledges?maxAmountUsd=1e9", "maxAmountUsd", "invalid_amount")]
    [InlineData("/v1/pledges?maxAmountUsd=10000000000000", "maxAmountUsd", "invalid_amount")]
    [InlineData("/v1/pledges?maxAmountUsd=NaN", "maxAmountUsd", "invalid_amount")]
    [InlineData("/v1/pledges?sort=amount", "sort", "not_one_of")]
    [InlineData("/v1/pledges?sort=%2BamountUsd", "sort", "not_one_of")]
    [InlineData("/v1/pledges?q=%E2%80%8F", "q", "invalid_text")]
    [InlineData("/v1/donors?q=%E2%80%8F", "q", "invalid_text")]
    [InlineData("/v1/organizations?q=%E2%80%8F", "q", "invalid_text")]
    [InlineData("/v1/funds?q=%E2%80%8F", "q", "invalid_text")]
    [InlineData("/v1/events?q=%E2%80%8F", "q", "invalid_text")]
    [InlineData("/v1/sources?q=%E2%80%8F", "q", "invalid_text")]
    [InlineData("/v1/donors?type=99", "type", "not_one_of")]
    [InlineData("/v1/shortfalls?basis=guessed", "basis", "not_one_of")]
    [InlineData("/v1/sources?reliability=high", "reliability", "not_one_of")]
    [InlineData("/v1/funds?kind=bank", "kind", "not_one_of")]
    public async Task A_bad_value_is_refused_where_it_stands(string path, string parameter, string code) => await server.RefusesAsync(path, $"?{parameter}", code);

    [Theory]
    [InlineData("%FF")]
    [InlineData("caf%C3")]
    [InlineData("%C3%28")]
    [InlineData("%ED%A0%80")]
    [InlineData("%D8%AA%D8")]
    public async Task A_value_that_cannot_be_decoded_is_refused_and_not_searched_for(string value)
    {
        foreach (var path in new[] { "/v1/pledges", "/v1/donors", "/v1/funds", "/v1/sources" })
        {
            await server.RefusesAsync($"{path}?limit=1&q={value}", "?q", "invalid_encoding");
        }

        await server.RefusesAsync($"/v1/pledges?donor={value}", "?donor", "invalid_encoding");
        // No value at all is what is said of what is not there.
        Asking.AssertProblem(await server.AskAsync($"/v1/no-such-path?q={value}"), 404, "not_found");
        Asking.AssertProblem(await server.AskAsync($"/v1/funds?q={value}", HttpMethod.Delete), 405, "method_not_allowed");
    }

    [Theory]
    [InlineData("%zz")]
    [InlineData("100%")]
    public async Task A_percent_sign_that_begins_no_escape_is_refused(string value)
    {
        // Otherwise the client would mend it.
        var address = new Uri($"{server.Client.BaseAddress}v1/pledges?q={value}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var response = await server.Client.GetAsync(address, TestContext.Current.CancellationToken);
        var refused = await response.ToReplyAsync();
        Assert.Equal((400, "?q"), ((int)refused.Status, Assert.Single(refused.Pointers)));
    }

    [Theory]
    [InlineData("100%25")]
    [InlineData("%25FF+fund")]
    [InlineData("%D8%AA%D8%B9%D9%87%D8%AF")]
    [InlineData("a%20b")]
    public async Task What_can_be_decoded_is_searched_for(string value) => await server.GetAsync($"/v1/pledges?q={value}");

    [Fact]
    public async Task A_range_of_any_list_that_ends_before_it_begins_is_refused()
    {
        var pledge = (await server.AllAsync("/v1/pledges"))[0].Id();
        var ranges = 0;
        foreach (var list in await server.ListsAsync(pledge))
        {
            foreach (var (from, to, less, more, code) in new[]
            {
                ("from", "to", "2018-02-13", "2018-02-14", "date_out_of_range"), ("announcedFrom", "announcedTo", "2018-02-13", "2018-02-14", "date_out_of_range"),
                ("statedFrom", "statedTo", "2018-02-13", "2018-02-14", "date_out_of_range"), ("minAmountUsd", "maxAmountUsd", "1", "1.01", "out_of_range"),
            })
            {
                if (list.Parameters.Any(p => p.Name == to))
                {
                    ranges++;
                    await server.RefusesAsync($"{list.Path}?{from}={more}&{to}={less}", $"?{to}", code);
                    await server.GetAsync($"{list.Path}?{from}={less}&{to}={less}");
                    await server.GetAsync($"{list.Path}?{to}={less}");
                }
            }

            // None that is called otherwise has been forgotten.
            Assert.All(list.Parameters, p => Assert.Contains(p.Name, p.Name.EndsWith("To", StringComparison.Ordinal) || p.Name.StartsWith("max", StringComparison.Ordinal)
                ? ["announcedTo", "statedTo", "maxAmountUsd"] : (string[])[p.Name]));
        }

        Assert.Equal(8, ranges);
    }

    [Fact]
    public async Task At_most_a_hundred_faults_are_named()
    {
        var address = "/v1/pledges?" + string.Join('&', Enumerable.Range(0, 150).Select(i => $"x{i}=1"));
        Assert.Equal(100, Asking.AssertProblem(await server.AskAsync(address), 400, "invalid_request").GetProperty("errors").GetArrayLength());
        using var editor = await server.ClientAsync("editor");
        var body = $$"""{ "citations": [{{string.Join(',', Enumerable.Repeat("null", 200_000))}}] }""";
        var refused = await editor.SendAsync(HttpMethod.Post, "/v1/pledges", body);
        Assert.Equal((400, 100), ((int)refused.Status, refused.Pointers.Count));
        var document = await server.GetAsync("/openapi.json");
        Assert.Contains("at most 100", document.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties").GetProperty("errors")
            .Text("description"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_of_a_query_is_named_at_once()
    {
        var problem = Asking.AssertProblem(await server.AskAsync("/v1/pledges?limit=0&announcedFrom=2018-02-30&fnud=x"), 400, "invalid_request");
        Assert.Equal(["?announcedFrom", "?fnud", "?limit"], problem.GetProperty("errors").EnumerateArray().Select(e => e.Text("pointer")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/v1/pledges/{0}")]
    [InlineData("/v1/pledges/{0}/ledger")]
    [InlineData("/v1/contributions/{0}")]
    [InlineData("/v1/donors/{0}")]
    [InlineData("/v1/organizations/{0}")]
    [InlineData("/v1/funds/{0}")]
    [InlineData("/v1/shortfalls/{0}")]
    [InlineData("/v1/events/{0}")]
    [InlineData("/v1/sources/{0}")]
    [InlineData("/v1/countries/{0}")]
    public async Task An_unknown_id_and_a_malformed_one_are_not_found(string path)
    {
        foreach (var id in new[] { "00000000-0000-7000-8000-000000000000", "no-such-thing", "NOT AN ID", "7", "%00", "';--", "تعهد", new string('a', 3000), "%2F" })
        {
            var answer = await server.AskAsync(string.Format(null, path, id == "%00" || id == "%2F" ? id : Uri.EscapeDataString(id)));
            // Kestrel refuses a NUL before anything of ours sees it.
            if (id != "%00" || answer.Status != 400)
            {
                Asking.AssertProblem(answer, 404, "not_found");
            }
        }
    }

    [Fact]
    public async Task An_unknown_id_is_named_in_the_answer()
    {
        var english = Asking.AssertProblem(await server.AskAsync("/v1/funds/no-such-fund"), 404, "not_found");
        Assert.Contains("no-such-fund", english.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_organization_that_gave_nothing_is_no_donor()
    {
        Asking.AssertProblem(await server.AskAsync("/v1/donors/undp"), 404, "not_found");
        await server.GetAsync("/v1/organizations/undp");
    }

    [Theory]
    [InlineData("/v1/pledges?limit=0")]
    [InlineData("/v1/pledges?fnud=x")]
    [InlineData("/v1/funds/no-such-fund")]
    [InlineData("/v1/no-such-path")]
    [InlineData("/version?x=1")]
    public async Task Titles_and_details_follow_the_language_and_codes_do_not(string path)
    {
        var english = await server.AskAsync(path);
        var arabic = await server.AskAsync(path, null, ("Accept-Language", "ar-IQ,ar;q=0.9,en;q=0.5"));
        Assert.Equal("en", english.Header("Content-Language"));
        Assert.Equal("ar", arabic.Header("Content-Language"));
        Assert.Equal(english.Status, arabic.Status);
        Assert.True(arabic.Json.Text("title").IsArabic());
        Assert.False(english.Json.Text("title").IsArabic());
        foreach (var ((name, en), (_, ar)) in english.Json.Leaves().Zip(arabic.Json.Leaves()))
        {
            var spoken = name.EndsWith("title", StringComparison.Ordinal) || name.EndsWith("detail", StringComparison.Ordinal);
            Assert.True(name.EndsWith("requestId", StringComparison.Ordinal) || spoken != JsonElement.DeepEquals(en, ar), name);
        }
    }

    [Fact]
    public async Task The_language_parameter_also_rules_errors()
    {
        var answer = await server.AskAsync("/v1/pledges?limit=0&lang=ar", null, ("Accept-Language", "en"));
        Assert.True(answer.Json.Text("title").IsArabic());
    }

    [Theory]
    [InlineData("text/xml", 406)]
    [InlineData("application/json;q=0", 406)]
    [InlineData("application/json;q=0, */*", 406)]
    [InlineData("Application/JSON", 200)]
    [InlineData("text/html, image/*", 406)]
    [InlineData("application/json", 200)]
    [InlineData("application/*", 200)]
    [InlineData("text/html, */*;q=0.1", 200)]
    [InlineData("text/xml, application/json;q=0.2", 200)]
    public async Task What_is_no_table_is_served_as_JSON_only(string accept, int status)
    {
        var answer = await server.AskAsync("/v1/funds/undp-ffs", null, ("Accept", accept));
        Assert.Equal(status, answer.Status);
        if (status == 406)
        {
            Asking.AssertProblem(answer, 406, "not_acceptable");
        }
    }

    [Fact]
    public async Task A_wrong_method_names_the_right_one()
    {
        var answer = await server.AskAsync("/v1/pledges/019b76da-a800-844b-a7f2-9db8a44d5fb6/ledger", HttpMethod.Delete);
        Asking.AssertProblem(answer, 405, "method_not_allowed");
        Assert.Contains("GET", answer.Header("Allow"));
    }

    [Fact]
    public async Task A_refused_HEAD_has_a_status_and_no_body()
    {
        var answer = await server.AskAsync("/v1/no-such-path", HttpMethod.Head);
        Assert.Equal(404, answer.Status);
        Assert.Equal("", answer.Text);
    }

    [Fact]
    public async Task A_fault_of_the_server_is_a_problem_document_that_tells_nothing_of_its_inside()
    {
        await using var broken = new TestServer();
        await broken.InitializeAsync();
        await using (var outside = await broken.OpenDatabaseAsync())
        {
            await outside.ExecuteAsync("ALTER TABLE indicator RENAME TO gone");
        }

        var answer = await broken.AskAsync("/v1/indicators");
        Asking.AssertProblem(answer, 500, "internal_error");
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.DoesNotContain("indicator", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Sqlite", answer.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_error_has_the_security_headers()
    {
        var answer = await server.AskAsync("/v1/no-such-path");
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Null(answer.Header("Server"));
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Hole();
}
