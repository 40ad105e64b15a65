using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Pledges;

/// <summary>Enters that a donor changed the amount of a pledge. What was promised first stays in the ledger.</summary>
internal sealed class RevisePledge : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/pledges/{id}/revisions", Handle).Writes("RevisePledge", "Pledges",
        "Revise a pledge", "A donor changed the amount. What was promised first stays in the ledger; the answer is the pledge as it stands now.", Role.Editor).Refuses(404);

    /// <param name="Date">The day it counts from: from the day of the pledge up to tomorrow.</param>
    /// <param name="DonorId">Whose part changes; needed where several donors pledged together.</param>
    /// <param name="Change">By how much, in the pledge's currency: positive for more, negative for less.</param>
    public sealed record Request(
        decimal? Change = null, DateOnly? Date = null, string? DonorId = null, string? DatePrecision = null, string? Qualifier = null, LocalizedText? Note = null,
        IReadOnlyList<CitationRequest>? Citations = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Change).Needed().Must(c => c is null or not 0).Or("not_positive",
                "Send the change: more than zero when the donor promises more, less than zero when less.",
                "أرسل مقدار التغيير: أكبر من صفر إذا زاد التعهد وأصغر من صفر إذا نقص.");
            RuleFor(r => r.Date).Needed();
            RuleFor(r => r.DonorId).IsSlug();
            RuleFor(r => r.DatePrecision).IsOneOf(Words.DatePrecisions);
            RuleFor(r => r.Qualifier).IsOneOf(Words.Qualifiers);
            RuleFor(r => r.Note).IsText(4000);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    /// <param name="id" example="019b76da-a800-89f3-bf96-67ceab5649cd">The pledge's id.</param>
    private static Task<Recorded<Pledge>> Handle(string id, WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller.Actor, id, request.Body).Then<Made<Pledge>>(_ => GetPledge.Load(write, id, request.View)! with { Location = $"/v1/pledges/{id}/ledger" }));

    internal static Outcome<string> Record(Write write, ChangeLog log, Actor actor, string pledgeId, Request request)
    {
        if (Posting.Find(write, pledgeId) is not { Header.Origin: "announced" } posting)
        {
            return Refusal.Missing($"There is no announced pledge {pledgeId}.", $"لا يوجد تعهد معلن بالمعرف {pledgeId}.");
        }

        if (ReclassifyPledge.Refused(posting.Header) is { } moved)
        {
            return moved;
        }

        var references = new References(write);
        var line = Promises.FindLine(references, posting, request.DonorId);
        Citations.Check(references, request.Citations);
        CodeRules.NotAfterTomorrow(references.Faults, "/date", request.Date!.Value, write.At, posting.Header.AnnouncedOn);
        var minor = CodeRules.Minor(references.Faults, "/change", request.Change!.Value, posting.Header.Currency!);
        if (references.Faults.Count > 0)
        {
            return references.Faults;
        }

        if (!line!.HasPledge || line.PromisedMinor + minor < 0)
        {
            var left = Currency.Major(line.PromisedMinor, posting.Header.Currency!);
            return Refusal.Conflict($"Only {left} {posting.Header.Currency} of this promise stand; it cannot be lowered by more.",
                $"لم يبق من هذا التعهد إلا {left} {posting.Header.Currency} ولا يمكن خفضه بأكثر من ذلك.");
        }

        if (Promises.AtPledgeRate(references, "/change", posting, line.DonorId, minor, "pledge", "revision") is not { } usd)
        {
            return references.Faults;
        }

        var entry = posting.Add(actor, new NewEntry("revision", line.DonorId, minor, posting.Header.Currency!, usd, request.Qualifier ?? "exact",
            request.Date.Value, request.DatePrecision ?? "day")
        { Note = request.Note });
        Citations.Add(write, Citations.OfEntries, entry.No, request.Citations);
        posting.Settle(log.Append(write, actor, "revised", "entry", entry.Id, request, pledgeId: pledgeId));
        return entry.Id;
    }
}
