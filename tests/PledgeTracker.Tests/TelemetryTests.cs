using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using PledgeTracker.Tests.Durability;

namespace PledgeTracker.Tests;

/// <summary>What a server in a process of its own tells those who watch it.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly int _port = ChildProcess.FreePort();
    private readonly Served _served = new();

    public ValueTask InitializeAsync() => _served.CreateAsync();

    public ValueTask DisposeAsync() => _served.DisposeAsync();

    [Fact]
    public async Task Prometheus_reads_requests_the_queue_and_batches_of_writes_the_time_of_the_database_and_the_version_of_the_dataset()
    {
        await _served.StartAsync(_port, "--Database:Seed=coalition", "--Telemetry:Prometheus=true");
        using var client = await ClientAsync();
        for (var i = 0; i < 3; i++)
        {
            await client.ReadAsync("/v1/funds/undp-ffs");
        }

        await client.RecordAsync("/v1/contributions", Api.Payment());
        var version = (await client.ReadAsync("/version")).Body.GetProperty("datasetVersion").GetInt64();
        using var answer = await client.GetAsync("/metrics");
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n');
        // The text format: comments, and samples of a name, labels and a number.
        Assert.All(lines, line => Assert.Matches(
            """\A(# (HELP|TYPE|UNIT) [a-zA-Z_:][a-zA-Z0-9_:]* .*|# EOF|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*",?)*\})? (-?[0-9.]+([eE][-+]?[0-9]+)?|\+Inf|-Inf|NaN)( [0-9]+)?)\z""", line));
        Assert.Equal(3, Value("http_server_request_duration_seconds_count", """http_request_method="GET".*http_response_status_code="200".*http_route="/v1/funds/\{id\}"|http_route="/v1/funds/\{id\}".*"""));
        Assert.Equal(1, Value("http_server_request_duration_seconds_count", """http_request_method="POST".*http_response_status_code="201"."""));
        Assert.Equal(0, Value("pledgetracker_write_queue"));
        Assert.True(Value("pledgetracker_write_batch_count") > 0);
        Assert.True(Value("pledgetracker_write_batch_sum") >= Value("pledgetracker_write_batch_count"));
        Assert.True(Value("pledgetracker_database_duration_seconds_count", "operation=\"read\"") >= 4);
        Assert.True(Value("pledgetracker_database_duration_seconds_sum", "operation=\"write\"") > 0);
        Assert.Equal(version, Value("pledgetracker_dataset_version"));
        Assert.True(Value("dotnet_process_memory_working_set_bytes") > 0);
        // It is read, and nothing else.
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.SendAsync(HttpMethod.Post, "/metrics", "{}")).Status);

        double Value(string name, string labels = "") => Assert.Single(
            lines.Select(line => Regex.Match(line, $@"\A{name}(\{{(.*({labels}).*)?\}})? ([^ ]+)")).Where(m => m.Success).Select(m => double.Parse(m.Groups[4].Value)));
    }

    [Fact]
    public async Task Without_the_setting_there_are_no_metrics()
    {
        await _served.StartAsync(_port, "--Database:Seed=none");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(HttpMethod.Get, "/metrics")).Status);
    }

    [Fact]
    public async Task The_usual_variables_send_traces_and_metrics_to_a_collector_and_nothing_secret()
    {
        using var collector = new Collector();
        var server = await _served.StartInAsync(
            new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-tenant=aid",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
                ["OTEL_SERVICE_NAME"] = "the-ledger",
            },
            _port, "--Database:Seed=coalition");
        using var client = await ClientAsync();
        await client.ReadAsync("/v1/funds/undp-ffs?lang=ar");
        await client.RecordAsync("/v1/contributions", Api.Payment());
        await collector.ReceiveAsync("/v1/traces", "GET /v1/funds/{id}", "POST /v1/contributions", "request.id", "read", "write", "the-ledger");
        await collector.ReceiveAsync("/v1/metrics", "http.server.request.duration", "pledgetracker.write.queue", "pledgetracker.write.batch", "pledgetracker.database.duration",
            "pledgetracker.dataset.version", "the-ledger");
        Assert.All(collector.Received, post => Assert.Equal(("POST", "application/x-protobuf", "aid"), (post.Method, post.MediaType, post.Tenant)));
        var all = string.Concat(collector.Received.Select(post => post.Text));
        Assert.DoesNotContain(client.DefaultRequestHeaders.Authorization!.Parameter!.Split('_')[2], all, StringComparison.Ordinal);
        Assert.DoesNotContain("lang=ar", all, StringComparison.Ordinal);
        // Nobody watches those who watch.
        Assert.DoesNotContain("GET /health/ready", all, StringComparison.Ordinal);
        Assert.Equal("", server.Error);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_disturbs_nothing()
    {
        var server = await _served.StartInAsync(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{ChildProcess.FreePort()}", ["OTEL_BSP_SCHEDULE_DELAY"] = "100" }, _port, "--Database:Seed=none");
        using var client = await ClientAsync();
        await client.ReadAsync("/v1/funds");
        await Task.Delay(500);
        await client.ReadAsync("/v1/funds");
        await server.TerminateAsync();
        Assert.Equal((0, "", ""), (server.ExitCode, server.Output, server.Error));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", "OTEL_EXPORTER_OTLP_ENDPOINT: localhost:4318 is no address such as http://localhost:4318.")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http", "OTEL_EXPORTER_OTLP_PROTOCOL: there is no http. Known: grpc, http/protobuf.")]
    [InlineData("OTEL_METRICS_EXPORTER", "prometheus", "OTEL_METRICS_EXPORTER: there is no prometheus. Known: otlp, none. For Prometheus say --Telemetry:Prometheus=true.")]
    [InlineData("Telemetry__Prometheus", "yes", "Telemetry:Prometheus: yes is neither true nor false.")]
    public async Task A_variable_that_cannot_be_is_refused_at_start(string name, string value, string told)
    {
        using var ended = await ChildProcess.RunInAsync(new Dictionary<string, string> { [name] = value }, ChildProcess.ServerArgs(_served.Database.Connection, _port));
        Assert.Equal((1, told), (ended.ExitCode, ended.Error.TrimEnd()));
    }

    private async Task<HttpClient> ClientAsync() => new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{_port}"),
        DefaultRequestHeaders = { Authorization = new("Bearer", await TestKeys.ByCommandAsync(_served.Database.Connection, "editor")) },
    };

    /// <summary>What OpenTelemetry sends to, as far as HTTP goes.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly List<Post> _received = [];

        public Collector()
        {
            Address = $"http://127.0.0.1:{ChildProcess.FreePort()}";
            _listener.Prefixes.Add(Address + "/");
            _listener.Start();
            _ = TakeAllAsync();
        }

        public string Address { get; }

        public List<Post> Received
        {
            get
            {
                lock (_received)
                {
                    return [.. _received];
                }
            }
        }

        /// <summary>Waits until each of these words came to a path. Text stands in protobuf as it is.</summary>
        public async Task ReceiveAsync(string path, params string[] words)
        {
            var missing = words;
            for (var tries = 0; tries < 600 && missing.Length > 0; tries++)
            {
                await Task.Delay(100);
                var text = string.Concat(Received.Where(post => post.Path == path).Select(post => post.Text));
                missing = [.. words.Where(word => !text.Contains(word, StringComparison.Ordinal))];
            }

            Assert.True(missing.Length == 0, $"This did not come to {path} within a minute: {string.Join(", ", missing)}.");
        }

        public void Dispose() => _listener.Close();

        private async Task TakeAllAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(body);
                    lock (_received)
                    {
                        _received.Add(new(context.Request.HttpMethod, context.Request.Url!.AbsolutePath, context.Request.ContentType, context.Request.Headers["x-tenant"],
                            Encoding.UTF8.GetString(body.ToArray())));
                    }

                    // An empty message of protobuf: all was taken.
                    context.Response.ContentType = "application/x-protobuf";
                    context.Response.Close();
                }
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                // The test has ended.
            }
        }
    }

    private sealed record Post(string Method, string Path, string? MediaType, string? Tenant, string Text);
}
