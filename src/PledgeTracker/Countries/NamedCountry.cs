using System.Text.Json.Serialization;

namespace PledgeTracker.Countries;

/// <summary>A country in a list.</summary>
public sealed record CountryItem
{
    /// <summary>ISO 3166-1 alpha-3, or the code that ISO 3166-3 gives for one that was withdrawn.</summary>
    [Hxl("#country+code")]
    public required string Code { get; init; }

    [Hxl("#country+name")]
    public required string Name { get; init; }

    /// <summary>Whether the code was withdrawn: it says where the money of its time went.</summary>
    public required bool Withdrawn { get; init; }
}

/// <summary>A country, in both languages.</summary>
public sealed record NamedCountry : IVersioned
{
    /// <inheritdoc cref="CountryItem.Code"/>
    public required string Code { get; init; }

    public required LocalizedText Name { get; init; }

    /// <inheritdoc cref="CountryItem.Withdrawn"/>
    public required bool Withdrawn { get; init; }

    /// <summary>Other names, in any language, by which it and what is of it are found as well. Many are known without being listed here: official ones, and those that went before.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>A country as it is read.</summary>
internal sealed record CountryRow
{
    /// <summary>What is selected, in front of the WHERE that finds <c>country k</c>.</summary>
    public const string Select = "SELECT k.code, k.aliases, k.version FROM country k";

    public required string Code { get; init; }
    public required string[] Aliases { get; init; }
    public required long Version { get; init; }

    /// <summary>The country with this code; null where there is none.</summary>
    public static Task<CountryRow?> FindAsync(Session session, string code) => session.Sql.QueryFirstOrDefaultAsync<CountryRow>($"{Select} WHERE k.code = @code", new { code });

    public NamedCountry ToCountry() => new() { Code = Code, Name = Country.NameOf(Code)!, Withdrawn = Country.IsWithdrawn(Code), Aliases = Aliases, Version = Version };
}
