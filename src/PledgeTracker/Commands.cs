using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Shortfalls;

namespace PledgeTracker;

/// <summary>
/// The subcommands. Those that write are clients of the API over the local socket: of the server that runs, or of one that is started there
/// for the length of the command. There is one code path and one writer.
/// </summary>
internal static class Commands
{
    private static readonly Option<string> DatabasePath = new("--database", "--Database:Path")
    {
        Description = "The database file; without it, the one that the server's settings name.",
        DefaultValueFactory = _ => Program.DatabasePath(),
        Recursive = true,
    };

    /// <summary>The first words that are subcommands and not settings of the server.</summary>
    public static bool Knows(string[] args) => args is ["keys" or "verify" or "--help" or "-h" or "--version", ..];

    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("PledgeTracker follows aid money from the promise to the payment. Without a subcommand it serves the API.") { DatabasePath };
        root.Subcommands.Add(Keys());
        root.Subcommands.Add(Verify());
        return root.Parse(args).InvokeAsync();
    }

    private static Command Keys()
    {
        var keys = new Command("keys", "Manage API keys.");
        var name = new Option<string>("--name") { Description = "Who or what the key is for.", Required = true };
        var role = new Option<string>("--role") { Description = "recorder, editor or admin.", Required = true };
        role.AcceptOnlyFromAmong(Words.Roles);
        var organization = new Option<string?>("--organization") { Description = "The organization a recorder speaks for." };
        var expires = new Option<DateTimeOffset?>("--expires") { Description = "When it ends, such as 2027-01-01T00:00:00Z." };
        var create = new Command("create", "Make a key. It is printed once, alone on the last line.") { name, role, organization, expires };
        create.SetAction((parsed, cancellation) => WithApiAsync(parsed, async api =>
        {
            using var response = await api.PostAsJsonAsync("/v1/keys", new
            {
                name = parsed.GetValue(name),
                role = parsed.GetValue(role),
                organizationId = parsed.GetValue(organization),
                expiresAt = parsed.GetValue(expires),
            }, cancellation);
            return await PrintAsync(response, made => Console.WriteLine(made.GetProperty("token").GetString()), cancellation);
        }));
        var list = new Command("list", "List all keys, without their secrets.");
        list.SetAction((parsed, cancellation) => WithApiAsync(parsed, async api =>
        {
            using var response = await api.GetAsync("/v1/keys", cancellation);
            return await PrintAsync(response, keys =>
            {
                foreach (var key in keys.GetProperty("data").EnumerateArray())
                {
                    var state = key.GetProperty("revokedAt").GetString() is { } revoked ? "revoked " + revoked
                        : key.GetProperty("expiresAt").GetString() is { } ends ? "until " + ends : "active";
                    Console.WriteLine(string.Join('\t', key.GetProperty("id"), key.GetProperty("role"), key.GetProperty("organizationId").GetString() ?? "-", state,
                        key.GetProperty("lastUsedAt").GetString() ?? "never used", key.GetProperty("name")));
                }
            }, cancellation);
        }));
        var id = new Argument<string>("ID") { Description = "The key's id: the middle part of its token." };
        var revoke = new Command("revoke", "Revoke a key: it is refused on the next request.") { id };
        revoke.SetAction((parsed, cancellation) => WithApiAsync(parsed, async api =>
        {
            using var response = await api.DeleteAsync($"/v1/keys/{Uri.EscapeDataString(parsed.GetValue(id)!)}", cancellation);
            return await PrintAsync(response, key => Console.WriteLine($"{key.GetProperty("id")} is revoked."), cancellation);
        }));
        keys.Subcommands.Add(create);
        keys.Subcommands.Add(list);
        keys.Subcommands.Add(revoke);
        return keys;
    }

    private static Command Verify()
    {
        var verify = new Command("verify", "Check the chain of changes, all derived figures, the file and its references. Exit code 1 and a line per fault.");
        verify.SetAction(parsed =>
        {
            var database = new Database(parsed.GetValue(DatabasePath)!);
            if (!File.Exists(database.Path))
            {
                Console.Error.WriteLine($"There is no database {database.Path}.");
                return 1;
            }

            try
            {
                using (var connection = database.OpenForReading())
                {
                    if (Migrations.FirstMissing(connection) is { } missing)
                    {
                        Console.Error.WriteLine($"{database.Path} was made by an older version: start the server on it once, which applies {missing}.");
                        return 1;
                    }
                }

                return Print(Check(database));
            }
            catch (Microsoft.Data.Sqlite.SqliteException fault)
            {
                // Too broken to be read to its end, or no database at all.
                Console.Error.WriteLine($"{database.Path}: {fault.Message}");
                return 1;
            }
        });
        return verify;
    }

    private static int Print((List<string> Faults, long Changes) found)
    {
        found.Faults.ForEach(Console.WriteLine);
        Console.WriteLine(found.Faults.Count switch
        {
            0 => $"Clean: {found.Changes.ToString(CultureInfo.InvariantCulture)} changes.",
            1 => "1 fault.",
            _ => $"{found.Faults.Count} faults.",
        });
        return found.Faults.Count == 0 ? 0 : 1;
    }

    /// <summary>All that does not hold in a database, a line each; and how many changes it has.</summary>
    internal static (List<string> Faults, long Changes) Check(Database database)
    {
        using var session = new Session(database.OpenForReading());
        // One snapshot for everything, whatever is being written meanwhile.
        session.ExecuteOnce("BEGIN");
        var (faults, changes) = ChainCheck.Run(session, 1, long.MaxValue);
        faults.AddRange(ChainCheck.MissingAtEnd(session));
        faults.AddRange(DerivedCheck.Run(session));
        faults.AddRange(Statements.Check(session));
        faults.AddRange(session.Query<string>("SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'").Select(f => "integrity: " + f));
        faults.AddRange(session.Query<string>("SELECT \"table\" || ' row ' || coalesce(rowid, '?') FROM pragma_foreign_key_check").Select(f => "foreign key: " + f));
        return (faults, changes);
    }

    private static async Task<int> WithApiAsync(ParseResult parsed, Func<HttpClient, Task<int>> act)
    {
        var database = new Database(parsed.GetValue(DatabasePath)!);
        // A server that holds the database also listens; where none does, one is started for as long as this takes.
        var served = DatabaseLock.IsHeld(database);
        await using var app = served ? null : Program.Build([$"--Database:Path={database.Path}", "--urls=", "--Logging:LogLevel:Default=Warning"]);
        if (app is not null)
        {
            await app.StartAsync();
        }
        else if (!served)
        {
            // It has said why.
            return 1;
        }

        using var api = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(LocalSocket.PathFor(database)), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://localhost") };
        api.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        int code;
        try
        {
            code = await act(api);
        }
        catch (HttpRequestException fault)
        {
            // It holds the database and does not listen: it is starting, or stopping.
            Console.Error.WriteLine($"The server of {database.Path} does not answer: {fault.Message}");
            code = 1;
        }

        if (app is not null)
        {
            await app.StopAsync();
        }

        return code;
    }

    private static async Task<int> PrintAsync(HttpResponseMessage response, Action<JsonElement> print, CancellationToken cancellation)
    {
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        if (response.IsSuccessStatusCode)
        {
            print(body);
            return 0;
        }

        Console.Error.WriteLine(body.GetProperty("title").GetString());
        if (body.TryGetProperty("detail", out var detail))
        {
            Console.Error.WriteLine(detail.GetString());
        }

        foreach (var error in body.TryGetProperty("errors", out var errors) ? errors.EnumerateArray() : default)
        {
            Console.Error.WriteLine($"{error.GetProperty("pointer")}: {error.GetProperty("detail")}");
        }

        return 1;
    }
}
