using System.Diagnostics;
using System.Text.Json;

namespace PledgeTracker.Tests.Contract;

/// <summary>The document as tools of others take it. They are fetched where Node is on the machine, into a folder that goes with the test.</summary>
public sealed class NodeTests
{
    private const string Client = """
        import createClient from "openapi-fetch";
        import type { components, paths } from "./document.js";

        const api = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: process.argv[2]!, headers: { Authorization: `Bearer ${process.argv[3]}` } });

        const list = await api.GET("/v1/pledges", { params: { query: { donor: ["usa"], limit: 1 } } });
        const pledge: components["schemas"]["PledgeItem"] | undefined = list.data?.data[0];
        if (!pledge) {
          throw new Error(`list: ${list.error?.code}`);
        }

        const one = await api.GET("/v1/pledges/{id}", { params: { path: { id: pledge.id } } });
        if (!one.data) {
          throw new Error(`get: ${one.error.code}`);
        }

        const created = await api.POST("/v1/contributions", {
          body: { donorId: "grc", fundId: "undp-ffs", stage: "payment", amount: 25000.5, currency: "USD", date: "2026-03-02" },
        });
        if (!created.data) {
          throw new Error(`create: ${created.error.code} ${created.error.detail ?? ""}`);
        }

        console.log(JSON.stringify({ listed: pledge.id, got: one.data.id, created: created.data.id }));
        """;

    [Fact]
    public async Task A_client_made_from_the_document_compiles_strictly_and_lists_gets_and_creates()
    {
        using var folder = await Folder.WithAsync("openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3", "@types/node@20.19.0");
        await using var server = new TestServer();
        await server.InitializeAsync();
        await folder.WriteAsync("openapi.json", await server.Client.GetStringAsync("/openapi.json"));
        await folder.WriteAsync("client.ts", Client);
        await folder.SucceedsAsync("openapi-typescript", "openapi.json", "--output", "document.d.ts");
        await folder.SucceedsAsync("tsc", "--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--target", "es2022", "--module", "nodenext", "--types", "node", "client.ts");
        var said = JsonDocument.Parse(await folder.RunAsync("node", "client.js", server.Client.BaseAddress!.ToString().TrimEnd('/'), await server.EditorKey)).RootElement;
        Assert.Equal(said.Text("listed"), said.Text("got"));
        Assert.Equal("grc", (await server.GetAsync($"/v1/contributions/{said.Text("created")}")).RefId("donor"));
    }

    [Fact]
    public async Task Redocly_and_Spectral_find_no_error_in_the_document()
    {
        using var folder = await Folder.WithAsync("@redocly/cli@2.77.0", "@stoplight/spectral-cli@6.16.3");
        await using var server = new TestServer();
        await server.InitializeAsync();
        await folder.WriteAsync("openapi.yaml", await server.Client.GetStringAsync("/openapi.yaml"));
        await folder.WriteAsync("spectral.yaml", "extends: [\"spectral:oas\"]\n");
        await folder.SucceedsAsync("redocly", "lint", "openapi.yaml");
        await folder.SucceedsAsync("spectral", "lint", "openapi.yaml", "--ruleset", "spectral.yaml");
    }

    /// <summary>A folder with packages in it.</summary>
    private sealed class Folder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("pledgetracker-node-").FullName;

        /// <summary>Skips the test, with the reason, where they cannot be had.</summary>
        public static async Task<Folder> WithAsync(params string[] packages)
        {
            Assert.SkipWhen(TestDatabase.IsPostgres, "The document does not depend on the engine: this runs on SQLite.");
            Assert.SkipUnless(IsThere("node") && IsThere("npm"), "Node is not on this machine: nothing but it makes clients by openapi-typescript.");
            var folder = new Folder();
            await folder.WriteAsync("package.json", """{ "private": true, "type": "module" }""");
            var (code, text) = await folder.TryAsync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", .. packages]);
            if (code != 0)
            {
                folder.Dispose();
                Assert.Skip($"npm could not fetch {string.Join(" and ", packages)}: {text}");
            }

            return folder;
        }

        public Task WriteAsync(string file, string text) => File.WriteAllTextAsync(Path.Combine(_path, file), text);

        /// <summary>Runs a program of a package.</summary>
        public Task<string> SucceedsAsync(string program, params string[] args) => RunAsync(Path.Combine(_path, "node_modules", ".bin", program), args);

        public async Task<string> RunAsync(string program, params string[] args)
        {
            var (code, text) = await TryAsync(program, args);
            Assert.True(code == 0, $"{Path.GetFileName(program)} ended with {code}: {text}");
            return text;
        }

        public void Dispose() => Directory.Delete(_path, recursive: true);

        private static bool IsThere(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

        private async Task<(int Code, string Text)> TryAsync(string program, string[] args)
        {
            var start = new ProcessStartInfo(program, args) { WorkingDirectory = _path, RedirectStandardOutput = true, RedirectStandardError = true };
            (start.Environment["REDOCLY_TELEMETRY"], start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"]) = ("off", "true");
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await error);
        }
    }
}
