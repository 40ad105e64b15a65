using System.Globalization;

namespace PledgeTracker.Summaries;

/// <summary>How money went over time: by month, quarter or year, or on each day on which something changed.</summary>
public sealed class GetTimeSeries : Reads<GetTimeSeries.Request, TimeSeries>
{
    private const int MostRows = 1200;
    private const int MostStatements = 20;

    public sealed record Request : SelectionRequest
    {
        /// <summary>How long a period is.</summary>
        public string? Interval { get; init; }

        /// <summary>`true` shows what each figure came to by the end of the period; otherwise what the period changed of it, of `outstanding`, too.</summary>
        public bool? Cumulative { get; init; }

        /// <summary>The first period shown is the one that has this day; where it is left out, the first in which anything was entered. For example `2018-01-01`.</summary>
        public DateOnly? From { get; init; }

        /// <summary>The last period shown is the one that has this day, or that of `asOf` where that is earlier. For example `2018-12-31`.</summary>
        public DateOnly? To { get; init; }

        /// <summary>A series for each donor, fund, and so on, beside all together. There are none by status, which moves from day to day. For example `fund`.</summary>
        public string? GroupBy { get; init; }

        /// <summary>How many items have a series of their own, the largest by what was pledged; the rest of them stand together in `other`.</summary>
        public int? Limit { get; init; }

        /// <summary>`true` shows, instead of periods, each day on which something changed or was stated, with what each figure came to by its end. For one value of one of `event`, `fund` and `donor`.</summary>
        public bool? Steps { get; init; }
    }

    public sealed class Rules : SelectionRules<Request>
    {
        private static readonly LocalizedText NotWithSteps = new("Leave this out: steps are days on which something changed.", "لا ترسل هذه المعلمة: الخطوات أيام تغير فيها شيء.");

        public Rules()
        {
            RuleFor(r => r.Interval).IsOneOf(Vocabulary.Intervals, "month");
            RuleFor(r => r.To).IsNotBefore("from", r => r.From);
            RuleFor(r => r.GroupBy).Must(by => by != "status").Or("not_allowed",
                "A status moves from day to day: ask /v1/summary?groupBy=status as of each day.", "تتغير الحالة من يوم إلى آخر: اطلب /v1/summary?groupBy=status لكل يوم على حدة.");
            RuleFor(r => r.GroupBy).IsOneOf([.. Grouping.Words.Except(["status"])]);
            RuleFor(r => r.Limit).IsWithin(1, 20, 5);
            RuleFor(r => r.Steps).Must((r, steps) => steps != true || new[] { r.Event, r.Fund, r.Donor }.Where(of => of is not null).ToList() is [{ Count: 1 }]).Or("not_allowed",
                "With steps send one value of one of event, fund and donor.", "مع steps أرسل قيمة واحدة لواحدة فقط من event وfund وdonor.");
            RuleFor(r => r.Interval).Must((r, interval) => interval is null || r.Steps != true).Or("not_allowed", NotWithSteps);
            RuleFor(r => r.Cumulative).Must((r, cumulative) => cumulative != false || r.Steps != true).Or("not_allowed", NotWithSteps);
            RuleFor(r => r.GroupBy).Must((r, by) => by is null || r.Steps != true).Or("not_allowed", NotWithSteps);
            RuleFor(r => r.Limit).Must((r, limit) => limit is null || r.Steps != true).Or("not_allowed", NotWithSteps);
        }
    }

    public override void Configure()
    {
        Get("/v1/time-series");
        Tells("Summaries", "Sums over time", "What was pledged, committed, paid and withdrawn in each month, quarter or year, and how what is outstanding changed, over all the money that the filters leave; " +
            "with `cumulative=true` what each came to by the end of the period. Entries stand in the period that has the day they count from: their date, or the day on which they were recorded where that was earlier. " +
            "All periods together change what `/v1/summary` shows as of the last day. With `steps=true` the days on which something changed for one event, fund or donor, " +
            $"each with what was stated on it. Periods and steps are at most {MostRows:N0}.", 401);
        Metadata(new TakesMe("recordedBy"));
    }

