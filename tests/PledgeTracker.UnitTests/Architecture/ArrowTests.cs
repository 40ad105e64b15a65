using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using PledgeTracker.Tests;

namespace PledgeTracker.UnitTests.Architecture;

/// <summary>Which part of the house knows which, as the compiled program has it: in signatures, attributes and bodies of methods.</summary>
public sealed partial class ArrowTests
{
    private const string House = "PledgeTracker.";

    // Which parts a part may know beside itself. What is not named here is a feature, and may know all of these.
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["Words"] = [],
        ["Data"] = ["Words"],
        ["Http"] = ["Data", "Words"],
        ["Ledger"] = ["Http", "Data", "Words"],
    };

    // The files of Data/ in which the engines differ.
    private static readonly string[] OfTheEngines = ["Sqlite", "KeepingConnection", "Postgres", "Columns"];

    private static readonly List<IType> Types = [.. new ArchLoader().LoadAssemblies(typeof(Program).Assembly).Build().Types.Where(t => t.FullName.StartsWith(House, StringComparison.Ordinal))];

    [Fact]
    public void Words_know_nothing_data_knows_words_requests_know_data_and_none_of_them_knows_the_ledger_or_a_feature()
    {
        var parts = Types.Select(Part).ToHashSet();
        Assert.Superset(Known.Keys.ToHashSet(), parts);
        var wrong = from type in Types
                    let part = Part(type)
                    where Known.ContainsKey(part)
                    from target in Targets(type)
                    where target.StartsWith(House, StringComparison.Ordinal)
                    let other = Part(target)
                    where other != part && !Known[part].Contains(other)
                    select $"{type.FullName} knows {target}";
        Assert.Empty(wrong.Distinct().Order());
    }

    [Fact]
    public void Only_the_files_of_the_engines_know_a_provider()
    {
        var wrong = (from type in Types
                     where Part(type) != "Data" || !OfTheEngines.Contains(Name().Match(type.FullName[(House.Length + "Data.".Length)..]).Value)
                     from target in Targets(type)
                     where Provider().IsMatch(target)
                     select $"{type.FullName} knows {target}").Distinct().ToList();
        Assert.Empty(wrong);
        Assert.All(OfTheEngines, name => Assert.Contains(Types.Where(t => t.FullName.StartsWith($"{House}Data.{name}", StringComparison.Ordinal)).SelectMany(Targets), Provider().IsMatch));
    }

    [Fact]
    public void Nothing_calls_native_code_writes_JSON_by_hand_or_names_an_index_to_a_planner()
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "src", "PledgeTracker"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToList();
        Assert.True(sources.Count > 100);
        Assert.Empty(sources.SelectMany(file => Unwanted().Matches(File.ReadAllText(file)).Select(found => $"{file}: {found.Value}")));
    }

    private static string Part(IType type) => Part(type.FullName);

    private static string Part(string name) => name[House.Length..].Split('.')[0];

    // What stands for a type in a base of ours (TRequest) is none itself.
    private static IEnumerable<string> Targets(IType type) => type.Dependencies.Select(d => d.Target.FullName).Where(target => !target.Contains("+<", StringComparison.Ordinal));

    [GeneratedRegex(@"^\w+")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?:Microsoft\.Data\.Sqlite|SQLitePCL|Npgsql)\.")]
    private static partial Regex Provider();

    [GeneratedRegex(@"\b(?:DllImport|LibraryImport|INDEXED BY|NOT INDEXED|new Utf8JsonWriter|unsafe(?=\s+[\w{]))\b")]
    private static partial Regex Unwanted();
}
