using System.Text.Json;
using System.Text.Json.Nodes;

namespace PledgeTracker.Pledges;

/// <summary>Corrects what is said of a pledge and decides no total. What decides one is revised, withdrawn, reversed or reclassified.</summary>
public sealed class AmendPledge : Writes<Patch<AmendPledge.Document>, Pledge>
{
    /// <summary>The part of a pledge that can be amended.</summary>
    /// <param name="Sectors">OECD DAC 5-digit purpose codes.</param>
    public sealed record Document(
        DateOnly? DueOn = null, IReadOnlyList<RecordPledge.InstalmentRequest>? Instalments = null, IReadOnlyList<string>? Sectors = null,
        [property: OneOf(nameof(Vocabulary.Earmarkings))] string? Earmarking = null, LocalizedText? Description = null, LocalizedText? Note = null);

    public sealed class Rules : Validator<Document>
    {
        public Rules()
        {
            RuleFor(r => r.Sectors).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.Sectors).IsSector();
            RuleFor(r => r.Earmarking).IsOneOf(Vocabulary.Earmarkings);
            RuleFor(r => r.Instalments).HasAtMost(100);
            RuleForEach(r => r.Instalments).SetValidator(new RecordPledge.InstalmentRules());
            RuleFor(r => r.Description).IsText(20_000);
            RuleFor(r => r.Note).IsText(20_000);
        }
    }

    // What a pledge is recorded with and cannot be amended.
    private static readonly string[] Fixed = [.. MembersOf(typeof(RecordPledge.Request)).Except(MembersOf(typeof(Document)))];

    public override void Configure()
    {
        Patch("/v1/pledges/{id}");
        Tells("Pledges", "Amend a pledge", "Changes the members that are sent (RFC 7396): texts, due dates, sectors, earmarking. An amount is revised, withdrawn or reversed; " +
            "where the money goes is reclassified.", Role.Editor,
            example: new JsonObject { ["dueOn"] = "2026-12-31", ["sectors"] = new JsonArray("14030") });
    }

    protected override async Task<Made<Pledge>> WriteAsync(Patch<Document> request, Write write)
    {
        var row = await PledgeRow.FindAsync(write, request.Id, Reader) ?? throw GetPledge.Missing(request.Id);
        var before = DocumentOf(row);
        List<StoredInstalment> instalments = [];
        // What is fixed is told as that, and not as a member that nobody knows.
        var fixedNames = Fixed.Where(request.Changes.ContainsKey).ToList();
        var amended = new JsonObject(request.Changes.Where(c => !fixedNames.Contains(c.Key)).Select(c => KeyValuePair.Create(c.Key, c.Value?.DeepClone())));
        var after = await (request with { Changes = amended }).ApplyToAsync(before, row.Version, new Rules(), (document, faults) =>
        {
            fixedNames.ForEach(name => faults.Add("/" + name, "not_allowed", "This decides totals: use revisions, withdrawals, an entry's reversal or citations, or reclassifications.",
                "هذا الحقل يحدد المجاميع: استعمل revisions أو withdrawals أو إلغاء القيد أو citations أو reclassifications."));
            if (document.DueOn != before.DueOn)
            {
                Amounts.NotFarAhead(faults, "/dueOn", document.DueOn, write.At);
            }

            if (row.Currency is null && document.Instalments is { Count: > 0 })
            {
                faults.Add("/instalments", "not_allowed", "A direct contribution promises nothing.", "المساهمة المباشرة لا تتضمن تعهدا.");
            }

            instalments = row.Currency is null ? [] : RecordPledge.Stored(faults, document.Instalments, row.Currency, write.At);
            if (!(document.Instalments ?? []).SequenceEqual(before.Instalments ?? []) && Money.Sum(instalments.Select(i => i.AmountMinor)) > row.AmountMinor)
            {
                RecordPledge.TooMuch(faults);
            }

            return Task.CompletedTask;
        });
        var columns = Columns(row.Id, after, instalments);
        if (MergePatch.ChangesNothing(Columns(row.Id, before, StoredInstalment.Of(row.Instalments)), columns))
        {
            return new((await GetPledge.FindAsync(write, row.Id, Reader))!, Version: row.Version, Status: StatusCodes.Status200OK);
        }

        var version = await ChangeLog.AppendAsync(write, "amended", "pledge", row.Id, after, before, pledgeId: row.Id);
        await write.Sql.ExecuteAsync("""
            UPDATE pledge SET due_on = @DueOn, instalments = @instalments, sectors = @sectors, earmarking = @Earmarking, description_en = @descriptionEn,
                description_ar = @descriptionAr, note_en = @noteEn, note_ar = @noteAr
            WHERE id = @id
            """, columns);
        await Posting.IndexTextAsync(write, row.No, after.Description, after.Note);
        // What is overdue follows from the due dates.
        await (await Posting.OpenAsync(write, row.No)).SettleAsync(version);
        var pledge = (await GetPledge.FindAsync(write, row.Id, Reader))!;
        return new(pledge, Version: pledge.Version, Status: StatusCodes.Status200OK);
    }

    /// <summary>What can be amended, as it is stored: for Dapper.</summary>
    private static object Columns(string id, Document document, IReadOnlyList<StoredInstalment> instalments) => new
    {
        id, document.DueOn, instalments = JsonSerializer.Serialize(instalments), sectors = (document.Sectors ?? []).ToArray(), document.Earmarking, descriptionEn = document.Description?.En,
        descriptionAr = document.Description?.Ar, noteEn = document.Note?.En, noteAr = document.Note?.Ar,
    };

    private static Document DocumentOf(PledgeRow row) => new(row.DueOn,
        [.. StoredInstalment.Of(row.Instalments).Select(i => new RecordPledge.InstalmentRequest(i.DueOn, Currency.Major(i.AmountMinor, row.Currency!)))],
        row.Sectors, row.Earmarking, LocalizedText.Of(row.DescriptionEn, row.DescriptionAr), LocalizedText.Of(row.NoteEn, row.NoteAr));

    private static IEnumerable<string> MembersOf(Type shape) => shape.GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
}
