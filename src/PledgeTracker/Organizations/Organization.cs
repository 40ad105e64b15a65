using System.Text.Json.Serialization;

namespace PledgeTracker.Organizations;

/// <summary>An organization in a list.</summary>
public sealed record OrganizationItem
{
    [Hxl("#org+code")]
    public required string Id { get; init; }

    [Hxl("#org+name")]
    public required string? Name { get; init; }

    /// <summary>IATI OrganisationType code: 10 government, 11 local government, 15 other public sector, 21 international NGO, 22 national NGO,
    /// 23 regional NGO, 30 public-private partnership, 40 multilateral, 60 foundation, 70 private sector, 80 academic, 90 other; or `group`
    /// for partners who pledge together and publish no split, or `pooled_fund` for a fund that itself gives.</summary>
    [OneOf(nameof(Vocabulary.OrganizationTypes))]
    [Hxl("#org+type")]
    public required string Type { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    [Hxl("#country+code")]
    public required string? Country { get; init; }

    /// <summary>The organization that stands for it since they were merged; such organizations are listed with `changedSince` alone.</summary>
    public required string? MergedInto { get; init; }
}

/// <summary>An organization, its texts in both languages.</summary>
public sealed record Organization : IVersioned
{
    public required string Id { get; init; }

    public required LocalizedText Name { get; init; }

    /// <inheritdoc cref="OrganizationItem.Type"/>
    [OneOf(nameof(Vocabulary.OrganizationTypes))]
    public required string Type { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public required string? Country { get; init; }

    public required LocalizedText? Description { get; init; }

    public required string? Website { get; init; }

    /// <summary>Other names, in any language, by which it is found as well.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Set where an admin blanked free text of it.</summary>
    public required Redacted? Redacted { get; init; }

    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>An organization as it is read, for whatever shows it or is asked to change it.</summary>
internal sealed record OrganizationRow : RedactableRow
{
    /// <summary>What is selected, in front of the WHERE that finds <c>organization o</c>.</summary>
    public const string Select = $"""
        SELECT o.id, o.name_en, o.name_ar, o.type, o.country, o.description_en, o.description_ar, o.website, o.aliases, o.merged_into, o.version,
               {RedactionColumns}
        FROM organization o LEFT JOIN redaction rd ON rd.seq = o.redacted_by
        """;

    public required string Id { get; init; }
    public string? NameEn { get; init; }
    public string? NameAr { get; init; }
    public required string Type { get; init; }
    public string? Country { get; init; }
    public string? DescriptionEn { get; init; }
    public string? DescriptionAr { get; init; }
    public string? Website { get; init; }
    public required string[] Aliases { get; init; }
    public string? MergedInto { get; init; }
    public required long Version { get; init; }

    public LocalizedText Name => new(NameEn, NameAr);

    public LocalizedText? Description => LocalizedText.Of(DescriptionEn, DescriptionAr);

    /// <summary>The organization with this id, merged or not; null where there is none.</summary>
    public static Task<OrganizationRow?> FindAsync(Session session, string id) =>
        session.Sql.QueryFirstOrDefaultAsync<OrganizationRow>($"{Select} WHERE o.id = @id", new { id });

    /// <exception cref="Refused">It was merged: nothing more is written about it.</exception>
    public void ThrowIfMerged()
    {
        if (MergedInto is { } survivor)
        {
            throw Refused.Conflict($"{Id} was merged into {survivor} already.", $"سبق دمج {Id} في {survivor}.", $"/v1/organizations/{survivor}");
        }
    }

    public Organization ToOrganization() => new()
    {
        Id = Id,
        Name = Name,
        Type = Type,
        Country = Country,
        Description = Description,
        Website = Website,
        Aliases = Aliases,
        Redacted = Redacted,
        Version = Version,
    };
}
