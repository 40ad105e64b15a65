using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PledgeTracker.Entries;

namespace PledgeTracker.Pledges;

/// <summary>
/// Changes what decides in which totals a pledge counts. Nothing in the ledger is rewritten: every entry that still counts is reversed, and
/// entered again under a new header that names the old one.
/// </summary>
public sealed class ReclassifyPledge : Writes<ReclassifyPledge.Request, Pledge>
{
    /// <param name="Changes">The members to change.</param>
    /// <param name="Reason">Why; it becomes the note of the reversals.</param>
    public sealed record Request([property: ShapedBy(typeof(Classification))] JsonObject? Changes = null, LocalizedText? Reason = null)
    {
        /// <summary>The pledge's id.</summary>
        /// <example>019b76da-a800-89f3-bf96-67ceab5649cd</example>
        [RouteParam]
        public string Id { get; init; } = "";
    }

    /// <summary>What decides in which totals a pledge counts.</summary>
    public sealed record Classification(
        string? FundId = null, string? RecipientId = null, string? EventId = null, [property: OneOf(nameof(Vocabulary.Instruments))] string? Instrument = null,
        [property: JsonConverter(typeof(Json.TextsOrObjects<CountryShare>))] IReadOnlyList<CountryShare>? Countries = null,
        bool? Shared = null, IReadOnlyList<int>? UsageYears = null, string? Restates = null, string? PassedOnFrom = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Changes).Needed().Must(c => c is null || c.Count > 0).Or("required", "Send at least one member to change.", "أرسل حقلا واحدا على الأقل لتغييره.");
            RuleFor(r => r.Reason).Needed().IsText(20_000);
        }
    }

    private sealed class ClassificationRules : AbstractValidator<Classification>
    {
        public ClassificationRules()
        {
            RuleFor(r => r.FundId).IsSlug();
            RuleFor(r => r.RecipientId).IsSlug();
            RuleFor(r => r.EventId).IsSlug();
            RuleFor(r => r.Instrument).Needed().IsOneOf(Vocabulary.Instruments);
            RuleFor(r => r.Countries).AreCountries();
            RuleFor(r => r.Shared).HasNoShares(r => r.Countries);
            RuleFor(r => r.UsageYears).HasAtMost(50).HasNoRepeats();
            RuleForEach(r => r.UsageYears).IsUsageYear();
            RuleFor(r => r.Restates).IsUuid();
            RuleFor(r => r.PassedOnFrom).IsUuid();
        }
    }

    public override void Configure()
    {
        Post("/v1/pledges/{id}/reclassifications");
        Tells("Pledges", "Reclassify a pledge",
            "Changes fund, recipient, event, instrument, countries, usage years, or what it restates or passes on: the entries are reversed and entered " +
            "again under a new pledge, which is the answer and names the old one in `reclassifies`. `changes` is merged into the current classification (RFC 7396): null clears a member.",
            Role.Editor, refusals: [404],
            example: new Request(new JsonObject { ["instrument"] = "grant" }, new("The source says that it is a grant", "يذكر المصدر أنها منحة")));
    }

    protected override async Task CheckAsync(Request request, Session session, Faults faults)
    {
        if (request.Changes is { } changes && await PledgeRow.FindAsync(session, request.Id, Reader) is { } row)
        {
            await ClassifiedAsync(session, row, changes, faults);
        }
    }

    protected override async Task<Made<Pledge>> WriteAsync(Request request, Write write)
    {
        var row = await PledgeRow.FindAsync(write, request.Id, Reader) ?? throw GetPledge.Missing(request.Id);
        var before = ClassificationOf(row);
        var faults = new Faults();
        var (after, restates, passedOnFrom) = await ClassifiedAsync(write, row, request.Changes!, faults);
        faults.ThrowIfAny();
        var live = await RecordedEntry.LiveOfAsync(write, row.No);
        if (live.Count == 0)
        {
            throw Refused.Conflict("All entries of this pledge are reversed; there is nothing to reclassify.", "كل قيود هذا التعهد ملغاة ولا شيء لإعادة تصنيفه.");
        }

        if (restates is not null && live.Exists(e => e.Kind != "pledge"))
        {
            throw new Refused("restates", new("What became of this pledge is entered under it: it cannot be made one that only restates another.",
                "سُجل تحت هذا التعهد ما آل إليه: لا يمكن جعله مجرد إعادة صياغة لتعهد آخر."), existing: $"/v1/pledges/{after.Restates}");
        }

        if (restates is not null && after.Restates != before.Restates)
        {
            await RecordPledge.ThrowIfRestatingAsync(write, restates);
            if (await write.Sql.QueryFirstOrDefaultAsync<string>("SELECT id FROM pledge WHERE restates_no = @No AND status <> 'void' ORDER BY no LIMIT 1", new { row.No }) is { } another)
            {
                throw new Refused("restates", new($"Pledge {another} restates this one: reclassify that first, so that it restates {after.Restates}.",
                    $"التعهد {another} إعادة صياغة لهذا التعهد: أعد تصنيفه أولا ليكون إعادة صياغة للتعهد {after.Restates}."), existing: $"/v1/pledges/{another}");
            }
        }

        var id = await MoveAsync(write, row, before, after, restates, passedOnFrom, live, request.Reason!);
        var pledge = (await GetPledge.FindAsync(write, id, Reader))!;
        return new(pledge, $"/v1/pledges/{id}", pledge.Version);
    }

    /// <summary>Reverses what stands under a header and enters it again under a new one: for the API, and for whatever else learns that money is for something else. The id of the new one.</summary>
    /// <param name="restates">The number of the pledge that it restates, and that of the one whose money it passes on.</param>
    /// <param name="live">The entries that still count.</param>
    /// <param name="donorId">Whose they are, where they are another's than was told.</param>
    internal static async Task<string> MoveAsync(
        Write write, PledgeRow row, Classification before, Classification after, long? restates, long? passedOnFrom, List<RecordedEntry> live, LocalizedText reason, string? donorId = null)
    {
        var from = await Posting.OpenAsync(write, row.No);
        var to = await Posting.BeginAsync(write, new NewHeader
        {
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
            Instalments = StoredInstalment.Of(row.Instalments),
            Countries = after.Countries ?? [],
            Sectors = row.Sectors,
            UsageYears = after.UsageYears ?? [],
            Earmarking = row.Earmarking,
            Description = LocalizedText.Of(row.DescriptionEn, row.DescriptionAr),
            Note = LocalizedText.Of(row.NoteEn, row.NoteAr),
            RestatesNo = restates,
            PassedOnFromNo = passedOnFrom,
            ReclassifiesNo = row.No,
        });
        foreach (var entry in live)
        {
            await from.AddAsync(entry.Opposite(reason));
            var again = await to.AddAsync(donorId is null ? entry.Again() : entry.Again() with { DonorId = donorId });
            await CopyCitationsAsync(write, "entry_no", entry.No, again.No);
            await CopyFindingsAsync(write, entry.No, again.No);
        }

        await CopyCitationsAsync(write, "pledge_no", row.No, to.Header.No);
        var id = to.Header.Id;
        await from.SettleAsync(await ChangeLog.AppendAsync(write, "reclassified", "pledge", row.Id, new { reclassifiedAs = id, classification = after, reason }, before, pledgeId: row.Id));
        await to.SettleAsync(await ChangeLog.AppendAsync(write, "created", "pledge", id, new { reclassifies = row.Id, classification = after }, pledgeId: id));
        return id;
    }

    internal static Classification ClassificationOf(PledgeRow row) =>
        new(row.FundId, row.RecipientId, row.EventId, row.Instrument, CountryShare.Of(row.Countries, row.Shares), row.Shared, row.UsageYears, row.Restates, row.PassedOnFrom);

    /// <summary>The classification as it is to be, with what is wrong with it, and the numbers of the pledges that it names.</summary>
    private static async Task<(Classification After, long? Restates, long? PassedOnFrom)> ClassifiedAsync(Session session, PledgeRow row, JsonObject changes, Faults faults)
    {
        long? restates = null, passedOnFrom = null;
        var after = await MergePatch.ApplyAsync(ClassificationOf(row), changes, new ClassificationRules(), faults.Under("/changes"), async (named, others) =>
        {
            var references = new References(session, others);
            await references.FundAsync("/fundId", named.FundId);
            await references.OrganizationAsync("/recipientId", named.RecipientId);
            await references.EventAsync("/eventId", named.EventId);
            (restates, passedOnFrom) = (await references.PledgeAsync("/restates", named.Restates), await references.PledgeAsync("/passedOnFrom", named.PassedOnFrom));
            foreach (var (pointer, no) in ((string, long?)[])[("/restates", restates), ("/passedOnFrom", passedOnFrom)])
            {
                if (no == row.No)
                {
                    others.Add(pointer, "not_allowed", "A pledge cannot name itself.", "لا يمكن أن يشير التعهد إلى نفسه.");
                }
            }
        });
        return (after, restates, passedOnFrom);
    }

    // What others said of the entry they say of the one that stands in its place.
    private static async Task CopyFindingsAsync(Write write, long from, long to)
    {
        await write.Sql.ExecuteAsync("""
            INSERT INTO verification (no, entry_no, state, note_en, note_ar, recorded_at, recorded_by)
            SELECT (SELECT max(no) FROM verification) + row_number() OVER (ORDER BY no), @to, state, note_en, note_ar, recorded_at, recorded_by
            FROM verification WHERE entry_no = @from
            """, new { from, to });
        await write.Sql.ExecuteAsync("""
            INSERT INTO confirmation (no, entry_no, organization_id, note_en, note_ar, recorded_at, recorded_by)
            SELECT (SELECT max(no) FROM confirmation) + row_number() OVER (ORDER BY no), @to, organization_id, note_en, note_ar, recorded_at, recorded_by
            FROM confirmation WHERE entry_no = @from
            """, new { from, to });
        await write.Sql.ExecuteAsync("UPDATE contribution SET verification = (SELECT verification FROM contribution WHERE entry_no = @from) WHERE entry_no = @to", new { from, to });
    }

    /// <param name="owner">As in <see cref="Citations.AddAsync"/>.</param>
    private static Task<int> CopyCitationsAsync(Write write, string owner, long from, long to) => write.Sql.ExecuteAsync($"""
        INSERT INTO citation (no, source_id, {owner}, quote, note_en, note_ar, recorded_at)
        SELECT (SELECT max(no) FROM citation) + row_number() OVER (ORDER BY no), source_id, @to, quote, note_en, note_ar, @At FROM citation WHERE {owner} = @from
        """, new { from, to, write.At });
}
