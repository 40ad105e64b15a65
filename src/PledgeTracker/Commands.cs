using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PledgeTracker.Changes;
using PledgeTracker.Keys;

namespace PledgeTracker;

/// <summary>The subcommands: the same classes as behind the API, without HTTP, on the same database, whether or not a server runs on it.</summary>
internal static class Commands
{
    private static readonly Option<string?> Connection = new("--Database:Connection")
    {
        Description = "The database, as a connection string; without it, the one that the server's settings name.",
        Recursive = true,
    };

    private static readonly Option<string?> OldName = new("--database", "--Database:Path") { Hidden = true, Recursive = true };

    static Commands() => OldName.Validators.Add(given =>
        given.AddError($"--database is now --Database:Connection: say --Database:Connection \"Data Source={(given.Tokens.Count > 0 ? given.Tokens[0].Value : "pledgetracker.db")}\"."));

    /// <summary>Whether the first word is a subcommand, if a misspelt one, and not a setting of the server.</summary>
    public static bool Knows(string[] args) => args is ["--help" or "-h" or "-?" or "--version", ..] or [[not '-' and not '/', ..], ..];

    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("PledgeTracker follows aid money from the promise to the payment. Without a subcommand it serves the API.") { Connection, OldName };
        root.Subcommands.Add(Keys());
        root.Subcommands.Add(Verify());
        root.Subcommands.Add(Rebuild());
        // The parser takes a colon for the end of an option's name where a value is joined to it.
        return root.Parse([.. args.SelectMany(arg => arg.StartsWith("--Database:", StringComparison.OrdinalIgnoreCase) ? arg.Split('=', 2) : [arg])]).InvokeAsync();
    }

    private static Command Keys()
    {
        var keys = new Command("keys", "Manage API keys.");
        var name = new Option<string>("--name") { Description = "Who or what the key is for.", Required = true };
        var role = new Option<string>("--role") { Description = "recorder, editor or admin.", Required = true };
        role.AcceptOnlyFromAmong(Vocabulary.Roles);
        var organization = new Option<string?>("--organization") { Description = "The organization a recorder speaks for." };
        var expires = new Option<DateTimeOffset?>("--expires")
        {
            Description = "When it ends, such as 2027-01-01T00:00:00Z.",
            CustomParser = given =>
            {
                if (Iso.TryParseInstant(given.Tokens[0].Value, out var at))
                {
                    return at;
                }

                given.AddError("--expires: send an instant as RFC 3339, such as 2027-01-01T00:00:00Z.");
                return null;
            },
        };
        var create = new Command("create", "Make a key. It is printed once, alone on the last line.") { name, role, organization, expires };
        create.SetAction((parsed, _) => OnDatabaseAsync(parsed, async db =>
        {
            var request = new CreateKey.Request(parsed.GetValue(name), parsed.GetValue(role), parsed.GetValue(organization), parsed.GetValue(expires));
            if (new CreateKey.Rules().Check(request) is { Count: > 0 } faults)
            {
                throw Refused.Invalid(faults);
            }

            Console.WriteLine((await db.WriteAsync(Caller.Local, write => CreateKey.MakeAsync(write, request))).Token);
        }));
        var list = new Command("list", "List all keys, without their secrets.");
        list.SetAction((parsed, cancellation) => OnDatabaseAsync(parsed, async db =>
        {
            await using var view = await db.ReadAsync(cancellation);
            foreach (var key in await ListKeys.AllAsync(view))
            {
                var state = key.RevokedAt is { } revoked ? "revoked " + Iso.Instant(revoked) : key.RenewedAt is { } renewed ? "renewed " + Iso.Instant(renewed) : key.ExpiresAt is { } ends ? "until " + Iso.Instant(ends) : "active";
                Console.WriteLine(string.Join('\t', key.Id, key.Role, key.OrganizationId ?? "-", state, key.LastUsedAt is { } used ? Iso.Instant(used) : "never used", key.Name));
            }
        }));
        var id = new Argument<string>("ID") { Description = "The key's id: the middle part of its token." };
        var revoke = new Command("revoke", "Revoke a key: it is refused on the next request.") { id };
        revoke.SetAction((parsed, _) => OnDatabaseAsync(parsed, async db =>
        {
            var key = await db.WriteAsync(Caller.Local, write => RevokeKey.RevokeAsync(write, parsed.GetValue(id)!));
            Console.WriteLine($"{key.Id} is revoked.");
        }));
        keys.Subcommands.Add(create);
        keys.Subcommands.Add(list);
        keys.Subcommands.Add(revoke);
        return keys;
    }

    private static Command Verify()
    {
        var verify = new Command("verify", "Check the chain of changes, all derived figures, the file and its references. Exit code 1 and a line per fault.");
        verify.SetAction((parsed, cancellation) => WithEngineAsync(parsed, async engine =>
        {
            // One moment of everything, whatever is being written meanwhile.
            await using var view = await View.OpenAsync(engine, Access.ReadLong, cancellation);
            if (await Migrations.FirstMissingAsync(engine, view.Sql) is { } missing)
            {
                throw new InvalidOperationException($"It was made by an older version: start the server on it once, which applies {missing}.");
            }

            var (faults, changes) = await ChainCheck.RunAsync(view, 1, long.MaxValue);
            faults.AddRange(await ChainCheck.MissingAtEndAsync(view));
            faults.AddRange(await Ledger.Verify.RunAsync(view));
            faults.AddRange(await engine.IntegrityAsync(view.Sql));
            faults.ForEach(Console.WriteLine);
            Console.WriteLine(faults.Count switch
            {
                0 => $"Clean: {changes.ToString(CultureInfo.InvariantCulture)} changes.",
                1 => "1 fault.",
                _ => $"{faults.Count} faults.",
            });
            return faults.Count == 0 ? 0 : 1;
        }));
        return verify;
    }

    private static Command Rebuild()
    {
        var rebuild = new Command("rebuild", "Compute all derived figures anew from the ledger.");
        rebuild.SetAction((parsed, _) => OnDatabaseAsync(parsed, async db =>
        {
            await db.WriteAsync(Caller.Local, write => Derived.RebuildAsync(write, (done, all) => Console.Error.WriteLine($"{done} of {all} pledges")));
            Console.WriteLine("Rebuilt.");
        }));
        return rebuild;
    }

    /// <summary>Works on the database, which is made and brought up to date where it has to be.</summary>
    private static Task<int> OnDatabaseAsync(System.CommandLine.ParseResult parsed, Func<Db, Task> act) => WithEngineAsync(parsed, async engine =>
    {
        await Migrations.ApplyAsync(engine, TimeProvider.System);
        await using var db = Open(engine);
        await act(db);
        return 0;
    });

    private static Db Open(Engine engine) => new(engine, null, TimeProvider.System, Ids.Standard, NullLogger<Db>.Instance);

    private static async Task<int> WithEngineAsync(System.CommandLine.ParseResult parsed, Func<Engine, Task<int>> act)
    {
        var where = "";
        try
        {
            await using var engine = Engine.Of(parsed.GetValue(Connection) ?? Program.Connection());
            where = engine.Where + ": ";
            return await act(engine);
        }
        catch (Refused refused)
        {
            Console.Error.WriteLine(Problems.TitleOf(refused.Code));
            foreach (var line in (refused.Faults ?? []).Select(f => $"{f.Pointer}: {f.Detail.En}").Prepend(refused.Detail?.En))
            {
                Console.Error.WriteLine(line);
            }
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or System.Data.DataException or System.Data.Common.DbException)
        {
            Console.Error.WriteLine(where + fault.Message);
        }

        return 1;
    }
}
