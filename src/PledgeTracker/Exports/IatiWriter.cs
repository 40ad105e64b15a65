using System.Xml;

namespace PledgeTracker.Exports;

/// <summary>An organization as IATI names it.</summary>
internal sealed record IatiParty
{
    public required string Id { get; init; }
    public string? NameEn { get; init; }
    public string? NameAr { get; init; }
    public required string Type { get; init; }

    public LocalizedText Name => new(NameEn, NameAr);
}

/// <summary>An activity of IATI: a fund, whom money is given to outside of any, or the money that names neither.</summary>
internal sealed record IatiActivity
{
    /// <summary>`FUND`, `RECIPIENT` or `UNSPECIFIED`.</summary>
    public required string Kind { get; init; }

    /// <summary>The fund's or the organization's; empty where there is neither.</summary>
    public required string Id { get; init; }

    public string? NameEn { get; init; }
    public string? NameAr { get; init; }
    public string? DescriptionEn { get; init; }
    public string? DescriptionAr { get; init; }
    public required string[] Countries { get; init; }
    public string? Website { get; init; }
    public string? ParentId { get; init; }
    public string? AdministratorId { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>How many headers it has at most.</summary>
    public required long Headers { get; init; }

    public LocalizedText Name => new(NameEn, NameAr);

    public string Identifier => IdentifierOf(Kind, Id);

    public static string IdentifierOf(string kind, string id) => $"{IatiWriter.Prefix}-{kind}{(id.Length == 0 ? "" : "-")}{id}";
}

/// <summary>Writes activities of IATI 2.03, their elements in the order of its schema.</summary>
internal sealed class IatiWriter(XmlWriter xml)
{
    /// <summary>Names us, and everything that is called by an id of ours: no register has given it.</summary>
    public const string Prefix = "PLEDGETRACKER";

    // What IATI has no word for.
    private const string Own = "urn:pledgetracker:iati";

    // OECD DAC: developing countries, unspecified; sectors not specified.
    private const string UnspecifiedRegion = "998";
    private const string UnspecifiedSector = "99810";

    private static readonly LocalizedText ReportedBy = new("PledgeTracker", "PledgeTracker");

    // What is surely meant by a word of ours: https://iatistandard.org/en/iati-standard/203/codelists/financetype/ and …/earmarkingcategory/
    private static readonly Dictionary<string, string> FinanceTypes = new() { ["grant"] = "110", ["loan"] = "421", ["guarantee"] = "1100" };

    private static readonly Dictionary<string, string> EarmarkingCategories = new()
    {
        ["unearmarked"] = "1",
        ["softly_earmarked"] = "2",
        ["earmarked"] = "3",
        ["tightly_earmarked"] = "4",
    };

    public void Begin(DateTimeOffset at)
    {
        // A writer of text would call it UTF-16.
        xml.WriteRaw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        xml.WriteStartElement("iati-activities");
        xml.WriteAttributeString("xmlns", "pt", null, Own);
        xml.WriteAttributeString("version", "2.03");
        xml.WriteAttributeString("generated-datetime", Iso.Instant(at));
    }

    /// <summary>Begins an activity: all that stands in front of its budgets.</summary>
    /// <param name="descriptions">The first says what it is; others are told beside.</param>
    /// <param name="parties">Who takes part, with IATI's OrganisationRole.</param>
    /// <param name="place">Where it works, where no transaction says so.</param>
    public void BeginActivity(IatiActivity activity, IReadOnlyList<LocalizedText> descriptions, IEnumerable<(string Role, IatiParty Party)> parties, bool hasMoney, DateOnly since, IReadOnlyList<string>? place)
    {
        xml.WriteStartElement("iati-activity");
        xml.WriteAttributeString("last-updated-datetime", Iso.Instant(activity.ChangedAt));
        xml.WriteAttributeString("xml", "lang", null, "en");
        xml.WriteAttributeString("default-currency", "USD");
        xml.WriteElementString("iati-identifier", activity.Identifier);
        // Of what others pledged and paid nobody here is the first to tell.
        Element("reporting-org", ReportedBy, ("ref", Prefix), ("type", "90"), ("secondary-reporter", "1"));
        Element("title", activity.Name);
        foreach (var (i, description) in descriptions.Index())
        {
            Element("description", description, ("type", i == 0 ? "1" : "4"));
        }

        var hasParty = false;
        foreach (var (role, party) in parties)
        {
            Party("participating-org", party, ("role", role));
            hasParty = true;
        }

        if (!hasParty)
        {
            Element("participating-org", activity.Name, ("role", "4"));
        }

        Code("activity-status", hasMoney ? "2" : "1");
        xml.WriteStartElement("activity-date");
        xml.WriteAttributeString("type", hasMoney ? "2" : "1");
        xml.WriteAttributeString("iso-date", Iso.Date(since));
        xml.WriteEndElement();
        if (activity.Website is not null)
        {
            xml.WriteStartElement("contact-info");
            xml.WriteElementString("website", Text.InXml(activity.Website));
            xml.WriteEndElement();
        }

        if (place is not null)
        {
            Place(place);
            Sector(null);
        }
    }

