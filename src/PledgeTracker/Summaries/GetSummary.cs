using System.Globalization;
using System.Text.RegularExpressions;

namespace PledgeTracker.Summaries;

/// <summary>Money summed over lines, by one or two dimensions, as of any day and by what was known at any moment.</summary>
public sealed partial class GetSummary : Reads<GetSummary.Request, Summary>
{
    private const int MostNested = 50;

    // More rows than there can be.
    private const int Every = int.MaxValue;

    public sealed record Request : SelectionRequest
    {
        /// <summary>What the rows are, and after a comma what the rows inside of them are. No rows where it is left out. At most one of the two is `country` or `sector`. For example `donor`.</summary>
        public IReadOnlyList<string>? GroupBy { get; init; }

        /// <summary>A second day: each row also shows what changed from then. For example `2018-01-01`.</summary>
        public DateOnly? CompareTo { get; init; }

        /// <summary>The currency of the figures. ISO 4217; US dollars where it is left out. For example `EUR`.</summary>
        public string? Currency { get; init; }

        /// <summary>The day whose exchange rate turns US dollars into that currency: the latest rate up to it, at most 31 days older. The day of `asOf`, or today, where it is left out. For example `2021-12-13`.</summary>
        public DateOnly? RatesOn { get; init; }

        /// <summary>What is measured besides the figures. `conversionRate,undisbursed` where it is left out.</summary>
        public IReadOnlyList<string>? Measures { get; init; }

        /// <summary>What `ageing` counts days from: the `pledge`, or when it fell `due`. `pledge` where it is left out.</summary>
        public string? Basis { get; init; }

        /// <summary>The day on which years begin, as `MM-dd`; a year goes by the calendar year in which it ends. `01-01` where it is left out. For example `10-01`.</summary>
        public string? YearStart { get; init; }

        /// <summary>The order of the items; a hyphen in front means descending. `-pledged`, or `key` for years, where it is left out.</summary>
        public string? Sort { get; init; }

        /// <summary>How many items there are at most; the rest of them stand together in `other`. 100 where it is left out.</summary>
        public int? Limit { get; init; }
    }

    public sealed partial class Rules : SelectionRules<Request>
    {
        internal static readonly string[] Orders = ["pledged", "-pledged", "withdrawn", "-withdrawn", "committed", "-committed", "paid", "-paid", "outstanding", "-outstanding", "key", "-key"];

        public Rules()
        {
            RuleFor(r => r.GroupBy)
                .HasAtMost(2)
                .Keeps(nameof(RuleFor), by => !(by.Contains("country") && by.Contains("sector"))).Or("not_allowed",
                    "Send one of country and sector: money for several of each has no rows in common.", "أرسل country أو sector لا كليهما: لا صفوف مشتركة لأموال تخص عدة دول وعدة قطاعات.");
            RuleForEach(r => r.GroupBy).IsOneOf(Grouping.Words);
            RuleFor(r => r.Currency).IsCurrency();
            RuleFor(r => r.Hxl).Must((r, hxl) => hxl != true || r.Currency is null or "USD").Or("not_allowed", "Leave this out or the currency: the tags say that figures are US dollars.", "لا ترسل هذا أو لا ترسل العملة: تقول الوسوم إن المبالغ بالدولار.");
            RuleFor(r => r.RatesOn).Must((r, day) => day is null || r.Currency is not null).Or("not_allowed", "Send the currency, too, that the figures are to be in.", "أرسل أيضا العملة التي تريد المبالغ بها.");
            RuleFor(r => r.YearStart).Keeps(nameof(YearStart), text => YearStart().IsMatch(text), schema => schema.Pattern = "^(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$")
                .Or("out_of_range", "Send a month and a day up to the 28th, such as 10-01.", "أرسل شهرا ويوما لا يتجاوز 28، مثل 10-01.");
            RuleFor(r => r.Measures).HasAtMost(10);
            RuleForEach(r => r.Measures).IsOneOf(Summaries.Measures.Words);
            RuleFor(r => r.Measures).Must((r, measures) => r.GroupBy?.Contains("country") != true || IsOfSums(measures)).Or("not_allowed",
                "Leave these out, or group by something else than country: conversionRate and undisbursed alone are measured of parts of pledges.",
                "لا ترسل هذه المقاييس أو لا تجمع بحسب الدولة: لا يُقاس من أجزاء التعهدات إلا conversionRate وundisbursed.");
            RuleFor(r => r.Basis).IsOneOf(Vocabulary.AgeingBases);
            RuleFor(r => r.Basis).Must((r, basis) => basis is null || r.Measures?.Contains("ageing") == true).Or("not_allowed",
                "Send measures=ageing, too: it is what this is about.", "أرسل measures=ageing أيضا: هذا ما يخصه.");
            RuleFor(r => r.Sort).IsOneOf(Orders);
            RuleFor(r => r.Limit).IsWithin(1, 500, 100);
            RuleFor(r => r.YearStart).Must((r, start) => start is null || r.GroupBy?.Contains("year") == true).Or("not_allowed", "Send groupBy=year, too: it is what this is about.", "أرسل groupBy=year أيضا: هذا ما يخصه.");
        }

