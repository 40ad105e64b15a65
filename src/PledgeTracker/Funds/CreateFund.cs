using System.Text.Json;
using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Funds;

/// <summary>Enters a fund: what money is given to.</summary>
internal sealed class CreateFund : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/funds", Handle).Writes("CreateFund", "Funds",
        "Enter a fund", "What money is given to.", Role.Editor);

    /// <param name="Id">A readable id; it never changes.</param>
    /// <param name="Name">In English, Arabic or both.</param>
    /// <param name="Kind">What sort of fund it is.</param>
    /// <param name="ParentId">The umbrella it stands under. Its figures stay its own.</param>
    /// <param name="AdministratorId">The organization that runs it.</param>
    /// <param name="Countries">Where it works: ISO 3166-1 alpha-3.</param>
    public sealed record Request(
        string? Id = null, LocalizedText? Name = null, string? Kind = null, LocalizedText? Description = null, string? ParentId = null,
        string? AdministratorId = null, IReadOnlyList<string>? Countries = null, string? Website = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Id).Needed().IsSlug();
            RuleFor(r => r.Name).Needed().IsText(300);
            RuleFor(r => r.Kind).Needed().IsOneOf(Words.FundKinds);
            RuleFor(r => r.Description).IsText(4000);
            RuleFor(r => r.ParentId).IsSlug();
            RuleFor(r => r.AdministratorId).IsSlug();
            RuleFor(r => r.Countries).HasAtMost(250).HasNoRepeats();
            RuleForEach(r => r.Countries).IsCountry();
            RuleFor(r => r.Website).IsWebAddress();
        }
    }

    private static Task<Recorded<Fund>> Handle(WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller.Actor, request.Body).Then<Made<Fund>>(id => GetFund.Load(write, id, request.View)!));

    internal static Outcome<string> Record(Write write, ChangeLog log, Actor actor, Request request)
    {
        var references = new References(write);
        references.Fund("/parentId", request.ParentId);
        references.Organization("/administratorId", request.AdministratorId);
        if (references.Faults.Count > 0)
        {
            return references.Faults;
        }

        if (write.First<string>("SELECT id FROM fund WHERE id = @id", ("@id", request.Id)) is not null)
        {
            return Refusal.Conflict($"There is a fund {request.Id} already.", $"يوجد صندوق بالمعرف {request.Id} من قبل.", $"/v1/funds/{request.Id}");
        }

        var version = log.Append(write, actor, "created", "fund", request.Id!, request);
        write.Execute("""
            INSERT INTO fund (id, name_en, name_ar, kind, description_en, description_ar, parent_id, administrator_id, countries, website, search, version)
            VALUES (@id, @nameEn, @nameAr, @kind, @descriptionEn, @descriptionAr, @parent, @administrator, @countries, @website, @search, @version)
            """,
            ("@id", request.Id), ("@nameEn", request.Name!.En), ("@nameAr", request.Name.Ar), ("@kind", request.Kind),
            ("@descriptionEn", request.Description?.En), ("@descriptionAr", request.Description?.Ar), ("@parent", request.ParentId),
            ("@administrator", request.AdministratorId), ("@countries", JsonSerializer.Serialize(request.Countries ?? [])), ("@website", request.Website),
            ("@search", SearchText.Fold(request.Id, request.Name.En, request.Name.Ar)), ("@version", version));
        return request.Id!;
    }
}
