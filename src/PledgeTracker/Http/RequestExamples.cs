using System.Text.Json.Nodes;

namespace PledgeTracker.Http;

/// <summary>Bodies that can be sent as they are to a server with the documented facts; a test sends each.</summary>
internal static class RequestExamples
{
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["CreateOrganization"] = """{ "id": "nor", "name": { "en": "Norway", "ar": "النرويج" }, "type": "10", "country": "NOR" }""",
        ["CreateFund"] = """{ "id": "mosul-recovery", "name": { "en": "Mosul recovery programme", "ar": "برنامج تعافي الموصل" }, "kind": "programme", "countries": ["IRQ"] }""",
        ["StateRequirement"] = """
            { "fundId": "undp-ffs", "kind": "original", "amount": 1000000, "currency": "USD", "periodStart": "2026-01-01", "periodEnd": "2026-12-31", "statedOn": "2026-01-15" }
            """,
        ["CreateEvent"] = """{ "id": "donors-meeting-2026", "name": { "en": "Donors' meeting", "ar": "اجتماع المانحين" }, "startsOn": "2026-03-01" }""",
        ["CreateSource"] = """
            { "id": "press-note-2026-03-01", "title": { "en": "Press note", "ar": "مذكرة صحفية" }, "language": "ar", "publishedOn": "2026-03-01", "reliability": "primary" }
            """,
        ["RecordIndicator"] = """
            { "measure": "people-returned", "name": { "en": "People returned home", "ar": "العائدون إلى ديارهم" }, "value": 1200, "unit": "people", "date": "2026-02-01" }
            """,
        ["RecordPledge"] = """
            { "donors": [{ "donorId": "deu", "amount": 1500000 }], "currency": "USD", "announcedOn": "2026-03-01", "fundId": "undp-ffs", "instrument": "grant",
              "countries": ["IRQ"], "dueOn": "2026-12-31", "description": { "en": "For water in west Mosul", "ar": "للمياه في غرب الموصل" },
              "citations": [{ "sourceId": "state-note-2018-06-26" }] }
            """,
        ["RevisePledge"] = """{ "change": 5000000, "date": "2026-02-01", "note": { "en": "Raised at the donors' meeting", "ar": "زيد في اجتماع المانحين" } }""",
        ["WithdrawPledge"] = """{ "amount": 1000000, "date": "2026-02-15" }""",
        ["ReclassifyPledge"] = """{ "changes": { "instrument": "grant" }, "reason": { "en": "The source says that it is a grant", "ar": "يذكر المصدر أنها منحة" } }""",
        ["RecordContribution"] = """
            { "donorId": "grc", "fundId": "undp-ffs", "stage": "payment", "amount": 25000.50, "currency": "USD", "date": "2026-03-02", "reference": "TR-2026-17" }
            """,
        ["ConfirmContribution"] = """{ "organizationId": "sau" }""",
        ["VerifyContribution"] = """{ "state": "verified", "note": { "en": "Seen in the bank statement", "ar": "شوهدت في كشف الحساب" } }""",
        ["ReverseEntry"] = """{ "reason": { "en": "Entered twice", "ar": "أُدخل مرتين" } }""",
        ["AddCitations"] = """{ "citations": [{ "sourceId": "state-note-2018-07-12" }] }""",
        ["ReportShortfall"] = """
            { "fundId": "syria-recovery-trust-fund", "amount": 2000000, "currency": "USD", "qualifier": "at_least", "statedOn": "2026-02-01", "statedBy": { "en": "The fund", "ar": "الصندوق" } }
            """,
        ["RecordExchangeRate"] = """{ "currency": "EUR", "date": "2026-03-02", "usdPerUnit": 1.0825, "provider": "European Central Bank" }""",
        ["CreateKey"] = """{ "name": "Field office", "role": "recorder", "organizationId": "undp" }""",
    };

    public static JsonNode? Of(string operation) => Bodies.TryGetValue(operation, out var body) ? JsonNode.Parse(body) : null;
}
