namespace PledgeTracker.Tests.Imports;

/// <summary>
/// Files that UN OCHA's Financial Tracking Service published. They are not ours to keep here: <c>PLEDGETRACKER_DATA</c> names their folder, else <c>../shared/data</c> beside the repository.
/// </summary>
internal static class Published
{
    private static readonly string Folder = Path.Combine(Environment.GetEnvironmentVariable("PLEDGETRACKER_DATA") ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data")), "fts");

    /// <summary>The pages of a location in 2020, in their order.</summary>
    public static IEnumerable<string> Pages(int location) => from page in new[] { "", "-page-2", "-page-3" } select Read("api-json", $"custom-search-locationid-{location}-year-2020{page}.json");

    /// <summary>A file; where it is not there, the test is skipped and says so.</summary>
    public static string Read(params string[] path)
    {
        var file = Path.Combine([Folder, .. path]);
        Assert.SkipUnless(File.Exists(file), $"There is no {file}: PLEDGETRACKER_DATA names the folder of the published files.");
        return File.ReadAllText(file);
    }
}
