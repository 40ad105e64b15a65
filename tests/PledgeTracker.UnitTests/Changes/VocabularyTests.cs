using System.Text.RegularExpressions;
using PledgeTracker.Ledger;
using PledgeTracker.Tests;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Changes;

public sealed partial class VocabularyTests
{
    [Fact]
    public void The_words_of_changes_are_those_that_the_operations_append()
    {
        var appended = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "PledgeTracker"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Appended().Matches(File.ReadAllText(file))).ToList();

        // A finding, a redaction and a statement have no word of their own in the call.
        Assert.Equal(Vocabulary.Actions.Order(StringComparer.Ordinal),
            Words("action").Union(Vocabulary.Verifications.Except(["reported"])).Append(RedactionChange.Action).Order(StringComparer.Ordinal));
        Assert.Equal(Vocabulary.Entities.Order(StringComparer.Ordinal), Words("entity").Union(["requirement", "shortfall"]).Order(StringComparer.Ordinal));

        IEnumerable<string> Words(string group) => appended.Select(call => call.Groups[group]).Where(word => word.Success).Select(word => word.Value).Distinct();
    }

    [GeneratedRegex(@"ChangeLog\.AppendAsync\(write, (""(?<action>\w+)""|[\w.]+), (""(?<entity>\w+)""|\w+),", RegexOptions.ExplicitCapture)]
    private static partial Regex Appended();
}
