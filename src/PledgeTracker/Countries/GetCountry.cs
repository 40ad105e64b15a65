namespace PledgeTracker.Countries;

/// <summary>One country.</summary>
public sealed class GetCountry : Reads<GetCountry.Request, NamedCountry>
{
    /// <param name="Id" example="TUR">The country's code.</param>
    public sealed record Request(string Id) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/countries/{id}");
        Tells("Countries", "One country", "In both languages, with the other names that editors gave it.", 404);
    }

    protected override async Task<NamedCountry> ReadAsync(Request request, View view) =>
        (await CountryRow.FindAsync(view, request.Id) ?? throw Missing(request.Id)).ToCountry();

    internal static Refused Missing(string code) => Near.Of(code, Country.Names.Keys.Order(StringComparer.Ordinal)) is { } nearest
        ? Refused.Missing($"There is no country {code}. Did you mean {nearest}?", $"لا يوجد بلد بالرمز {code}. هل تقصد {nearest}؟")
        : Refused.Missing($"There is no country {code}.", $"لا يوجد بلد بالرمز {code}.");
}
