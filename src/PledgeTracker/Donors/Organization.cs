using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Donors;

/// <summary>An organization in a list.</summary>
public sealed record OrganizationItem
{
    public required string Id { get; init; }

    public required string? Name { get; init; }

    /// <summary>IATI OrganisationType code: 10 government, 11 local government, 15 other public sector, 21 international NGO, 22 national NGO,
    /// 23 regional NGO, 30 public-private partnership, 40 multilateral, 60 foundation, 70 private sector, 80 academic, 90 other; or `group`
    /// for partners who pledge together and publish no split.</summary>
    [OneOf(nameof(Words.OrganizationTypes))]
    public required string Type { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public required string? Country { get; init; }
}

/// <summary>An organization, its texts in both languages.</summary>
public sealed record Organization
{
    public required string Id { get; init; }

    public required LocalizedText Name { get; init; }

    /// <inheritdoc cref="OrganizationItem.Type"/>
    [OneOf(nameof(Words.OrganizationTypes))]
    public required string Type { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public required string? Country { get; init; }

    public required LocalizedText? Description { get; init; }

    public required string? Website { get; init; }
}

internal sealed record OrganizationRow
{
    public const string Columns = "o.id, o.name_en, o.name_ar, o.type, o.country, o.description_en, o.description_ar, o.website, o.merged_into, o.version";

    public required string Id { get; init; }

    public string? NameEn { get; init; }

    public string? NameAr { get; init; }

    public required string Type { get; init; }

    public string? Country { get; init; }

    public string? DescriptionEn { get; init; }

    public string? DescriptionAr { get; init; }

    public string? Website { get; init; }

    public string? MergedInto { get; init; }

    public required long Version { get; init; }

    public OrganizationItem ToItem(Language language) =>
        new() { Id = Id, Name = new LocalizedText(NameEn, NameAr).In(language), Type = Type, Country = Country };

    public Organization ToOrganization() => new()
    {
        Id = Id,
        Name = new(NameEn, NameAr),
        Type = Type,
        Country = Country,
        Description = LocalizedText.Of(DescriptionEn, DescriptionAr),
        Website = Website,
    };
}