    protected override async Task<TimeSeries> ReadAsync(Request request, View view)
    {
        var selection = await Selection.OfAsync(request, view, Reader, HttpContext);
        if (request.AsOf is { } asOf && request.From > asOf)
        {
            throw Refused.Invalid(new Fault("?from", "date_out_of_range", new($"Send a day up to that of asOf, {asOf:yyyy-MM-dd}.", $"أرسل يوما لا يتجاوز asOf، أي {asOf:yyyy-MM-dd}.")));
        }

        Past.ThrowIfAhead(Reader, ("?from", request.From));
        var isOfSteps = request.Steps == true;
        var last = request.To < selection.Day ? request.To.Value : selection.Day;
        IReadOnlyList<string> by = request.GroupBy is { } dimension ? [dimension] : [];
        var interval = Interval.Of(request.Interval ?? "month");
        List<(SummedHeader Header, Entry Entry)> promises = [];
        var total = await ChangesAsync(selection, by, isOfSteps ? day => day : interval.First, isOfSteps ? promises : null);
        List<DateOnly> periods = isOfSteps || (request.From is null && total.Changes.Count == 0) ? [] : [.. interval.Between(request.From ?? total.Changes.Keys.Min(), last).Take(MostRows + 1)];
        ThrowIfMany(periods.Count);
        var isCumulative = isOfSteps || request.Cumulative == true;
        var names = await RowNames.OfAsync(view, by, total, Reader);
        return new TimeSeries
        {
            AsOf = selection.Day,
            Interval = isOfSteps ? null : request.Interval ?? "month",
            Cumulative = isCumulative,
            GroupBy = request.GroupBy,
            Rows = RowsOf(total),
            Series = by.Count == 0 ? [] : total.Ordered("-pledged", request.Limit ?? 5).ConvertAll(row => new Series
            {
                Kind = row.Key.Kind,
                Key = row.Key.Key,
                Name = names.Of(by[0], row.Key),
                Rows = RowsOf(row.Row),
            }),
            Steps = isOfSteps ? await StepsAsync(request, selection, total, promises, last) : [],
            Basis = SummaryBasis.Of(selection.Known, [.. GetSummary.BasisOf(request, by), ("days_of_counting", new(
                "An entry stands on its date, or on the day on which it was recorded where that was earlier.", "يوضع القيد في تاريخه، أو في يوم تسجيله إن كان أسبق."))], Reader),
        };

        List<TimeSeriesRow> RowsOf(Group group)
        {
            var standing = StandingBefore(group, periods.FirstOrDefault());
            return periods.ConvertAll(period =>
            {
                var change = group.Changes.GetValueOrDefault(period);
                standing += change;
                return new TimeSeriesRow(interval.Name(period), isCumulative ? standing : change);
            });
        }
    }

    /// <summary>What each period changed, of all and of each row.</summary>
    /// <param name="promises">Where what was promised, revised and withdrawn goes, if it is asked for.</param>
    private static async Task<Group> ChangesAsync(Selection selection, IReadOnlyList<string> by, Func<DateOnly, DateOnly> periodOf, List<(SummedHeader Header, Entry Entry)>? promises)
    {
        var grouping = await Grouping.OfAsync(selection.View, by, (1, 1));
        var total = new Group();
        await foreach (var line in selection.LinesAsync())
        {
            foreach (var (day, before, after) in line.Steps(selection.Day))
            {
                total.Add(periodOf(day), line.Header, after.Sums - before.Sums);
                // The rows of a line are the same ones on every day.
                foreach (var ((path, was), (_, now)) in grouping.RowsOf(line.Header, line.DonorId, before).Zip(grouping.RowsOf(line.Header, line.DonorId, after)))
                {
                    total[path[0]].Add(periodOf(day), line.Header, now - was);
                }
            }

            promises?.AddRange(line.Entries.Where(e => e.Kind is "pledge" or "revision" or "withdrawal" && e.CountsFrom <= selection.Day).Select(e => (line.Header, e)));
        }

        return total;
    }

