using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Pledges;

/// <summary>Corrects what is said of a pledge and decides no total. What decides one is revised, withdrawn, reversed or reclassified.</summary>
internal sealed class AmendPledge : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/v1/pledges/{id}", Handle).Writes("AmendPledge", "Pledges",
        "Amend a pledge", "Changes the members that are sent (RFC 7396): texts, due dates, sectors, earmarking. An amount is revised, withdrawn or reversed; " +
        "where the money goes is reclassified.", Role.Editor)
        .Refuses(404, 412, 428).WithMetadata(new AmendsDocument(typeof(Document)));

    /// <summary>The part of a pledge that can be amended.</summary>
    /// <param name="Sectors">OECD DAC 5-digit purpose codes.</param>
    public sealed record Document(
        DateOnly? DueOn = null, IReadOnlyList<RecordPledge.InstalmentRequest>? Instalments = null, IReadOnlyList<string>? Sectors = null,
        [property: OneOf(nameof(Words.Earmarkings))] string? Earmarking = null, LocalizedText? Description = null, LocalizedText? Note = null);

    internal sealed class Rules : AbstractValidator<Document>
    {
        public Rules()
        {
            RuleFor(r => r.Sectors).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.Sectors).IsSector();
            RuleFor(r => r.Earmarking).IsOneOf(Words.Earmarkings);
            RuleFor(r => r.Instalments).HasAtMost(100);
            RuleForEach(r => r.Instalments).SetValidator(new RecordPledge.InstalmentRules());
            RuleFor(r => r.Description).IsText(4000);
            RuleFor(r => r.Note).IsText(4000);
        }
    }

    /// <param name="id" example="019b76da-a800-89f3-bf96-67ceab5649cd">The pledge's id.</param>
    private static Task<Recorded<Pledge>> Handle(string id, WriteRequest<JsonObject> request, ChangeLog log)
    {
        var fixedMembers = typeof(RecordPledge.Request).GetProperties().Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..])
            .Except(typeof(Document).GetProperties().Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]));
        var refused = fixedMembers.Where(request.Body.ContainsKey).Select(name => new Fault("/" + name, "not_allowed", new(
            "This decides totals: use revisions, withdrawals, an entry's reversal or citations, or reclassifications.",
            "هذا الحقل يحدد المجاميع: استعمل revisions أو withdrawals أو إلغاء القيد أو citations أو reclassifications."))).ToList();
        return refused.Count > 0 ? Task.FromResult(new Recorded<Pledge>(Refusal.Invalid(refused))) : request.AmendAsync(new Rules(),
            Refusal.Missing($"There is no pledge {id}.", $"لا يوجد تعهد بالمعرف {id}."),
            write => Load(write, id),
            (write, before, after) => Amend(write, log, request, id, before, after));
    }

    private static Outcome<Made<Pledge>> Amend(Write write, ChangeLog log, WriteRequest request, string id, Document before, Document after)
    {
        var no = write.First<long>("SELECT no FROM pledge WHERE id = @id", ("@id", id));
        var posting = Posting.Open(write, no);
        var currency = posting.Header.Currency;
        var faults = new List<Fault>();
        if (after.DueOn is { } dueOn && dueOn != before.DueOn)
        {
            CodeRules.NotFarAhead(faults, "/dueOn", dueOn, write.At);
        }

        if (currency is null && after.Instalments is { Count: > 0 })
        {
            faults.Add(new Fault("/instalments", "not_allowed", new("A direct contribution promises nothing.", "المساهمة المباشرة لا تتضمن تعهدا.")));
        }

        var instalments = currency is null ? [] : (after.Instalments ?? []).Select((instalment, i) =>
        {
            CodeRules.NotFarAhead(faults, $"/instalments/{i}/dueOn", instalment.DueOn!.Value, write.At);
            return new StoredInstalment(instalment.DueOn.Value, CodeRules.Minor(faults, $"/instalments/{i}/amount", instalment.Amount!.Value, currency));
        }).ToList();
        if (!(after.Instalments ?? []).SequenceEqual(before.Instalments ?? []) && instalments.Sum(i => i.AmountMinor) > posting.Lines.Sum(l => l.AmountMinor))
        {
            faults.Add(new Fault("/instalments", "out_of_range", new("The instalments come to more than the pledge.", "مجموع الأقساط أكبر من التعهد.")));
        }

        if (faults.Count > 0)
        {
            return faults;
        }

        var version = log.Append(write, request.Caller.Actor, "amended", "pledge", id, after, before, pledgeId: id);
        write.Execute("""
            UPDATE pledge SET due_on = @dueOn, instalments = @instalments, sectors = @sectors, earmarking = @earmarking, description_en = @descriptionEn,
                description_ar = @descriptionAr, note_en = @noteEn, note_ar = @noteAr WHERE no = @no
            """,
            ("@dueOn", after.DueOn), ("@instalments", JsonSerializer.Serialize(instalments)), ("@sectors", JsonSerializer.Serialize(after.Sectors ?? [])),
            ("@earmarking", after.Earmarking), ("@descriptionEn", after.Description?.En), ("@descriptionAr", after.Description?.Ar), ("@noteEn", after.Note?.En),
            ("@noteAr", after.Note?.Ar), ("@no", no));
        write.Execute("DELETE FROM pledge_text WHERE rowid = @no", ("@no", no));
        NewHeader.IndexText(write, no, after.Description, after.Note);
        Posting.Open(write, no).Settle(version);
        return GetPledge.Load(write, id, request.View)! with { Status = 200, Location = null };
    }

    private static (Document Document, long Version)? Load(Write write, string id)
    {
        if (write.First<PledgeRow>($"SELECT {PledgeRow.Columns} FROM pledge p WHERE p.id = @id", ("@id", id)) is not { } row)
        {
            return null;
        }

        var instalments = JsonSerializer.Deserialize<StoredInstalment[]>(row.Instalments)!
            .Select(i => new RecordPledge.InstalmentRequest(i.DueOn, Currency.Major(i.AmountMinor, row.Currency!))).ToList();
        return (new(row.DueOn, instalments, row.Sectors, row.Earmarking, LocalizedText.Of(row.DescriptionEn, row.DescriptionAr),
            LocalizedText.Of(row.NoteEn, row.NoteAr)), row.Version);
    }
}
