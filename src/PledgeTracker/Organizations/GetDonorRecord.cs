using System.Globalization;
using PledgeTracker.Summaries;
using Group = PledgeTracker.Summaries.Group;

namespace PledgeTracker.Organizations;

/// <summary>What a donor promised and what became of it, year by year.</summary>
public sealed class GetDonorRecord : Reads<GetDonorRecord.Request, DonorRecord>
{
    /// <param name="Id" example="usa">The donor's id.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure()
    {
        Get("/v1/donors/{id}/record");
        Tells("Donors", "A donor's record", "What the donor pledged, by the year of announcement, and what became of it: paid, committed, promised only, withdrawn and why, overdue; for each instrument apart. " +
            "Restated pledges and money passed on are left out.", 404);
        Metadata(new MayHaveMoved());
    }

    protected override async Task<DonorRecord> ReadAsync(Request request, View view)
    {
        var donor = await MemberAsync(view, request.Id) ?? await GetDonor.FindAsync(view, request.Id);
        if (donor.MergedInto is { } survivor)
        {
            throw new Moved($"/v1/donors/{survivor}/record");
        }

        var asked = new GetSummary.Request { Donor = [donor.Id], AsOf = request.AsOf, KnownAt = request.KnownAt };
        var selection = await Selection.OfAsync(asked, view, Reader, HttpContext);
        var all = await ByYearAsync(selection, line => true);
        var overdue = await ByYearAsync(await Selection.OfAsync(asked with { Overdue = true }, view, Reader, HttpContext), line => line.OutstandingMinor > 0);
        return new DonorRecord
        {
            Donor = new Ref(donor.Id, donor.Name.In(Reader.Language)),
            AsOf = selection.Day,
            Total = Money(null, all, overdue),
            Years = all.Ordered("key", int.MaxValue).ConvertAll(year => Money(int.Parse(year.Key.Key!, CultureInfo.InvariantCulture), year.Row, overdue[year.Key])),
            PaidForGroups = Currency.Usd((await selection.PaidForGroupsAsync()).Sum(paid => paid.Usd)),
            Basis = SummaryBasis.Of(selection.Known, GetSummary.BasisOf(asked, ["year"]), Reader),
        };
    }

    private static async Task<Group> ByYearAsync(Selection selection, Func<Line, bool> counts)
    {
        var total = new Group();
        await foreach (var line in selection.LinesAsync())
        {
            if (line.AsOf(selection.Day) is { } state && counts(state))
            {
                total.Now.Add(line.Header, state.Sums);
                total[RowKey.Of(line.Header.AnnouncedOn.Year.ToString(CultureInfo.InvariantCulture))].Now.Add(line.Header, state.Sums);
            }
        }

        return total;
    }

    private static DonorMoney Money(int? year, Group group, Group overdue) => new()
    {
        Year = year,
        Pledges = group.Now.Pledges,
        Figures = TotalSet.Of(group.Now.Sums),
        ByInstrument = group.Now.Instruments(),
        Overdue = new(overdue.Now.Pledges, Currency.Usd(overdue.Now.Sums.Outstanding)),
    };

    /// <summary>An organization that paid for a group; it may have given nothing else.</summary>
    private static Task<OrganizationRow?> MemberAsync(View view, string id) => view.Sql.QueryFirstOrDefaultAsync<OrganizationRow>($"""
        {OrganizationRow.Select} WHERE o.id = @id AND EXISTS (SELECT 1 FROM organization m JOIN ledger_entry e ON e.paid_by = m.id WHERE m.id = o.id OR m.merged_into = o.id)
        """, new { id });
}
