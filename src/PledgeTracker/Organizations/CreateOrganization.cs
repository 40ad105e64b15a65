namespace PledgeTracker.Organizations;

/// <summary>Enters an organization: a donor, a recipient, or both.</summary>
public sealed class CreateOrganization : Writes<CreateOrganization.Request, Organization>
{
    /// <param name="Id">A readable id; it never changes.</param>
    /// <param name="Name">In English, Arabic or both.</param>
    /// <param name="Type">An IATI OrganisationType code, `group` for partners who pledge together and publish no split, or `pooled_fund` for a fund that itself gives.</param>
    /// <param name="Country">ISO 3166-1 alpha-3.</param>
    /// <param name="Aliases">Other names, in any language, by which it is found as well.</param>
    public sealed record Request(
        string? Id = null, LocalizedText? Name = null, string? Type = null, string? Country = null, LocalizedText? Description = null, string? Website = null,
        IReadOnlyList<string>? Aliases = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Id).Needed().IsSlug();
            RuleFor(r => r.Name).Needed().IsName(300);
            RuleFor(r => r.Type).Needed().IsOneOf(Vocabulary.OrganizationTypes);
            RuleFor(r => r.Country).IsCountry();
            RuleFor(r => r.Description).IsText(20_000);
            RuleFor(r => r.Website).IsWebAddress();
            RuleFor(r => r.Aliases).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.Aliases).IsName(300);
        }
    }

    public override void Configure()
    {
        Post("/v1/organizations");
        Tells("Organizations", "Enter an organization", "A donor, a recipient, or both.", Role.Editor,
            example: new Request("nor", new("Norway", "النرويج"), Type: "10", Country: "NOR"));
    }

    protected override async Task<Made<Organization>> WriteAsync(Request request, Write write)
    {
        var id = await RecordAsync(write, request);
        var shown = (await OrganizationRow.FindAsync(write, id))!.ToOrganization();
        return new(shown, $"/v1/organizations/{id}", shown.Version);
    }

    /// <summary>Records it: for the API, and for whatever else brings organizations. Its id.</summary>
    internal static async Task<string> RecordAsync(Write write, Request request)
    {
        var id = request.Id!;
        if (await OrganizationRow.FindAsync(write, id) is not null)
        {
            throw Refused.Conflict($"There is an organization {id} already.", $"توجد جهة بالمعرف {id} من قبل.", $"/v1/organizations/{id}");
        }

        var version = await ChangeLog.AppendAsync(write, "created", "organization", id, request);
        await write.Sql.ExecuteAsync("""
            INSERT INTO organization (id, name_en, name_ar, type, country, description_en, description_ar, website, aliases, search, version)
            VALUES (@Id, @nameEn, @nameAr, @Type, @Country, @descriptionEn, @descriptionAr, @Website, @aliases, '', @version)
            """, Columns(request, version));
        await Searched.FollowAsync(write, "organization", id);
        return id;
    }

    /// <summary>An organization as it is stored: for Dapper.</summary>
    internal static object Columns(Request request, long version) => new
    {
        request.Id, nameEn = request.Name!.En, nameAr = request.Name.Ar, request.Type, request.Country, descriptionEn = request.Description?.En,
        descriptionAr = request.Description?.Ar, request.Website, aliases = request.Aliases?.ToArray() ?? [], version,
    };
}
