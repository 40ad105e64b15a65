using System.Runtime.CompilerServices;

namespace PledgeTracker.Tests;

/// <summary>The files of the repository that tests compare with what the program says.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>Compares a file with what it should hold; with PLEDGETRACKER_UPDATE=1 in the environment it is written instead.</summary>
    public static async Task MatchesAsync(string file, string expected)
    {
        var path = Path.Combine(Root, file);
        if (Environment.GetEnvironmentVariable("PLEDGETRACKER_UPDATE") == "1")
        {
            await File.WriteAllTextAsync(path, expected);
        }

        var actual = File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
        Assert.True(actual == expected, $"{file} is not what the program says. Run the tests with PLEDGETRACKER_UPDATE=1 and look at the difference.");
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