    private async Task<List<TimeSeriesStep>> StepsAsync(Request request, Selection selection, Group total, List<(SummedHeader Header, Entry Entry)> promises, DateOnly last)
    {
        var first = request.From ?? DateOnly.MinValue;
        var ofFund = await OfFundAsync(request, selection, first, last);
        var promised = promises.Where(p => p.Entry.CountsFrom >= first && p.Entry.CountsFrom <= last).ToLookup(p => p.Entry.CountsFrom);
        List<DateOnly> days = [.. total.Changes.Where(change => change.Value is not { Pledged: 0, Withdrawn: 0, Committed: 0, Paid: 0, Outstanding: 0 }).Select(change => change.Key)
            .Concat(promised.Select(day => day.Key)).Concat(ofFund.Select(day => day.Key)).Where(day => day >= first && day <= last).Distinct().Order()];
        ThrowIfMany(days.Count);
        var told = days.ConvertAll(day => ofFund[day].Concat(promised[day].Select(p => new Told(p.Entry.Kind, p.Header.No, p.Entry.DonorId, p.Entry.AmountMinor, p.Entry.Currency, p.Entry.UsdMinor, p.Entry.Qualifier)))
            .OrderByDescending(t => Math.Abs(t.UsdMinor)).ThenBy(t => t.No).ThenBy(t => t.Kind, StringComparer.Ordinal).ThenBy(t => t.DonorId, StringComparer.Ordinal).ToList());
        var shown = told.SelectMany(day => day.Take(MostStatements)).ToList();
        var (numbers, donors) = (shown.Where(t => t.Id is null).Select(t => t.No).Distinct().ToList(), shown.Select(t => t.DonorId).OfType<string>().Distinct().ToList());
        var ids = numbers.Count == 0 ? [] : (await selection.View.Sql.QueryAsync<(long, string)>($"SELECT no, id FROM pledge WHERE {selection.View.Engine.AnyOf("no", "@numbers")}", new { numbers })).ToDictionary();
        var names = donors.Count == 0 ? [] : (await selection.View.Sql.QueryAsync<(string, string?)>(
            $"SELECT o.id, {Reader.Text("o.name")} FROM organization o WHERE {selection.View.Engine.AnyOf("o.id", "@donors")}", new { donors })).ToDictionary();
        var standing = StandingBefore(total, days.FirstOrDefault());
        return days.Zip(told, (day, all) =>
        {
            standing += total.Changes.GetValueOrDefault(day);
            return new TimeSeriesStep(day, standing, all.Take(MostStatements).Select(t => new DaysStatement
            {
                Kind = t.Kind,
                Id = t.Id ?? ids[t.No],
                Donor = t.DonorId is { } donor ? new Ref(donor, names[donor]) : null,
                Amount = Currency.Major(t.AmountMinor, t.Currency),
                Currency = t.Currency,
                AmountUsd = Currency.Usd(t.UsdMinor),
                Qualifier = t.Qualifier,
            }).ToList(), all.Count);
        }).ToList();
    }

    /// <summary>The shortfalls and requirements of the fund that is asked for, by the day on which they were stated.</summary>
    private static async Task<ILookup<DateOnly, Told>> OfFundAsync(Request request, Selection selection, DateOnly first, DateOnly last)
    {
        var filter = new Filter().Where("t.fund_id = @fund").With("fund", request.Fund?[0]).Where("t.stated_on >= @first").With("first", first).Where("t.stated_on <= @last").With("last", last)
            .Where("t.version <= @known", "known", selection.Known?.Sequence);
        return (request.Fund is null ? [] : await selection.View.Sql.QueryAsync<Statement>(string.Join(" UNION ALL ", ((string[])["shortfall", "requirement"]).Select(kind =>
            $"SELECT '{kind}' AS kind, t.no, t.id, t.stated_on, t.amount_minor, t.currency, t.usd_minor, t.qualifier FROM {kind} t {filter.Sql}")), filter.Parameters))
            .ToLookup(s => s.StatedOn, s => new Told(s.Kind, s.No, null, s.AmountMinor, s.Currency, s.UsdMinor, s.Qualifier, s.Id));
    }

    private static Sums StandingBefore(Group group, DateOnly first) => group.Changes.Where(change => change.Key < first).Aggregate(default(Sums), (sum, change) => sum + change.Value);

    private static void ThrowIfMany(int rows)
    {
        if (rows > MostRows)
        {
            var most = MostRows.ToString(CultureInfo.InvariantCulture);
            throw Refused.Invalid(new Fault("?from", "too_many", new(
                $"That is more than {most} periods or days: send a later from, an earlier to or a longer interval.", $"هذا أكثر من {most} فترة أو يوم: أرسل from أحدث أو to أقدم أو فترة أطول.")));
        }
    }

    /// <summary>Something that was stated on a day.</summary>
    /// <param name="No">Of the pledge, the shortfall or the requirement.</param>
    /// <param name="Id">Of a shortfall or a requirement; that of a pledge is read where it is shown.</param>
    private sealed record Told(string Kind, long No, string? DonorId, long AmountMinor, string Currency, long UsdMinor, string Qualifier, string? Id = null);

    private sealed record Statement
    {
        public required string Kind { get; init; }
        public required long No { get; init; }
        public required string Id { get; init; }
        public required DateOnly StatedOn { get; init; }
        public required long AmountMinor { get; init; }
        public required string Currency { get; init; }
        public required long UsdMinor { get; init; }
        public required string Qualifier { get; init; }
    }
}
