using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Pledges;

/// <summary>Enters that a donor took back a pledge or a part of it.</summary>
internal sealed class WithdrawPledge : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/pledges/{id}/withdrawals", Handle).Writes("WithdrawPledge", "Pledges",
        "Withdraw a pledge", "A donor took back a pledge or a part of it, never more than is outstanding; the answer is the pledge as it stands now.", Role.Editor).Refuses(404);

    /// <param name="Amount">In the pledge's currency; never more than is outstanding.</param>
    /// <param name="Date">The day it counts from: from the day of the pledge up to tomorrow.</param>
    /// <param name="DonorId">Whose part is withdrawn; needed where several donors pledged together.</param>
    public sealed record Request(
        decimal? Amount = null, DateOnly? Date = null, string? DonorId = null, string? DatePrecision = null, string? Qualifier = null, LocalizedText? Note = null,
        IReadOnlyList<CitationRequest>? Citations = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Amount).Needed().IsPositive();
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
        var minor = CodeRules.Minor(references.Faults, "/amount", request.Amount!.Value, posting.Header.Currency!);
        if (references.Faults.Count > 0)
        {
            return references.Faults;
        }

        if (minor > line!.OutstandingMinor)
        {
            var left = Currency.Major(line.OutstandingMinor, posting.Header.Currency!);
            return Refusal.Conflict($"Only {left} {posting.Header.Currency} are outstanding; no more can be withdrawn.",
                $"لم يتبق سوى {left} {posting.Header.Currency} ولا يمكن سحب أكثر من ذلك.");
        }

        // A line that was paid in another currency is counted in dollars: all that is outstanding is all of them, to the cent.
        var inDollars = Figures.Live([.. posting.Entries.Where(e => e.DonorId == line.DonorId)]).Any(e => e.Currency != posting.Header.Currency);
        var usd = inDollars && minor == line.OutstandingMinor
            ? Usd.Reported(line.Sums.Outstanding)
            : Promises.AtPledgeRate(references, "/amount", posting, line.DonorId, minor, "withdrawal");
        if (usd is null)
        {
            return references.Faults;
        }

        var entry = posting.Add(actor, new NewEntry("withdrawal", line.DonorId, minor, posting.Header.Currency!, usd.Value, request.Qualifier ?? "exact",
            request.Date.Value, request.DatePrecision ?? "day")
        { Note = request.Note });
        Citations.Add(write, Citations.OfEntries, entry.No, request.Citations);
        posting.Settle(log.Append(write, actor, "withdrawn", "entry", entry.Id, request, pledgeId: pledgeId));
        return entry.Id;
    }
}