    /// <param name="type">IATI's BudgetType: 1 original, 2 revised.</param>
    public void Budget(string type, DateOnly start, DateOnly end, long cents, DateOnly stated, long minor, string currency)
    {
        xml.WriteStartElement("budget");
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("status", "1");
        Day("period-start", start);
        Day("period-end", end);
        Value(cents, stated, minor, currency);
        xml.WriteEndElement();
    }

    /// <param name="provider">Null where several pledged together.</param>
    public void PlannedDisbursement(DateOnly due, long cents, long minor, string currency, DateOnly pledged, IatiParty? provider, IatiParty? receiver, IatiActivity activity)
    {
        xml.WriteStartElement("planned-disbursement");
        Day("period-start", due);
        Value(cents, pledged, minor, currency);
        if (provider is not null)
        {
            Party("provider-org", provider);
        }

        Receiver(receiver, activity);
        xml.WriteEndElement();
    }

    /// <param name="country">ISO 3166-1 alpha-3; null where it is for none or for several.</param>
    /// <param name="sector">Likewise.</param>
    public void Transaction(string reference, IatiTransaction transaction, long cents, long? minor, LocalizedText description, IatiParty provider, IatiParty? receiver, IatiActivity activity,
        string? country, string? sector, string instrument, string? earmarking)
    {
        var entry = transaction.Entry;
        xml.WriteStartElement("transaction");
        xml.WriteAttributeString("ref", reference);
        // Its codes that begin with 7 are those of humanitarian aid.
        if (sector is ['7', ..])
        {
            xml.WriteAttributeString("humanitarian", "1");
        }

        Code("transaction-type", transaction.Type);
        Day("transaction-date", transaction.On);
        Value(cents, transaction.On, minor, entry.Currency);
        Element("description", description);
        Party("provider-org", provider);
        Receiver(receiver, activity);
        Sector(sector);
        Place(country is null ? [] : [country]);
        if (FinanceTypes.TryGetValue(instrument, out var financeType))
        {
            Code("finance-type", financeType);
        }

        if (EarmarkingCategories.TryGetValue(earmarking ?? "", out var category))
        {
            Code("aid-type", category, "2");
        }

        xml.WriteEndElement();
    }

    public void EndActivity(string? parent)
    {
        if (parent is not null)
        {
            xml.WriteStartElement("related-activity");
            xml.WriteAttributeString("ref", parent);
            xml.WriteAttributeString("type", "1");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    public void End()
    {
        xml.WriteEndElement();
        xml.Flush();
    }

    // A fund that nobody is said to administer receives itself.
    private void Receiver(IatiParty? receiver, IatiActivity activity)
    {
        if (receiver is not null)
        {
            Party("receiver-org", receiver, ("receiver-activity-id", activity.Identifier));
        }
        else if (activity.Id.Length > 0)
        {
            Element("receiver-org", activity.Name, ("receiver-activity-id", activity.Identifier));
        }
    }

    // Where IATI has no code of its own for a type (partners who pledge together, a fund that gives), none stands.
    private void Party(string element, IatiParty party, params ReadOnlySpan<(string Name, string Value)> attributes) => Element(element, party.Name,
        [("ref", $"{Prefix}-ORG-{party.Id}"), .. char.IsAsciiDigit(party.Type[0]) ? [("type", party.Type)] : Array.Empty<(string, string)>(), .. attributes]);

    // Without a percentage, a single one has it all.
    private void Place(IReadOnlyList<string> countries)
    {
        if (countries is [var country] && Country.Alpha2(country) is { } code)
        {
            Code("recipient-country", code);
        }
        else
        {
            Code("recipient-region", UnspecifiedRegion, "1");
        }
    }

    private void Sector(string? sector) => Code("sector", sector ?? UnspecifiedSector, "1");

    private void Code(string element, string code, string? vocabulary = null)
    {
        xml.WriteStartElement(element);
        if (vocabulary is not null)
        {
            xml.WriteAttributeString("vocabulary", vocabulary);
        }

        xml.WriteAttributeString("code", code);
        xml.WriteEndElement();
    }

    private void Day(string element, DateOnly day)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("iso-date", Iso.Date(day));
        xml.WriteEndElement();
    }

    /// <param name="minor">What was said, in its own currency.</param>
    private void Value(long cents, DateOnly day, long? minor, string currency)
    {
        xml.WriteStartElement("value");
        xml.WriteAttributeString("currency", "USD");
        xml.WriteAttributeString("value-date", Iso.Date(day));
        if (minor is { } amount && currency != "USD")
        {
            xml.WriteAttributeString("pt", "amount", Own, XmlConvert.ToString(Currency.Major(amount, currency)));
            xml.WriteAttributeString("pt", "currency", Own, currency);
        }

        xml.WriteString(XmlConvert.ToString(Currency.Usd(cents)));
        xml.WriteEndElement();
    }

    // A narrative in each language that there is.
    private void Element(string element, LocalizedText text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(element);
        foreach (var (name, value) in attributes)
        {
            xml.WriteAttributeString(name, value);
        }

        foreach (var (language, narrative) in ((string, string?)[])[("en", text.En), ("ar", text.Ar)])
        {
            if (narrative is not null)
            {
                xml.WriteStartElement("narrative");
                xml.WriteAttributeString("xml", "lang", null, language);
                xml.WriteString(Text.InXml(narrative));
                xml.WriteEndElement();
            }
        }

        xml.WriteEndElement();
    }
}
