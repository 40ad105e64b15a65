using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Changes;

/// <summary>Recomputes the hash chain of the change log.</summary>
internal sealed class VerifyChanges : IEndpoint
{
    /// <summary>A longer range would outlast a read's deadline.</summary>
    private const int Longest = 100_000;

    private static readonly QueryParameter<int?> From = QueryParameter.Whole("from", "The first sequence to check.", 1, int.MaxValue, 1);
    private static readonly QueryParameter<int?> To = QueryParameter.Whole("to", $"The last sequence to check; at most {Longest} are checked at once.", 1, int.MaxValue, int.MaxValue);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/changes/verify", Handle).Reads("VerifyChanges", "Changes",
        "Verify the change log", "Recomputes the chain of hashes over a range of changes and says what does not hold.", From, To)
        .Guarded(Role.Admin);

    private static async Task<Results<Ok<Verification>, Invalid>> Handle(ReadRequest request)
    {
        if (QueryParameter.Reversed(request, [From, To]) is { Count: > 0 } reversed)
        {
            return new Invalid(Refusal.Invalid(reversed));
        }

        using var snapshot = await request.OpenAsync();
        var from = request.Get(From) ?? 1;
        var to = Math.Min(request.Get(To) ?? int.MaxValue, (long)from + Longest - 1);
        var (faults, done) = ChainCheck.Run(snapshot, from, to);
        return TypedResults.Ok(new Verification(from, Math.Min(to, snapshot.Version), done, faults.Count == 0, faults));
    }
}

/// <summary>What the check found.</summary>
/// <param name="Checked">How many changes were looked at.</param>
/// <param name="Clean">Everything holds.</param>
/// <param name="Faults">What does not, a line each.</param>
public sealed record Verification(long From, long To, long Checked, bool Clean, IReadOnlyList<string> Faults);
