using PledgeTracker.Tests;

namespace PledgeTracker.UnitTests.Data;

/// <summary>Values of all filters that have matches in the made-up data.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, string> Values = new()
    {
        ["donor"] = "alpha",
        ["fund"] = "facility",
        ["recipient"] = "ngo-one",
        ["country"] = "IRQ",
        ["event"] = "conference-a",
        ["status"] = "announced",
        ["instrument"] = "grant",
        ["grantsOnly"] = "true",
        ["origin"] = "direct",
        ["currency"] = "USD",
        ["announcedFrom"] = "2024-01-01",
        ["announcedTo"] = "2026-12-31",
        ["minAmountUsd"] = "1",
        ["maxAmountUsd"] = "1000000000",
        ["overdue"] = "true",
        ["q"] = "alpha",
        ["stage"] = "payment",
        ["from"] = "2022-01-01",
        ["to"] = "2026-12-31",
        ["includeReversed"] = "true",
        ["type"] = "10",
        ["kind"] = "programme",
        ["parent"] = "umbrella",
        ["basis"] = "reported",
        ["current"] = "true",
        ["statedFrom"] = "2022-01-01",
        ["statedTo"] = "2026-12-31",
        ["reliability"] = "primary",
        ["after"] = "1",
        ["entity"] = "pledge",
        ["actor"] = "test",
        ["verification"] = "reported",
        ["measure"] = "schools-open",
        ["externalSystem"] = "fts",
        ["externalId"] = "77",
        ["changedSince"] = "2",
        ["record"] = "noted-1",
    };

    public static string Value(string filter, GeneratedServer server) => filter == "pledge" ? server.BusyPledge
        : filter == "recordedBy" ? server.Recorder
        : Values.TryGetValue(filter, out var value) ? value
        : throw new InvalidOperationException($"Give the filter {filter} a value that has matches.");
}
