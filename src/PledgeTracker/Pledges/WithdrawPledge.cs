namespace PledgeTracker.Pledges;

/// <summary>Enters that a pledge or a part of it will not come.</summary>
public sealed class WithdrawPledge : Writes<WithdrawPledge.Request, Pledge>
{
    /// <param name="Amount">In the pledge's currency; never more than is outstanding.</param>
    /// <param name="Date">The day it counts from: from the day of the pledge up to tomorrow.</param>
    /// <param name="Reason">Why: `withdrawn_by_donor`, `lapsed`, `written_off`; `unspecified` where nobody says, so that nobody is accused by omission.</param>
    /// <param name="DonorId">Whose part is withdrawn; needed where several donors pledged together.</param>
    public sealed record Request(
        decimal? Amount = null, DateOnly? Date = null, string? Reason = null, string? DonorId = null, string? DatePrecision = null, string? Qualifier = null, LocalizedText? Note = null,
        IReadOnlyList<CitationRequest>? Citations = null)
    {
        /// <summary>The pledge's id.</summary>
        /// <example>019b76da-a800-89f3-bf96-67ceab5649cd</example>
        [RouteParam]
        public string Id { get; init; } = "";
    }

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Amount).Needed().IsPositive();
            RuleFor(r => r.Date).Needed();
            RuleFor(r => r.Reason).IsOneOf(Vocabulary.WithdrawalReasons, "unspecified");
            RuleFor(r => r.DonorId).IsSlug();
            RuleFor(r => r.DatePrecision).IsOneOf(Vocabulary.DatePrecisions);
            RuleFor(r => r.Qualifier).IsOneOf(Vocabulary.Qualifiers);
            RuleFor(r => r.Note).IsText(20_000);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    public override void Configure()
    {
        Post("/v1/pledges/{id}/withdrawals");
        Tells("Pledges", "Withdraw a pledge", "A pledge or a part of it will not come: never more than was outstanding on every day from its own on. The answer is the pledge as it stands now.",
            Role.Editor, refusals: [404], example: new Request(1_000_000, new DateOnly(2026, 2, 15)));
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => FindAsync(session, faults, request);

    protected override async Task<Made<Pledge>> WriteAsync(Request request, Write write)
    {
        await RecordAsync(write, request);
        var pledge = (await GetPledge.FindAsync(write, request.Id, Reader))!;
        return new(pledge, $"/v1/pledges/{request.Id}/ledger", pledge.Version);
    }

    /// <summary>Records it: for the API, and for whatever else brings withdrawals. The id of the entry.</summary>
    internal static async Task<string> RecordAsync(Write write, Request request)
    {
        var posting = await RevisePledge.OpenAsync(write, request.Id);
        var currency = posting.Header.Currency!;
        var faults = new Faults();
        var (donorId, minor, _) = await FindAsync(write, faults, request);
        faults.ThrowIfAny();
        var line = posting.Lines.Of(donorId!)!;
        var countsFrom = posting.CountsFrom(request.Date!.Value);
        if (line.HasPledge)
        {
            RevisePledge.ThrowIfBefore(posting, line.DonorId, countsFrom);
        }

        var course = posting.Course(line.DonorId);
        foreach (var (day, then) in course.From(countsFrom))
        {
            if (minor > then.OutstandingMinor)
            {
                var left = Currency.Major(then.OutstandingMinor, currency);
                throw Posting.NotEnoughThen($"On {day:yyyy-MM-dd} only {left} {currency} were outstanding; no more can be withdrawn.",
                    $"في {day:yyyy-MM-dd} لم يكن متبقيا سوى {left} {currency} ولا يمكن سحب أكثر من ذلك.", request.Id);
            }
        }

        var usd = Usd.Reported(course.LeastFrom(countsFrom).Line.TakenBy(minor));
        var entry = await posting.AddAsync(new NewEntry("withdrawal", line.DonorId, minor, currency, usd, request.Qualifier ?? "exact", request.Date.Value, request.DatePrecision ?? "day")
        {
            Reason = request.Reason ?? "unspecified",
            Note = request.Note,
        });
        await Citations.AddAsync(write, "entry_no", entry.No, request.Citations);
        await posting.SettleAsync(await ChangeLog.AppendAsync(write, "withdrawn", "entry", entry.Id, request, pledgeId: request.Id));
        return entry.Id;
    }

    private static Task<(string? DonorId, long Minor, string? Currency)> FindAsync(Session session, Faults faults, Request request) =>
        RevisePledge.FindAsync(session, faults, request.Id, request.DonorId, request.Date, request.DatePrecision, "/amount", request.Amount, request.Citations);
}
