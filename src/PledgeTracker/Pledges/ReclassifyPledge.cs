using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Entries;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Pledges;

/// <summary>
/// Changes what decides in which totals a pledge counts. Nothing in the ledger is rewritten: every entry that still counts is reversed, and
/// entered again under a new header that names the old one.
/// </summary>
internal sealed class ReclassifyPledge : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/pledges/{id}/reclassifications", Handle).Writes("ReclassifyPledge", "Pledges",
        "Reclassify a pledge", "Changes fund, recipient, event, instrument, countries, usage years, or what it restates or passes on: the entries are reversed and entered " +
        "again under a new pledge, which is the answer and names the old one in `reclassifies`. `changes` is merged into the current classification (RFC 7396): null clears a member.",
        Role.Editor).Refuses(404);

    /// <param name="Changes">The members to change.</param>
    /// <param name="Reason">Why; it becomes the note of the reversals.</param>
    public sealed record Request([property: ShapedBy(typeof(Classification))] JsonObject? Changes = null, LocalizedText? Reason = null);

    /// <summary>What decides in which totals a pledge counts.</summary>
    public sealed record Classification(
        string? FundId = null, string? RecipientId = null, string? EventId = null, [property: OneOf(nameof(Words.Instruments))] string? Instrument = null,
        IReadOnlyList<string>? Countries = null, bool? Shared = null, IReadOnlyList<int>? UsageYears = null, string? Restates = null, string? PassedOnFrom = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Changes).Needed().Must(c => c is null || c.Count > 0).Or("required", "Send at least one member to change.", "أرسل حقلا واحدا على الأقل لتغييره.");
            RuleFor(r => r.Reason).Needed().IsText(4000);
        }
    }

    private sealed class ClassificationRules : AbstractValidator<Classification>
    {
        public ClassificationRules()
        {
            RuleFor(r => r.FundId).IsSlug();
            RuleFor(r => r.RecipientId).IsSlug();
            RuleFor(r => r.EventId).IsSlug();
            RuleFor(r => r.Instrument).Needed().IsOneOf(Words.Instruments);
            RuleFor(r => r.Countries).HasAtMost(250).HasNoRepeats();
            RuleForEach(r => r.Countries).IsCountry();
            RuleFor(r => r.UsageYears).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.UsageYears).InclusiveBetween(1945, 2100).Or("out_of_range", "Send a year from 1945 to 2100.", "أرسل سنة من 1945 إلى 2100.");
            RuleFor(r => r.Restates).IsUuid();
            RuleFor(r => r.PassedOnFrom).IsUuid();
        }
    }

    /// <param name="id" example="019b76da-a800-89f3-bf96-67ceab5649cd">The pledge's id.</param>
    private static Task<Recorded<Pledge>> Handle(string id, WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller.Actor, id, request.Body).Then<Made<Pledge>>(made => GetPledge.Load(write, made, request.View)!));

    private static Outcome<string> Record(Write write, ChangeLog log, Actor actor, string id, Request request)
    {
        if (write.First<PledgeRow>($"SELECT {PledgeRow.Columns} FROM pledge p WHERE p.id = @id", ("@id", id)) is not { } row)
        {
            return Refusal.Missing($"There is no pledge {id}.", $"لا يوجد تعهد بالمعرف {id}.");
        }

        var before = new Classification(row.FundId, References.Survivor(write, row.RecipientId), row.EventId, row.Instrument, row.Countries, row.Shared, row.UsageYears,
            PledgeRow.IdOf(write, row.RestatesNo), PledgeRow.IdOf(write, row.PassedOnFromNo));
        var merged = Amendment.Merge(JsonSerializer.SerializeToNode(before, Json.Options), request.Changes);
        if (!JsonBody.TryRead<Classification>(JsonSerializer.SerializeToUtf8Bytes(merged, Json.Options), out var after, out var faults)
            || (faults = new ClassificationRules().Check(after)).Count > 0)
        {
            return faults.ConvertAll(f => f with { Pointer = "/changes" + f.Pointer });
        }

        var references = new References(write);
        references.Fund("/changes/fundId", after.FundId);
        references.Organization("/changes/recipientId", after.RecipientId);
        references.Event("/changes/eventId", after.EventId);
        var restates = references.Pledge("/changes/restates", after.Restates);
        var passedOnFrom = references.Pledge("/changes/passedOnFrom", after.PassedOnFrom);
        if (restates == row.No || passedOnFrom == row.No)
        {
            references.Add(restates == row.No ? "/changes/restates" : "/changes/passedOnFrom", "not_allowed", "A pledge cannot name itself.", "لا يمكن أن يشير التعهد إلى نفسه.");
        }

        if (references.Faults.Count > 0)
        {
            return references.Faults;
        }

        var live = EntryToReverse.LiveOf(write, row.No);
        if (live.Count == 0)
        {
            return Refusal.Conflict("All entries of this pledge are reversed; there is nothing to reclassify.", "كل قيود هذا التعهد ملغاة ولا شيء لإعادة تصنيفه.");
        }

        var header = new NewHeader
        {
            Id = actor.NewId(write.At).ToString("D"),
            Origin = row.Origin,
            AnnouncedOn = row.AnnouncedOn,
            FundId = after.FundId,
            RecipientId = after.RecipientId,
            EventId = after.EventId,
            Instrument = after.Instrument,
            Currency = row.Currency,
            Qualifier = row.Qualifier,
            Shared = after.Shared ?? false,
            DatePrecision = row.DatePrecision,
            DueOn = row.DueOn,
            Instalments = JsonSerializer.Deserialize<StoredInstalment[]>(row.Instalments)!,
            Countries = after.Countries ?? [],
            Sectors = row.Sectors,
            UsageYears = after.UsageYears ?? [],
            Earmarking = row.Earmarking,
            Description = LocalizedText.Of(row.DescriptionEn, row.DescriptionAr),
            Note = LocalizedText.Of(row.NoteEn, row.NoteAr),
            RestatesNo = restates,
            PassedOnFromNo = passedOnFrom,
            ReclassifiesNo = row.No,
        };
        var (from, to) = (Posting.Open(write, row.No), header.Insert(write, actor));
        foreach (var entry in live)
        {
            from.Add(actor, entry.Opposite(write, request.Reason));
            var again = to.Add(actor, entry.Again(write));
            CopyCitations(write, "entry_no", entry.No, again.No);
            CopyFindings(write, entry.No, again.No);
        }

        CopyCitations(write, "pledge_no", row.No, to.Header.No);
        from.Settle(log.Append(write, actor, "reclassified", "pledge", id, new { reclassifiedAs = header.Id, classification = after, request.Reason }, before, pledgeId: id));
        to.Settle(log.Append(write, actor, "created", "pledge", header.Id, new { reclassifies = id, classification = after }, pledgeId: header.Id));
        return header.Id;
    }

    // What others said of the entry they say of the one that stands in its place.
    private static void CopyFindings(Write write, long from, long to)
    {
        write.Execute("""
            INSERT INTO verification (entry_no, state, note_en, note_ar, recorded_at, recorded_by)
            SELECT @to, state, note_en, note_ar, recorded_at, recorded_by FROM verification WHERE entry_no = @from ORDER BY no
            """, ("@to", to), ("@from", from));
        write.Execute("""
            INSERT INTO confirmation (entry_no, organization_id, note_en, note_ar, recorded_at, recorded_by)
            SELECT @to, organization_id, note_en, note_ar, recorded_at, recorded_by FROM confirmation WHERE entry_no = @from ORDER BY no
            """, ("@to", to), ("@from", from));
        write.Execute("UPDATE contribution SET verification = (SELECT verification FROM contribution WHERE entry_no = @from) WHERE entry_no = @to",
            ("@from", from), ("@to", to));
    }

    /// <summary>Nothing more is entered under a header that stands elsewhere now; the refusal says where.</summary>
    internal static Refusal? Refused(Header header) => header.ReclassifiedAs is { } id
        ? Refusal.Conflict($"This pledge was reclassified: send pledge {id}.", $"أعيد تصنيف هذا التعهد: أرسل التعهد {id}.", $"/v1/pledges/{id}")
        : null;

    /// <summary>Where a pledge stands today, however often it was reclassified.</summary>
    internal static string? Latest(Write write, string? id) => id is null ? null : write.First<string>("""
        WITH RECURSIVE later (no) AS (
            SELECT no FROM pledge WHERE id = @id UNION SELECT p.no FROM later l JOIN pledge p ON p.reclassifies_no = l.no)
        SELECT id FROM pledge WHERE no = (SELECT max(no) FROM later)
        """, ("@id", id));

    private static void CopyCitations(Write write, string owner, long from, long to) => write.Execute($"""
        INSERT INTO citation (source_id, {owner}, quote, note_en, note_ar, recorded_at)
        SELECT source_id, @to, quote, note_en, note_ar, @at FROM citation WHERE {owner} = @from ORDER BY no
        """, ("@to", to), ("@at", write.At), ("@from", from));
}
