using PledgeTracker.Shortfalls;

namespace PledgeTracker.Funds;

/// <summary>One fund: its figures, what it needs and what it lacks.</summary>
public sealed class GetFund : Reads<GetFund.Request, Fund>
{
    /// <param name="Id" example="undp-ffs">The fund's id.</param>
    public sealed record Request(string Id) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/funds/{id}");
        Tells("Funds", "One fund",
            "Its figures over all instruments and for each, what it needs, and the shortfalls that are current. Its pledges: `/v1/pledges?fund={id}`.", 404);
    }

    protected override async Task<Fund> ReadAsync(Request request, View view) =>
        await FindAsync(view, request.Id, Reader) ?? throw await MissingAsync(view, request.Id);

    internal static Task<Refused> MissingAsync(Session session, string id) => References.MissingAsync(session, "fund", id, $"There is no fund {id}.", $"لا يوجد صندوق بالمعرف {id}.");

    /// <summary>A fund as it is shown, to those who read and in the answers of those who write; null where there is none.</summary>
    internal static async Task<Fund?> FindAsync(Session session, string id, Reader reader)
    {
        if (await FundRow.FindAsync(session, id, reader) is not { } row)
        {
            return null;
        }

        var (all, byInstrument) = (await Totals.OfAsync(session, "fund", [id]))[id];
        var requirements = (await session.Sql.QueryAsync<RequirementRow>(
            $"{RequirementRow.Select(reader)} WHERE t.fund_id = @id ORDER BY t.stated_on DESC, t.id DESC LIMIT 50", new { id })).AsList();
        var current = (await session.Sql.QueryAsync<ShortfallRow>($"""
            {ShortfallRow.Select(null, changing: false, reader, "WHERE t.fund_id = @id AND x.no IS NULL ORDER BY t.stated_on DESC, t.id DESC LIMIT 50")}
            ORDER BY t.basis DESC, t.stated_on DESC, t.id DESC LIMIT 50
            """, new { id })).AsList();
        var (shortfalls, citations) = await ShortfallRow.ShowAsync(session, current, reader, LocalizedText.Of, requirements.Select(r => r.No));
        return new Fund
        {
            Id = row.Id,
            Name = row.Name,
            Kind = row.Kind,
            Description = row.Description,
            Parent = Ref.Of(row.ParentId, row.ParentName),
            Administrator = Ref.Of(row.AdministratorId, row.AdministratorName),
            Countries = row.Countries,
            Website = row.Website,
            Aliases = row.Aliases,
            Figures = all,
            ByInstrument = byInstrument,
            Requirements = requirements.ConvertAll(r => r.ToRequirement(citations[r.No], LocalizedText.Of)),
            CurrentShortfalls = shortfalls,
            Redacted = row.Redacted,
            Version = row.Version,
        };
    }
}
