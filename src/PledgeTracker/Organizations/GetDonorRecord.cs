using System.Globalization;
using PledgeTracker.Summaries;
using Group = PledgeTracker.Summaries.Group;
using Measures = PledgeTracker.Summaries.Measures;

namespace PledgeTracker.Organizations;

/// <summary>What a donor promised and what became of it, year by year.</summary>
public sealed class GetDonorRecord : Reads<GetDonorRecord.Request, DonorRecord>
{
    /// <param name="Id" example="usa">The donor's id.</param>
    public sealed record Request(string Id) : PastRequest, IMeasured
    {
        /// <summary>What is measured besides the figures. `conversionRate,undisbursed` where it is left out.</summary>
        public IReadOnlyList<string>? Measures { get; init; }

        /// <summary>What `ageing` counts days from: the `pledge`, or when it fell `due`. `pledge` where it is left out.</summary>
        public string? Basis { get; init; }
    }

    public sealed class Rules : PastRules<Request>
    {
        public Rules() => this.AddMeasures();
    }

    public override void Configure()
    {
        Get("/v1/donors/{id}/record");
        Tells("Donors", "A donor's record", "What the donor pledged, by the year of announcement, and what became of it: paid, committed, promised only, withdrawn and why, overdue; for each instrument apart, and measured. " +
            "Restated pledges and money passed on are left out.", 404);
        Metadata(new MayHaveMoved());
    }

    protected override async Task<DonorRecord> ReadAsync(Request request, View view)
    {
        var donor = await GetDonor.FindAsync(view, request.Id);
        if (donor.MergedInto is { } survivor)
        {
            throw new Moved($"/v1/donors/{survivor}/record");
        }

        var asked = new GetSummary.Request { Donor = [donor.Id], AsOf = request.AsOf, KnownAt = request.KnownAt };
        var selection = await Selection.OfAsync(asked, view, Reader, HttpContext);
        var (all, overdue) = await ByYearAsync(selection, request);
        return new DonorRecord
        {
            Donor = new Ref(donor.Id, donor.Name.In(Reader.Language)),
            AsOf = selection.Day,
            Total = Money(null, all, overdue),
            Years = all.Ordered("key", int.MaxValue).ConvertAll(year => Money(int.Parse(year.Key.Key!, CultureInfo.InvariantCulture), year.Row, overdue[year.Key])),
            PaidForGroups = Currency.Usd((await selection.PaidForGroupsAsync()).Sum(paid => paid.Usd)),
            Basis = SummaryBasis.Of(selection.Known, GetSummary.BasisOf(asked, ["year"]), Reader),
        };

        DonorMoney Money(int? year, Group group, Group late) => new()
        {
            Year = year,
            Pledges = group.Now.Pledges,
            Figures = TotalSet.Of(group.Now.Sums),
            ByInstrument = group.Now.Instruments(),
            Measures = group.Now.Measured(request, selection.Day),
            Overdue = new(late.Now.Pledges, Currency.Usd(late.Now.Sums.Outstanding)),
        };
    }

    // All its money, and its part of promises that are overdue.
    private static async Task<(Group All, Group Overdue)> ByYearAsync(Selection selection, Request request)
    {
        var (all, overdue, isMeasured) = (new Group(), new Group(), !Measures.AreOfSums(request.Measures));
        var verified = await selection.VerifiedAsync(request);
        await foreach (var line in selection.LinesAsync())
        {
            if (line.AsOf(selection.Day) is not { } state)
            {
                continue;
            }

            Add(all, line, state.Sums);
            if (state.OutstandingMinor > 0 && line.IsOverdueOn(selection.Day))
            {
                Add(overdue, line, state.Sums);
            }

            if (isMeasured)
            {
                var measured = MeasuredLine.Of(line, state, selection.Day, verified.Contains((line.Header.No, line.DonorId)));
                all.Now.Lines.Add(measured);
                all[YearOf(line)].Now.Lines.Add(measured);
            }
        }

        return (all, overdue);

        static void Add(Group total, SummedLine line, Sums sums)
        {
            total.Now.Add(line.Header, sums);
            total[YearOf(line)].Now.Add(line.Header, sums);
        }

        static RowKey YearOf(SummedLine line) => RowKey.Of(line.Header.AnnouncedOn.Year.ToString(CultureInfo.InvariantCulture));
    }
}
