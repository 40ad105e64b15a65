namespace PledgeTracker.Changes;

/// <summary>Recomputes the hash chain of the change log.</summary>
public sealed class VerifyChanges : Reads<VerifyChanges.Request, ChainReport>
{
    /// <summary>A longer range would outlast a read's deadline.</summary>
    private const int Longest = 100_000;

    /// <param name="From">The first sequence to check.</param>
    /// <param name="To">The last sequence to check; at most 100000 are checked at once.</param>
    public sealed record Request(int? From = null, int? To = null) : ReadRequest;

    public sealed class Rules : ReadRules<Request>
    {
        public Rules()
        {
            RuleFor(r => r.From).IsWithin(1, int.MaxValue, 1);
            RuleFor(r => r.To).IsWithin(1, int.MaxValue, int.MaxValue);
            RuleFor(r => r.To).IsNotBelow("from", r => r.From);
        }
    }

    public override void Configure()
    {
        Get("/v1/changes/verify");
        Tells("Changes", "Verify the change log", "Recomputes the chain of hashes over a range of changes and says what does not hold. Changes that were redacted are told apart.", 401, 403);
        Needs(Role.Admin);
    }

    protected override async Task<ChainReport> ReadAsync(Request request, View view)
    {
        var from = request.From ?? 1;
        var to = Math.Min(request.To ?? int.MaxValue, (long)from + Longest - 1);
        var (faults, done, redacted) = await ChainCheck.RunAsync(view, from, to);
        return new ChainReport(from, Math.Min(to, view.Head.Sequence), done, faults.Count == 0, faults, redacted);
    }
}

/// <summary>What the check found.</summary>
/// <param name="Checked">How many changes were looked at.</param>
/// <param name="Clean">Everything holds.</param>
/// <param name="Faults">What does not, a line each. After a thousand of them no more changes are looked at.</param>
/// <param name="Redacted">The changes that a redaction blanked free text in, by their sequence. What they said is not proven any more; that nothing else of them changed since is.</param>
public sealed record ChainReport(long From, long To, long Checked, bool Clean, IReadOnlyList<string> Faults, IReadOnlyList<long> Redacted);
