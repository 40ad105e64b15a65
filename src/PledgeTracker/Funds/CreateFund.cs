namespace PledgeTracker.Funds;

/// <summary>Enters a fund: what money is given to.</summary>
public sealed class CreateFund : Writes<CreateFund.Request, Fund>
{
    /// <param name="Id">A readable id; it never changes.</param>
    /// <param name="Name">In English, Arabic or both.</param>
    /// <param name="Kind">What sort of fund it is.</param>
    /// <param name="ParentId">The umbrella it stands under. Its figures stay its own.</param>
    /// <param name="AdministratorId">The organization that runs it.</param>
    /// <param name="Countries">Where it works: ISO 3166-1 alpha-3.</param>
    /// <param name="Aliases">Other names, in any language, by which it is found as well.</param>
    public sealed record Request(
        string? Id = null, LocalizedText? Name = null, string? Kind = null, LocalizedText? Description = null, string? ParentId = null,
        string? AdministratorId = null, IReadOnlyList<string>? Countries = null, string? Website = null, IReadOnlyList<string>? Aliases = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Id).Needed().IsSlug();
            RuleFor(r => r.Name).Needed().IsName(300);
            RuleFor(r => r.Kind).Needed().IsOneOf(Vocabulary.FundKinds);
            RuleFor(r => r.Description).IsText(20_000);
            RuleFor(r => r.ParentId).IsSlug();
            RuleFor(r => r.AdministratorId).IsSlug();
            RuleFor(r => r.Countries).HasAtMost(250).HasNoRepeats();
            RuleForEach(r => r.Countries).IsCountry();
            RuleFor(r => r.Website).IsWebAddress();
            RuleFor(r => r.Aliases).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.Aliases).IsName(300);
        }
    }

    public override void Configure()
    {
        Post("/v1/funds");
        Tells("Funds", "Enter a fund", "What money is given to.", Role.Editor,
            example: new Request("mosul-recovery", new("Mosul recovery programme", "برنامج تعافي الموصل"), Kind: "programme", Countries: ["IRQ"]));
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => FindAsync(session, faults, request);

    protected override async Task<Made<Fund>> WriteAsync(Request request, Write write)
    {
        var shown = (await GetFund.FindAsync(write, await RecordAsync(write, request), Reader))!;
        return new(shown, $"/v1/funds/{shown.Id}", shown.Version);
    }

    /// <summary>Records it: for the API, and for whatever else brings funds. Its id.</summary>
    internal static async Task<string> RecordAsync(Write write, Request request)
    {
        var id = request.Id!;
        var faults = new Faults();
        await FindAsync(write, faults, request);
        faults.ThrowIfAny();
        if (await write.Sql.QueryFirstOrDefaultAsync<string>("SELECT id FROM fund WHERE id = @id", new { id }) is not null)
        {
            throw Refused.Conflict($"There is a fund {id} already.", $"يوجد صندوق بالمعرف {id} من قبل.", $"/v1/funds/{id}");
        }

        var version = await ChangeLog.AppendAsync(write, "created", "fund", id, request);
        await write.Sql.ExecuteAsync("""
            INSERT INTO fund (id, name_en, name_ar, kind, description_en, description_ar, parent_id, administrator_id, countries, website, aliases, search, version)
            VALUES (@Id, @nameEn, @nameAr, @Kind, @descriptionEn, @descriptionAr, @ParentId, @AdministratorId, @countries, @Website, @aliases, '', @version)
            """, Columns(request, version));
        await Searched.FollowAsync(write, "fund", id);
        return id;
    }

    /// <summary>Looks for what a fund names.</summary>
    internal static async Task FindAsync(Session session, Faults faults, Request request)
    {
        var references = new References(session, faults);
        await references.FundAsync("/parentId", request.ParentId);
        await references.OrganizationAsync("/administratorId", request.AdministratorId);
    }

    /// <summary>A fund as it is stored: for Dapper.</summary>
    internal static object Columns(Request request, long version) => new
    {
        request.Id, nameEn = request.Name!.En, nameAr = request.Name.Ar, request.Kind, descriptionEn = request.Description?.En, descriptionAr = request.Description?.Ar,
        request.ParentId, request.AdministratorId, countries = request.Countries?.ToArray() ?? [], request.Website,
        aliases = request.Aliases?.ToArray() ?? [], version,
    };
}
