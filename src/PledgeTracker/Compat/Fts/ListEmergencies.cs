namespace PledgeTracker.Compat.Fts;

/// <summary>The emergencies of a country: none, since the ledger does not say which emergency is whose. Flows are asked for by the numbers that imports told.</summary>
public sealed class ListEmergencies : FtsReads<ListEmergencies.Request, IReadOnlyList<string>>
{
    /// <param name="Iso3">ISO 3166-1 alpha-3.</param>
    public sealed record Request(string Iso3) : FtsRequest;

    public sealed class Rules : FtsRules<Request>;

    public override void Configure() => Answers("The emergencies of a country", "/v1/public/emergency/country/{iso3}");

    protected override Task<FtsAnswer<IReadOnlyList<string>>> ReadAsync(Request request, View view) =>
        Task.FromResult(new FtsAnswer<IReadOnlyList<string>>([], new(Reader.Language.Code())));
}
