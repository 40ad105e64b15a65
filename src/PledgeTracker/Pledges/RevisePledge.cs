namespace PledgeTracker.Pledges;

/// <summary>Enters that a donor changed the amount of a pledge. What was promised first stays in the ledger.</summary>
public sealed class RevisePledge : Writes<RevisePledge.Request, Pledge>
{
    /// <param name="Date">The day it counts from: from the day of the pledge up to tomorrow.</param>
    /// <param name="DonorId">Whose part changes; needed where several donors pledged together.</param>
    /// <param name="Change">By how much, in the pledge's currency: positive for more, negative for less.</param>
    /// <param name="ChangeUsd">The same in US dollars, as the source gave it. Without it a rise counts at the pledge's rate, and a fall takes its share of the dollars that stand.</param>
    public sealed record Request(
        decimal? Change = null, decimal? ChangeUsd = null, DateOnly? Date = null, string? DonorId = null, string? DatePrecision = null, string? Qualifier = null, LocalizedText? Note = null,
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
            RuleFor(r => r.Change).Needed().Must(c => c is null or not 0).Or("not_positive",
                "Send the change: more than zero when the donor promises more, less than zero when less.",
                "أرسل مقدار التغيير: أكبر من صفر إذا زاد التعهد وأصغر من صفر إذا نقص.");
            RuleFor(r => r.ChangeUsd).IsOf(_ => "USD", ofAnySign: true);
            RuleFor(r => r.ChangeUsd).Must(usd => usd is not 0).Or("not_positive",
                "A change of 0 US dollars is none: send the dollars that the source gives, or leave this out.", "تغيير قدره 0 دولار ليس تغييرا: أرسل الدولارات كما وردت في المصدر، أو لا ترسل هذا الحقل.");
            RuleFor(r => r.ChangeUsd).Must((r, usd) => usd is null or 0 || Math.Sign(usd.Value) == Math.Sign(r.Change ?? usd.Value)).Or("invalid_amount",
                "Send the dollars with the sign of the change.", "أرسل الدولارات بإشارة التغيير نفسها.");
            RuleFor(r => r.Date).Needed();
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
        Post("/v1/pledges/{id}/revisions");
        Tells("Pledges", "Revise a pledge", "A donor changed the amount. What was promised first stays in the ledger; the answer is the pledge as it stands now.",
            Role.Editor, refusals: [404], example: new Request(5_000_000, Date: new DateOnly(2026, 2, 1), Note: new("Raised at the donors' meeting", "زيد في اجتماع المانحين")));
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => FindAsync(session, faults, request);

    protected override async Task<Made<Pledge>> WriteAsync(Request request, Write write)
    {
        await RecordAsync(write, request);
        var pledge = (await GetPledge.FindAsync(write, request.Id, Reader))!;
        return new(pledge, $"/v1/pledges/{request.Id}/ledger", pledge.Version);
    }

    /// <summary>Records it: for the API, and for whatever else brings revisions. The id of the entry.</summary>
    internal static async Task<string> RecordAsync(Write write, Request request)
    {
        var posting = await OpenAsync(write, request.Id);
        var currency = posting.Header.Currency!;
        var faults = new Faults();
        var (donorId, minor) = await FindAsync(write, faults, request);
        faults.ThrowIfAny();
        var line = posting.Lines.Of(donorId!)!;
        var reported = Amounts.Of(request.ChangeUsd, "USD");
        if (!line.HasPledge)
        {
            throw Refused.Conflict("This promise was reversed; nothing of it stands.", "أُلغي هذا التعهد ولم يبق منه شيء.", $"/v1/pledges/{request.Id}/ledger");
        }

        var countsFrom = posting.CountsFrom(request.Date!.Value);
        ThrowIfBefore(posting, line.DonorId, countsFrom);
        Usd usd;
        if (minor < 0)
        {
            var least = posting.Course(line.DonorId).LeastFrom(countsFrom);
            if (least.Line.PromisedMinor + minor < 0)
            {
                var stood = Currency.Major(least.Line.PromisedMinor, currency);
                throw Posting.NotEnoughThen($"On {least.Day:yyyy-MM-dd} only {stood} {currency} of this promise stood; it cannot be lowered by more.",
                    $"في {least.Day:yyyy-MM-dd} لم يكن قائما من هذا التعهد إلا {stood} {currency} ولا يمكن خفضه بأكثر من ذلك.", request.Id);
            }

            // What is left is worth what it always was: only a part that rounds to no cent is left without any.
            var left = least.Line.PromisedMinor + minor;
            if (left > 0 && reported == -least.Line.PromisedUsd && Money.ScaleEven(least.Line.PromisedUsd, left, least.Line.PromisedMinor) > 0)
            {
                throw Refused.Invalid(new Fault("/changeUsd", "invalid_amount", new(
                    $"This takes all US dollars and leaves {Currency.Major(left, currency)} {currency} of the promise: send fewer dollars, or leave them out.",
                    $"يأخذ هذا كل الدولارات ويُبقي {Currency.Major(left, currency)} {currency} من التعهد: أرسل دولارات أقل، أو لا ترسلها.")));
            }

            // The dollars that the source gave are kept, unless nothing is left to keep any for.
            usd = reported is { } given && left > 0 ? Usd.Reported(given) : Usd.Reported(-least.Line.TakenBy(-minor));
        }
        else
        {
            usd = reported is { } given ? Usd.Reported(given) : AtPledgeRate(posting, line.DonorId, minor);
        }

        var entry = await posting.AddAsync(new NewEntry("revision", line.DonorId, minor, currency, usd, request.Qualifier ?? "exact", request.Date.Value, request.DatePrecision ?? "day")
        {
            Note = request.Note,
        });
        posting.ThrowIfShort(line.DonorId, countsFrom);
        await Citations.AddAsync(write, "entry_no", entry.No, request.Citations);
        await posting.SettleAsync(await ChangeLog.AppendAsync(write, "revised", "entry", entry.Id, request, pledgeId: request.Id));
        return entry.Id;
    }

    /// <summary>A promise opened for what becomes of it.</summary>
    /// <exception cref="Refused">There is none with this id, or it stands elsewhere now.</exception>
    internal static async Task<Posting> OpenAsync(Write write, string id)
    {
        if (await Posting.FindAsync(write, id) is not { Header.Origin: "announced" } posting)
        {
            throw Refused.Missing($"There is no announced pledge {id}.", $"لا يوجد تعهد معلن بالمعرف {id}.");
        }

        posting.Header.ThrowIfElsewhere();
        return posting;
    }

    /// <summary>What is wrong with a request beyond its shape; whose part changes, and by how much.</summary>
    private static async Task<(string? DonorId, long Minor)> FindAsync(Session session, Faults faults, Request request)
    {
        var (donorId, minor, currency) = await FindAsync(session, faults, request.Id, request.DonorId, request.Date, request.DatePrecision, "/change", request.Change, request.Citations);
        if (currency == "USD" && request.ChangeUsd is { } usd && usd != request.Change)
        {
            faults.Add("/changeUsd", "invalid_amount", "The change is in US dollars already: leave changeUsd out.", "التغيير بالدولار الأمريكي أصلا: لا ترسل changeUsd.");
        }

        return (donorId, minor);
    }

    /// <summary>The same of whatever changes a promise; nothing is said of one that is not there.</summary>
    /// <param name="pointer">Where the amount stands.</param>
    internal static async Task<(string? DonorId, long Minor, string? Currency)> FindAsync(Session session, Faults faults, string id, string? donorId, DateOnly? date, string? precision,
        string pointer, decimal? amount, IReadOnlyList<CitationRequest>? citations)
    {
        var references = new References(session, faults);
        await references.CitationsAsync(citations);
        var (currency, announcedOn) = await session.Sql.QueryFirstOrDefaultAsync<(string?, DateOnly)>("SELECT currency, announced_on FROM pledge WHERE id = @id AND origin = 'announced'", new { id });
        if (currency is null)
        {
            return default;
        }

        donorId = await references.DonorOfAsync("/donorId", donorId, id);
        Amounts.NotAfterTomorrow(faults, "/date", date, session.At, announcedOn, precision);
        return (donorId, Amounts.Minor(faults, pointer, amount, currency) ?? 0, currency);
    }

    /// <exception cref="Refused">The promise did not count yet: it says from which day on it does.</exception>
    internal static void ThrowIfBefore(Posting posting, string donorId, DateOnly day)
    {
        var first = Figures.Live(posting.Entries).FindAll(e => e.DonorId == donorId && e.Kind == "pledge").Min(e => e.CountsFrom);
        if (day < first)
        {
            throw Posting.NotEnoughThen($"This promise counts from {first:yyyy-MM-dd} on, the day it was made or recorded: send that day or a later one.",
                $"يُحسب هذا التعهد ابتداء من {first:yyyy-MM-dd}، يوم إعلانه أو تسجيله: أرسل ذلك اليوم أو يوما بعده.", posting.Header.Id);
        }
    }

    /// <summary>
    /// US dollars of a rise, at the promise's own rate. Rounded along the running sum of what was promised, so that parts that make up the
    /// whole in its currency make it up in dollars too.
    /// </summary>
    /// <exception cref="Refused">They are more than can be kept.</exception>
    private static Usd AtPledgeRate(Posting posting, string donorId, long minor)
    {
        long before = 0;
        Entry? pledge = null;
        foreach (var entry in Figures.Live([.. posting.Entries.Where(e => e.DonorId == donorId)]))
        {
            pledge = entry.Kind == "pledge" ? pledge ?? entry : pledge;
            before += entry.Kind is "pledge" or "revision" ? entry.AmountMinor : 0;
        }

        if (pledge is null || pledge.AmountMinor == 0)
        {
            return Usd.Reported(0);
        }

        return Money.ScaleWithin(before + minor, pledge.UsdMinor, pledge.AmountMinor, "USD") is { } after
            && after - Money.Scale(before, pledge.UsdMinor, pledge.AmountMinor) is >= -Money.MaxUsd and <= Money.MaxUsd and var change
            ? Usd.Reported(change)
            : throw Refused.Invalid(new Fault("/change", "invalid_amount", new("In US dollars, at the pledge's rate, this is more than can be recorded.",
                "قيمة المبلغ بالدولار بسعر التعهد أكبر مما يمكن تسجيله.")));
    }
}
