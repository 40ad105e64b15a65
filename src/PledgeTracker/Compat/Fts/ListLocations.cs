namespace PledgeTracker.Compat.Fts;

/// <summary>All countries, with the numbers that they are asked for by.</summary>
public sealed class ListLocations : FtsReads<ListLocations.Request, IReadOnlyList<FtsPlace>>
{
    public sealed record Request : FtsRequest;

    public sealed class Rules : FtsRules<Request>;

    public override void Configure() => Answers("Countries", "/v1/public/location");

    protected override async Task<FtsAnswer<IReadOnlyList<FtsPlace>>> ReadAsync(Request request, View view)
    {
        var numbers = await Numbers.OfAsync(view);
        return Ok([.. Country.Names.Keys.Where(code => !Country.IsWithdrawn(code)).Order(StringComparer.Ordinal).Select(code => FtsPlace.Of(code, numbers, Reader.Language))]);
    }
}

/// <param name="Iso3">ISO 3166-1 alpha-3.</param>
public sealed record FtsPlace(long Id, string Iso3, string Name)
{
    /// <summary>A country is on the first level.</summary>
    public int AdminLevel => 0;

    internal static FtsPlace Of(string code, Numbers numbers, Language language) => new(numbers.OfPlace(code), code, Country.NameOf(code)!.In(language)!);
}
