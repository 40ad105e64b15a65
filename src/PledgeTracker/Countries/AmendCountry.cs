using System.Text.Json.Nodes;

namespace PledgeTracker.Countries;

/// <summary>Says what else a country is called.</summary>
public sealed class AmendCountry : Writes<Patch<AmendCountry.Request>, NamedCountry>
{
    /// <param name="Aliases">Other names, in any language, by which it and what is of it are found as well.</param>
    public sealed record Request(IReadOnlyList<string>? Aliases = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Aliases).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.Aliases).IsName(300);
        }
    }

    public override void Configure()
    {
        Patch("/v1/countries/{id}");
        Tells("Countries", "Amend a country", "Its other names (RFC 7396); code and name are those of ISO 3166 and stay. The history shows what was there before.", Role.Editor,
            example: new JsonObject { ["aliases"] = new JsonArray("Republic of Turkey", "الجمهورية التركية") });
    }

    protected override async Task<Made<NamedCountry>> WriteAsync(Patch<Request> request, Write write)
    {
        var row = await CountryRow.FindAsync(write, request.Id) ?? throw GetCountry.Missing(request.Id);
        var before = new Request(row.Aliases);
        var after = await request.ApplyToAsync(before, row.Version, new Rules());
        var aliases = after.Aliases?.ToArray() ?? [];
        if (aliases.SequenceEqual(row.Aliases))
        {
            return new(row.ToCountry(), Version: row.Version, Status: 200);
        }

        var version = await ChangeLog.AppendAsync(write, "amended", "country", row.Code, after, before);
        await write.Sql.ExecuteAsync("UPDATE country SET aliases = @aliases, search = @search, version = @version WHERE code = @Code",
            new { aliases, search = Searched.OfCountry(row.Code, aliases), version, row.Code });
        return new((await CountryRow.FindAsync(write, row.Code))!.ToCountry(), Version: version, Status: 200);
    }
}
