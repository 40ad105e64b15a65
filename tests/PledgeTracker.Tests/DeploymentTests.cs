using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests;

/// <summary>What can be tested of the image and of the unit of systemd where neither is run.</summary>
public sealed class DeploymentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_image_is_built_from_what_is_there_and_from_all_that_a_build_takes_in()
    {
        var copied = Instructions("COPY").Where(copy => !copy.StartsWith("--from", StringComparison.Ordinal)).SelectMany(copy => copy.Split(' ')[..^1]).ToList();
        Assert.All(copied, source => Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), source));
        var leftOut = File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore"));
        Assert.Empty(copied.Intersect(leftOut));
        // Rules of style, versions of packages, banned symbols: files of the root that are no documents and belong to no other tool.
        var ofBuilds = Directory.EnumerateFiles(Repository.Root).Select(file => Path.GetFileName(file)!)
            .Where(name => Path.GetExtension(name) is ".props" or ".targets" or ".editorconfig" || name is "global.json" or "BannedSymbols.txt");
        Assert.Empty(ofBuilds.Except(copied));
        // What is restored from is copied before.
        Assert.All(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "PledgeTracker")).Select(file => "src/PledgeTracker/" + Path.GetFileName(file))
            .Where(name => name.EndsWith(".csproj", StringComparison.Ordinal) || name.EndsWith(".props", StringComparison.Ordinal) || name.EndsWith("packages.lock.json", StringComparison.Ordinal)),
            name => Assert.Contains(name, copied));
    }

    [Fact]
    public async Task The_image_starts_the_program_without_rights_on_settings_that_exist_and_asks_whether_it_lives()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash to run what the image runs.");
        Assert.Equal("$APP_UID", Instructions("USER").Last());
        Assert.Equal(["dotnet", "/app/" + Path.GetFileName(typeof(Program).Assembly.Location)], JsonSerializer.Deserialize<string[]>(Instructions("ENTRYPOINT").Single())!);
        var health = JsonSerializer.Deserialize<string[]>(Regex.Match(Instructions("HEALTHCHECK").Single(), @"CMD (\[.*\])\z").Groups[1].Value)!;
        var port = ChildProcess.FreePort().ToString();
        var variables = Instructions("ENV").ToDictionary(env => env.Split('=', 2)[0], env => env.Split('=', 2)[1].Trim('"').Replace("/data", _folder).Replace("8080", port));
        string[] asks = [.. health.Select(word => word.Replace("8080", port))];
        Assert.NotEqual(0, (await RunAsync(asks)).ExitCode);
        using var server = ChildProcess.StartIn(variables);
        await server.ReadyAsync(int.Parse(port));
        Assert.Equal(0, (await RunAsync(asks)).ExitCode);
        Assert.True(File.Exists(Path.Combine(_folder, "pledgetracker.db")));
    }

    [Fact]
    public async Task The_unit_starts_the_program_on_settings_that_exist_and_systemd_takes_it()
    {
        var unit = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "pledgetracker.service"));
        var port = ChildProcess.FreePort().ToString();
        var variables = Regex.Matches(unit, "^Environment=\"?([^=]+)=(.*?)\"?$", RegexOptions.Multiline)
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value.Replace("/var/lib/pledgetracker", _folder).Replace("5080", port));
        Assert.Equal(3, variables.Count);
        Assert.Contains("\nExecStart=/opt/pledgetracker/PledgeTracker serve\n", unit, StringComparison.Ordinal);
        using (var server = ChildProcess.StartIn(variables, "serve"))
        {
            await server.ReadyAsync(int.Parse(port));
            // SIGTERM is how it is stopped. Each line names its urgency, as the journal takes it.
            await server.TerminateAsync();
            Assert.Equal(0, server.ExitCode);
            Assert.All(server.Output.TrimEnd().Split('\n'), line => Assert.StartsWith("<6>", line, StringComparison.Ordinal));
        }

        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "systemd-analyze"))),
            "There is no systemd-analyze on this machine: that systemd takes the unit was not tested.");
        // It wants the program to be where the unit says.
        var verified = Path.Combine(_folder, "pledgetracker.service");
        await File.WriteAllTextAsync(verified, unit.Replace("/opt/pledgetracker/PledgeTracker", "/bin/true"));
        var (exitCode, said) = await RunAsync("systemd-analyze", "verify", verified);
        Assert.Equal((0, ""), (exitCode, said));
    }

    private static List<string> Instructions(string name) => [.. File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"))
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..])];

    private static async Task<(int ExitCode, string Said)> RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}
