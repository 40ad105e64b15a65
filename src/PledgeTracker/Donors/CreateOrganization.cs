using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Donors;

/// <summary>Enters an organization: a donor, a recipient, or both.</summary>
internal sealed class CreateOrganization : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/organizations", Handle).Writes("CreateOrganization", "Organizations",
        "Enter an organization", "A donor, a recipient, or both.", Role.Editor);

    /// <param name="Id">A readable id; it never changes.</param>
    /// <param name="Name">In English, Arabic or both.</param>
    /// <param name="Type">An IATI OrganisationType code, or `group`.</param>
    /// <param name="Country">ISO 3166-1 alpha-3.</param>
    public sealed record Request(
        string? Id = null, LocalizedText? Name = null, string? Type = null, string? Country = null, LocalizedText? Description = null, string? Website = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Id).Needed().IsSlug();
            RuleFor(r => r.Name).Needed().IsText(300);
            RuleFor(r => r.Type).Needed().IsOneOf(Words.OrganizationTypes);
            RuleFor(r => r.Country).IsCountry();
            RuleFor(r => r.Description).IsText(4000);
            RuleFor(r => r.Website).IsWebAddress();
        }
    }

    private static Task<Recorded<Organization>> Handle(WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller.Actor, request.Body).Then<Made<Organization>>(id => GetOrganization.Load(write, id)!));

    internal static Outcome<string> Record(Write write, ChangeLog log, Actor actor, Request request)
    {
        if (write.First<string>("SELECT id FROM organization WHERE id = @id", ("@id", request.Id)) is not null)
        {
            return Refusal.Conflict($"There is an organization {request.Id} already.", $"توجد جهة بالمعرف {request.Id} من قبل.", $"/v1/organizations/{request.Id}");
        }

        var version = log.Append(write, actor, "created", "organization", request.Id!, request);
        write.Execute("""
            INSERT INTO organization (id, name_en, name_ar, type, country, description_en, description_ar, website, search, version)
            VALUES (@id, @nameEn, @nameAr, @type, @country, @descriptionEn, @descriptionAr, @website, @search, @version)
            """,
            ("@id", request.Id), ("@nameEn", request.Name!.En), ("@nameAr", request.Name.Ar), ("@type", request.Type), ("@country", request.Country),
            ("@descriptionEn", request.Description?.En), ("@descriptionAr", request.Description?.Ar), ("@website", request.Website),
            ("@search", SearchText.Fold(request.Id, request.Name.En, request.Name.Ar)), ("@version", version));
        return request.Id!;
    }
}