        [GeneratedRegex(@"\A(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])\z")]
        private static partial Regex YearStart();
    }

    public override void Configure()
    {
        Get("/v1/summary");
        Tells("Summaries", "Sums by any dimension", "What was pledged, committed, paid and withdrawn, and what is outstanding, over all the money that the filters leave, by one dimension or two. " +
            "Restated pledges and money passed on are left out. What several countries or sectors share without a published split stands in a row of its own, never in each. " +
            "What a member of a group paid on the group's promise stands in the group's row. " +
            "`asOf` shows the corrected truth of a day, `knownAt` what was believed; `basis` says which rules were applied.", 401);
        Metadata(new TakesMe("recordedBy"));
    }

    // As a table it has every row, where no limit was asked for.
    private protected override async IAsyncEnumerable<Summary> PartsAsync(Request request, View view)
    {
        yield return await ReadAsync(request with { Limit = request.Limit ?? Every }, view);
    }

    /// <summary>Whether sums tell them.</summary>
    internal static bool IsOfSums(IReadOnlyList<string>? measures) => measures?.All(Summaries.Measures.Default.Contains) != false;

    protected override async Task<Summary> ReadAsync(Request request, View view)
    {
        Past.ThrowIfAhead(Reader, ("?asOf", request.AsOf), ("?compareTo", request.CompareTo));
        var by = request.GroupBy ?? [];
        var selection = await Selection.OfAsync(request, view, Reader, HttpContext);
        var total = await GroupAsync(request, selection, by);
        var currency = request.Currency ?? "USD";
        var rate = currency == "USD" ? null : await Conversion.OfAsync(view, currency, request.RatesOn ?? selection.Day, HttpContext.RequestServices.GetRequiredService<Settings>().RatesProviders);
        if (rate is not null)
        {
            total.Convert(rate.Of);
        }

        var names = await RowNames.OfAsync(view, by, total, Reader);
        var payers = by.Contains("donor") ? await selection.PaidForGroupsAsync() : [];
        return new Summary
        {
            AsOf = selection.Day,
            CompareTo = request.CompareTo,
            GroupBy = by,
            Total = new SummaryTotal
            {
                Pledges = total.Now.Pledges,
                Figures = TotalSet.Of(total.Now.Sums, currency),
                ByInstrument = total.Now.Instruments(currency),
                Measures = Measured(total.Now),
                Change = Change(total),
            },
            Rows = by.Count == 0 ? [] : RowsOf(total, 0, request.Limit ?? 100),
            Basis = SummaryBasis.Of(selection.Known, BasisOf(request, by, request.YearStart, request.Currency), Reader) with { Rate = rate is null ? null : new(rate.Currency, Rates.PerUnit(rate.UsdPico), rate.Date, rate.Provider) },
        };

        List<SummaryRow> RowsOf(Group group, int depth, int limit) => group.Ordered(request.Sort ?? (by[depth] == "year" ? "key" : "-pledged"), limit).ConvertAll(row => new SummaryRow
        {
            Kind = row.Key.Kind,
            Key = row.Key.Key,
            Name = names.Of(by[depth], row.Key),
            Items = row.Key == RowKey.Other ? row.Row.Folded : null,
            Pledges = row.Row.Now.Pledges,
            Figures = TotalSet.Of(row.Row.Now.Sums, currency),
            ByInstrument = row.Row.Now.Instruments(currency),
            Measures = Measured(row.Row.Now),
            Change = Change(row.Row),
            PaidForGroups = Currency.Major(by[depth] == "donor" && row.Key.Key is { } donor && payers.GetValueOrDefault(donor) is var paid ? rate?.Of(paid) ?? paid : 0, currency),
            Rows = depth + 1 < by.Count ? RowsOf(row.Row, depth + 1, request.Limit == Every ? Every : MostNested) : null,
        });

        MeasureSet Measured(Pile pile)
        {
            var names = request.Measures ?? Summaries.Measures.Default;
            return IsOfSums(names) ? Summaries.Measures.Of(names, pile.Dollars) : Summaries.Measures.Of(names, pile.Lines, selection.Day, request.Basis ?? Vocabulary.AgeingBases[0]);
        }

        SummaryChange? Change(Group group) => request.CompareTo is null ? null
            : SummaryChange.Of(group.Now.Sums - group.Before.Sums, group.Now.Pledges - group.Before.Pledges, currency);
    }

