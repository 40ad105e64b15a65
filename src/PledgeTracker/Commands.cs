using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PledgeTracker.Changes;
using PledgeTracker.Exports;
using PledgeTracker.Imports;
using PledgeTracker.Keys;
using Text = PledgeTracker.Words.Text;

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

    /// <summary>Whether the first word is a subcommand other than `serve`, if a misspelt one, and not a setting of the server.</summary>
    public static bool Knows(string[] args) => args switch
    {
        ["serve", .. var settings] => settings.Any(IsHelp),
        [var first, ..] => IsHelp(first) || first == "--version" || first is [not '-' and not '/', ..],
        [] => false,
    };

    private static bool IsHelp(string arg) => arg is "--help" or "-h" or "-?";

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("PledgeTracker follows aid money from the promise to the payment. Without a subcommand it serves the API.") { Connection, OldName };
        root.Subcommands.Add(new Command("serve", "Serve the API, on a database that is made where there is none. Takes settings: --Database:Connection=…, --urls=… (README, Settings)."));
        root.Subcommands.Add(Keys());
        root.Subcommands.Add(Verify());
        root.Subcommands.Add(Rebuild());
        root.Subcommands.Add(Backup());
        root.Subcommands.Add(Restore());
        root.Subcommands.Add(Export());
        root.Subcommands.Add(Import());
        root.Subcommands.Add(new Command("help", "Show help, also of one subcommand: help keys."));
        // The parser takes a colon for the end of an option's name where a value is joined to it.
        var parsed = root.Parse([.. (args is ["help", .. var of] ? [.. of, "--help"] : args)
            .SelectMany(arg => arg.StartsWith("--Database:", StringComparison.OrdinalIgnoreCase) ? arg.Split('=', 2) : [arg])]);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync();
        }

        foreach (var line in FaultsOf(parsed))
        {
            Console.Error.WriteLine(line);
        }

        return 1;
    }

    // What is not known makes most of what else is missed.
    private static IEnumerable<string> FaultsOf(System.CommandLine.ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is not [var unknown, ..])
        {
            return parsed.Errors.Select(e => e.Message);
        }

        var command = parsed.CommandResult.Command;
        var options = command.Options.Concat(command is RootCommand ? [] : [Connection]).Where(o => !o.Hidden).Select(o => o.Name);
        var known = (unknown.StartsWith('-') ? options : command.Subcommands.Select(c => c.Name)).Distinct().ToList();
        var name = unknown.Split('=')[0];
        return [$"There is no {name}{(command is RootCommand ? "" : $" of {command.Name}")}.{(Near.Of(name, known) is { } nearest ? $" Did you mean {nearest}?" : "")}{(known.Count > 0 ? $" Known: {string.Join(", ", known)}." : "")}"];
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
            // As a text of a request does, it passes the door.
            if (Text.Take(parsed.GetValue(name)!, isIdentifier: false, out var taken) is { } refusal)
            {
                throw Refused.Invalid(new Fault("/name", "invalid_text", refusal));
            }

            var request = new CreateKey.Request(taken, parsed.GetValue(role), parsed.GetValue(organization), parsed.GetValue(expires));
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
        var verify = new Command("verify", "Check the chain of changes, all derived figures, the file and its references. Exit code 1 and a line per fault; 2 for an empty ledger.");
        verify.SetAction((parsed, cancellation) => WithEngineAsync(parsed, async engine =>
        {
            // One moment of everything, whatever is being written meanwhile.
            await using var view = await View.OpenAsync(engine, Access.ReadLong, TimeProvider.System, cancellation);
            await ThrowIfOlderAsync(engine, view);
            var (faults, changes, redacted) = await ChainCheck.RunAsync(view, 1, long.MaxValue);
            faults.AddRange(await ChainCheck.MissingAtEndAsync(view, view.Head.Sequence));
            faults.AddRange(await Ledger.Verify.RunAsync(view));
            faults.AddRange(await engine.IntegrityAsync(view.Sql));
            faults.ForEach(Console.WriteLine);
            if (faults.Count == 0 && changes == 0)
            {
                Console.WriteLine("Empty ledger: nothing was ever recorded here. The file of a database that was copied by itself, without its -wal, may look so.");
                return 2;
            }

            if (redacted.Count > 0)
            {
                Console.WriteLine($"Redacted, which is no fault: change{(redacted.Count == 1 ? "" : "s")} {string.Join(", ", redacted)}.");
            }

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

    private static Command Backup()
    {
        var to = new Option<string>("--to") { Description = "The file to make; nothing has that name yet.", Required = true };
        var backup = new Command("backup", "Copy the database into a file, while it is served or not, and check the copy. On PostgreSQL it says which tool does that.") { to };
        backup.SetAction((parsed, cancellation) => WithEngineAsync(parsed, async engine =>
        {
            var file = Path.GetFullPath(parsed.GetValue(to)!);
            Console.WriteLine($"{file}: {Counted(await Backups.Backup.TakeAsync(engine, file, cancellation))}");
            return 0;
        }));
        return backup;
    }

    private static Command Restore()
    {
        var file = new Argument<string>("FILE") { Description = "What `backup` made." };
        var restore = new Command("restore", "Make the database from a backup, which is checked first. There must be none yet, and no server on it.") { file };
        restore.SetAction((parsed, cancellation) => WithEngineAsync(parsed, async engine =>
        {
            Console.WriteLine($"{engine.Where}: {Counted(await Backups.Backup.RestoreAsync(engine, Path.GetFullPath(parsed.GetValue(file)!), cancellation))}");
            return 0;
        }, mustBeThere: false));
        return restore;
    }

    private static Command Export()
    {
        var format = Format(["bundle"], "bundle: JSON Lines, a line for each row (docs/bundle.md).");
        var to = new Option<string>("--to") { Description = "The file to make; nothing has that name yet. Compressed where it ends in .gz.", Required = true };
        var export = new Command("export", "Write the whole dataset into a file, while it is served or not: all but keys and kept answers. `import` fills an empty database of either engine from it.") { format, to };
        export.SetAction((parsed, cancellation) => WithEngineAsync(parsed, async engine =>
        {
            var file = Path.GetFullPath(parsed.GetValue(to)!);
            await using var view = await View.OpenAsync(engine, Access.ReadLong, TimeProvider.System, cancellation);
            await ThrowIfOlderAsync(engine, view);
            Console.WriteLine($"{file}: {Counted(view.Head.Sequence)} {Rows(await Progress.ShowAsync(tell => BundleFile.WriteAsync(view, file, tell, cancellation)))}");
            return 0;
        }));
        return export;
    }

    private static Command Import()
    {
        var format = Format([.. Vocabulary.ImportFormats, "bundle"], "bundle: what `export` made, for an empty database (docs/bundle.md). Others: see /v1/imports, and docs/spreadsheets.md.");
        var files = new Argument<string[]>("FILE") { Description = "The file; or its pages, in their order. JSON, CSV or XLSX by its ending; compressed where that is .gz.", Arity = ArgumentArity.OneOrMore };
        var dataset = new Option<string?>("--dataset") { Description = "Of flows: whose snapshot it is, such as fts:JOR:2020." };
        var complete = new Option<bool?>("--complete") { Description = "Of a dataset: whether this is all of it, so that what it does not tell any more is dropped." };
        var mode = new Option<string>("--mode") { Description = "all: one refused row refuses the file. per-row: the others go in.", DefaultValueFactory = _ => "all" };
        mode.AcceptOnlyFromAmong([.. Vocabulary.ImportModes]);
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would come of it, and record nothing." };
        var mapping = new Option<string?>("--mapping") { Description = "A file with a JSON object: names of the file, each with the id of an organization." };
        var import = new Command("import", "Record what stands in a file, while the database is served or not: all of it, or, where a row is refused, nothing. A bundle fills an empty database.")
        {
            format, files, dataset, complete, mode, dryRun, mapping,
        };
        import.SetAction((parsed, cancellation) => WithEngineAsync(parsed, async engine =>
        {
            string[] named = [.. parsed.GetValue(files)!.Select(Path.GetFullPath)];
            if (parsed.GetValue(format) == "bundle")
            {
                return await ImportBundleAsync(engine, named);
            }

            await Migrations.ApplyAsync(engine, TimeProvider.System);
            await using var db = Open(engine);
            var asked = new StartImport.Request(parsed.GetValue(format), parsed.GetValue(dataset), parsed.GetValue(complete), parsed.GetValue(mode), parsed.GetValue(dryRun));
            return await ImportCommand.RunAsync(db, asked, named, parsed.GetValue(mapping), cancellation);
        }, mustBeThere: false));
        return import;
    }

    private static async Task<int> ImportBundleAsync(Engine engine, string[] files)
    {
        using var lines = BundleFile.Open(files is [var file] ? file : throw new ArgumentException("A bundle is one file."));
        await Migrations.ApplyAsync(engine, TimeProvider.System);
        await using var db = Open(engine);
        var manifest = await Progress.ShowAsync(tell => db.WriteAsync(Caller.Local, write => Bundle.ReadAsync(write, lines, tell)));
        Console.WriteLine($"{engine.Where}: {Counted(manifest.Sequence)} {Rows(manifest.Rows.Values.Sum())}");
        return 0;
    }

    private static Option<string> Format(string[] words, string description)
    {
        var format = new Option<string>("--format") { Description = description, Required = true };
        format.AcceptOnlyFromAmong(words);
        return format;
    }

    private static string Rows(long rows) => string.Create(CultureInfo.InvariantCulture, $"{rows} row{(rows == 1 ? "" : "s")}.");

    private static string Counted(long changes) => string.Create(CultureInfo.InvariantCulture, $"{changes} change{(changes == 1 ? "" : "s")}.");

    private static async Task ThrowIfOlderAsync(Engine engine, View view)
    {
        if (await Migrations.FirstMissingAsync(engine, view.Sql) is { } missing)
        {
            throw new InvalidOperationException($"It was made by an older version: start the server on it once, which applies {missing}.");
        }
    }

    /// <summary>Works on the database, which is brought up to date where it has to be.</summary>
    private static Task<int> OnDatabaseAsync(System.CommandLine.ParseResult parsed, Func<Db, Task> act) => WithEngineAsync(parsed, async engine =>
    {
        await Migrations.ApplyAsync(engine, TimeProvider.System);
        await using var db = Open(engine);
        await act(db);
        return 0;
    });

    private static Db Open(Engine engine) => new(engine, null, TimeProvider.System, Ids.Standard, NullLogger<Db>.Instance);

    private static async Task<int> WithEngineAsync(System.CommandLine.ParseResult parsed, Func<Engine, Task<int>> act, bool mustBeThere = true)
    {
        Engine? engine = null;
        try
        {
            engine = Engine.Of(parsed.GetValue(Connection) ?? Program.Connection());
            return !mustBeThere || await engine.IsMadeAsync(CancellationToken.None)
                ? await act(engine)
                : throw new InvalidOperationException("There is no database: `serve` makes one.");
        }
        catch (Refused refused)
        {
            Console.Error.WriteLine(Problems.TitleOf(refused.Code));
            foreach (var line in (refused.Faults ?? []).Select(f => $"{f.Pointer}: {f.Detail.En}").Prepend(refused.Detail?.En))
            {
                Console.Error.WriteLine(line);
            }
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException
            or System.Data.DataException or System.Data.Common.DbException)
        {
            // A file that cannot be read or written is no fault of the database's, which may lose its connection in the same words.
            var isOfFile = fault is IOException or UnauthorizedAccessException;
            var told = isOfFile ? null : engine?.Explain(fault)?.Detail?.En;
            Console.Error.WriteLine($"{(engine is null || isOfFile ? "" : engine.Where + ": ")}{told ?? fault.Message}");
        }
        finally
        {
            if (engine is not null)
            {
                await engine.DisposeAsync();
            }
        }

        return 1;
    }
}
