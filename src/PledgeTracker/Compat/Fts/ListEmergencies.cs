namespace PledgeTracker.Compat.Fts;

/// <summary>The emergencies of a country: none, since the ledger does not say which emergency is whose. Flows are asked for by the numbers that imports told.</summary>
public sealed class ListEmergencies : FtsReads<ListEmergencies.Request, IReadOnlyList<string>>
{
    public sealed record Request : FtsRequest
    {
        /// <summary>ISO 3166-1 alpha-3, in any case.</summary>
        public string Iso3 { get; init => field = value.ToUpperInvariant(); } = "";
    }

    public sealed class Rules : FtsRules<Request>
    {
        public Rules() => RuleFor(r => r.Iso3).IsCountry();
    }

    public override void Configure() => Answers("The emergencies of a country", "/v1/public/emergency/country/{iso3}");

    protected override Task<FtsAnswer<IReadOnlyList<string>>> ReadAsync(Request request, View view) =>
        Task.FromResult(Ok([]));
}