    private static async Task<Group> GroupAsync(Request request, Selection selection, IReadOnlyList<string> by)
    {
        var grouping = await Grouping.OfAsync(selection.View, by, MonthAndDay(request.YearStart));
        if (await StoredSums.GroupAsync(request, selection, grouping) is { } stored)
        {
            return stored;
        }

        var (total, isMeasured) = (new Group(), !IsOfSums(request.Measures));
        var verified = request.Measures?.Contains("dataQuality") == true
            ? (await selection.View.Sql.QueryAsync<(long, string)>("SELECT DISTINCT pledge_no, donor_id FROM contribution WHERE verification = 'verified' AND reversed = FALSE")).ToHashSet()
            : [];
        await foreach (var line in selection.LinesAsync())
        {
            if (line.AsOf(selection.Day) is { } now)
            {
                List<(RowKey[] Path, Sums Part)> rows = [([], now.Sums), .. grouping.RowsOf(line.Header, line.DonorId, now)];
                rows.ForEach(row => total.At(row.Path).Now.Add(line.Header, row.Part));
                if (isMeasured)
                {
                    var measured = MeasuredLine.Of(line, now, selection.Day, verified.Contains((line.Header.No, line.DonorId)));
                    rows.ForEach(row => total.At(row.Path).Now.Lines.Add(measured));
                }
            }

            if (request.CompareTo is { } day && line.AsOf(day) is { } before)
            {
                total.Before.Add(line.Header, before.Sums);
                grouping.RowsOf(line.Header, line.DonorId, before).ForEach(row => total.At(row.Path).Before.Add(line.Header, row.Part));
            }
        }

        return total;
    }

    private static (int, int) MonthAndDay(string? yearStart) =>
        yearStart is null ? (1, 1) : (int.Parse(yearStart[..2], CultureInfo.InvariantCulture), int.Parse(yearStart[3..], CultureInfo.InvariantCulture));

    /// <summary>The rules by which money is summed, whatever becomes of the sums.</summary>
    internal static IEnumerable<(string Code, LocalizedText Text)> BasisOf(SelectionRequest request, IReadOnlyList<string> by, string? yearStart = null, string? inCurrency = null)
    {
        yield return ("counted_once", new("Pledges that restate others, and money passed on, are left out.", "لا تُحسب التعهدات التي تعيد صياغة غيرها ولا الأموال المحوّلة من جهة إلى أخرى."));
        if (request.KnownAt is not null)
        {
            yield return ("names_of_now", new(
                "What had been recorded by then counts; names, aliases, merged organizations, due dates, types and verifications are those of now.",
                "يُحسب ما كان مسجلا حتى ذلك الوقت؛ أما الأسماء والأسماء الأخرى والجهات المدمجة وتواريخ الاستحقاق والأنواع والتحقق فهي كما هي الآن."));
        }

        if (request.Country is not null)
        {
            yield return ("countries_whole", new("Money for several of these or other countries is counted whole.", "تُحسب الأموال المخصصة لعدة دول كاملة."));
        }

        if (by.Contains("country"))
        {
            yield return ("countries_split", new(
                "Money for several countries is split where its source gives shares; otherwise it stands in the row of what is shared.",
                "تُقسم الأموال المخصصة لعدة دول حيث يذكر مصدرها النسب، وإلا فهي في صف المشترك."));
        }

        if (by.Contains("sector"))
        {
            yield return ("sectors_not_split", new("Money for several sectors stands in the row of what is shared.", "الأموال المخصصة لعدة قطاعات في صف المشترك."));
        }

        if (by.Contains("year"))
        {
            yield return ("years_of_announcement", new(
                "Pledges stand in the year in which they were announced, other contributions in that of their first entry.", "توضع التعهدات في سنة إعلانها، والمساهمات الأخرى في سنة أول قيد لها."));
            if (yearStart is { } start and not "01-01")
            {
                yield return ("year_start", new($"Years begin on {start} and go by the calendar year in which they end.", $"تبدأ السنوات في {start} وتُسمى بالسنة الميلادية التي تنتهي فيها."));
            }
        }

        if (by.Contains("status"))
        {
            yield return ("status_of_lines", new("Each donor's part of a pledge has a status of its own.", "لجزء كل جهة مانحة من التعهد حالة خاصة به."));
        }

        if (by.Contains("donor") || by.Contains("donor-type"))
        {
            yield return ("groups_whole", new("What a member paid on the promise of its group stands in the group's row.", "ما دفعه عضو وفاء بتعهد مجموعته يُحسب في صف المجموعة."));
        }

        if (inCurrency is { } currency and not "USD")
        {
            yield return ("converted", new(
                $"US dollars are turned into {currency} by one rate: the stages and the other parts of each instrument in the innermost rows; sums are sums of these, and measures stay in US dollars.",
                $"تُحوّل الدولارات إلى {currency} بسعر واحد: مراحل كل أداة وأجزاؤها الأخرى في الصفوف الداخلية، والمجاميع مجاميعها، وتبقى المقاييس بالدولار."));
        }

        if (request.Verified == true)
        {
            yield return ("verified_only", new("Of commitments, payments and adjustments only those that editors verified count.", "لا يُحسب من الالتزامات والمدفوعات والتعديلات إلا ما تحقق منه المحررون."));
        }

        if (request.GrantsOnly == true)
        {
            yield return ("grants_only", new("Grants alone: what is unspecified is left out, too.", "المنح وحدها: يُستبعد غير المحدد أيضا."));
        }
    }
}
