using System.Collections.Frozen;
using System.Xml.Linq;
using System.Xml.XPath;

namespace PledgeTracker.Http;

/// <summary>What the document says of members: the comments of the code, and for members that are the same wherever they stand what they are.</summary>
internal static class OpenApiComments
{
    /// <summary>What a member of this name is where its own comment says nothing else.</summary>
    public static readonly FrozenDictionary<string, string> OfName = new Dictionary<string, string>
    {
        ["id"] = "Its id: it stands in its address and never changes.",
        ["name"] = "What it is called; in a list, in the reader's language or else in the other.",
        ["title"] = "What it is called; in a list, in the reader's language or else in the other.",
        ["publisher"] = "Who published it.",
        ["description"] = "What it is, in words.",
        ["note"] = "Whatever else is to be said.",
        ["kind"] = "What it is: one of the words.",
        ["type"] = "IATI OrganisationType, `group` or `pooled_fund`.",
        ["role"] = "What the key may do: each role may do what those before it may.",
        ["status"] = "How far it has come.",
        ["country"] = "ISO 3166-1 alpha-3.",
        ["countries"] = "ISO 3166-1 alpha-3.",
        ["amount"] = "In whole units of the currency, with no more decimals than it has.",
        ["amountUsd"] = "The same in US dollars.",
        ["currency"] = "ISO 4217.",
        ["qualifier"] = "How exact the amount is: `exact`, `approximate`, `at_least` or `at_most`.",
        ["usdQualifier"] = "How exact the US dollars are, where that is not how exact the amount is.",
        ["rateProvider"] = "Whose exchange rate the US dollars were computed by; null where they were given.",
        ["date"] = "The day, `yyyy-MM-dd`.",
        ["valueDate"] = "The day that was given.",
        ["statedOn"] = "The day on which it was stated.",
        ["statedBy"] = "Who stated it.",
        ["announcedOn"] = "The day on which it was announced.",
        ["publishedOn"] = "The day of publication.",
        ["startsOn"] = "The first day.",
        ["endsOn"] = "The last day; null where it is the first.",
        ["place"] = "Where it is.",
        ["dueOn"] = "The day by which all of it is to be paid.",
        ["periodStart"] = "The first day of the period.",
        ["periodEnd"] = "The last day of the period.",
        ["datePrecision"] = "How exact the date is: the day, some day of its month or year, or about then.",
        ["dateQualifier"] = "Whether the date is exact.",
        ["instalments"] = "When which part of the promise is to be paid.",
        ["instrument"] = "How the money is given: grant, loan and so on; they are never silently mixed.",
        ["byInstrument"] = "The figures again, apart by how the money is given.",
        ["earmarking"] = "How closely the donor says what the money is for.",
        ["usageYears"] = "The years that the money is for.",
        ["shared"] = "Whether its countries share it without a published split.",
        ["fundId"] = "The fund that it is given to.",
        ["recipientId"] = "The organization that it is given to.",
        ["eventId"] = "The event at which it was announced.",
        ["donorId"] = "The donor.",
        ["entityId"] = "The id of what was changed.",
        ["restates"] = "The pledge whose money it announces again: it is counted there.",
        ["passedOnFrom"] = "The pledge whose money it passes on: it is counted there.",
        ["citations"] = "The documents that it rests on.",
        ["reference"] = "The number that the payer or the recipient gave it.",
        ["externalSystem"] = "The system that gave the external id, such as `fts`.",
        ["externalId"] = "The id that it has in that system.",
        ["website"] = "Its address on the web.",
        ["url"] = "Its address on the web.",
        ["language"] = "The language that it is in: a BCP 47 tag.",
        ["reliability"] = "Whether it is the source itself, or tells of one.",
        ["value"] = "The number that was stated, in the unit.",
        ["at"] = "When it was recorded.",
        ["recordedAt"] = "When it was recorded.",
        ["redactedAt"] = "When it was redacted.",
        ["createdAt"] = "When it was made.",
        ["createdBy"] = "The key that made it.",
        ["expiresAt"] = "When it ends; null where it does not.",
        ["revokedAt"] = "When it was revoked; null where it was not.",
        ["data"] = "The items.",
        ["from"] = "The first of them.",
        ["to"] = "The last of them.",
        ["pledged"] = "Pledges and their revisions, in the currency of the figures.",
        ["revisedDown"] = "What revisions took off pledges: `pledged` is without it.",
        ["withdrawn"] = "What of it will not come.",
        ["committed"] = "Commitments, and payments that nobody announced as commitments.",
        ["paid"] = "Payments less refunds.",
        ["outstanding"] = "What is promised and not yet paid.",
        ["excess"] = "What was paid beyond the promise.",
        ["promisedOnly"] = "What is promised and not even committed.",
        ["committedUnpaid"] = "What is committed and not paid.",
        ["pledgedSince"] = "Pledges that count against it, net of their revisions and withdrawals.",
        ["committedSince"] = "Commitments that count against it.",
        ["paidSince"] = "Payments that count against it.",
        ["covered"] = "What counts as having come in against it.",
        ["acrossPeriods"] = "What of that is for several periods, of which this is one.",
        ["lapsed"] = "What lapsed.",
        ["writtenOff"] = "What was written off.",
        ["numerator"] = "What is divided.",
        ["denominator"] = "What it is divided by.",
    }.ToFrozenDictionary();

    /// <summary>The comments of the code, where one that takes over another's has that one's words.</summary>
    public static XPathDocument Read()
    {
        var comments = XDocument.Load(Path.ChangeExtension(typeof(OpenApiComments).Assembly.Location, "xml"));
        var members = comments.Descendants("member").ToDictionary(member => (string)member.Attribute("name")!);
        foreach (var member in members.Values)
        {
            Expand(member);
        }

        return new XPathDocument(comments.CreateReader());

        void Expand(XElement member)
        {
            while (member.Element("inheritdoc") is { } inherited)
            {
                inherited.Remove();
                if ((string?)inherited.Attribute("cref") is { } cref && members.TryGetValue(cref, out var other))
                {
                    Expand(other);
                    member.Add(other.Elements());
                }
            }
        }
    }
}
