using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Pledges;

/// <summary>Pledges, filtered and in order. Each order is walked along an index that begins with the narrowest filter; see db/README.md.</summary>
internal sealed class ListPledges : IEndpoint
{
    private static readonly QueryParameter<string> Donor = QueryParameter.Slug("donor", "Only pledges of this donor.", "usa");
    private static readonly QueryParameter<string> Fund = QueryParameter.Slug("fund", "Only pledges to this fund.", "ne-syria-stabilization");
    private static readonly QueryParameter<string> Recipient = QueryParameter.Slug("recipient", "Only pledges to this recipient organization.", "irq-mof");
    private static readonly QueryParameter<string> Country = Codes.CountryParameter("Only pledges for this country, alone or among others.");
    private static readonly QueryParameter<string> Event = QueryParameter.Slug("event", "Only pledges announced at this event.", "kuwait-conference-2018");
    private static readonly QueryParameter<string> Status = QueryParameter.OneOf("status", "Only pledges of this status.", Words.Statuses);
    private static readonly QueryParameter<string> Instrument = QueryParameter.OneOf("instrument", "Only pledges of this instrument.", Words.Instruments);
    private static readonly QueryParameter<bool?> GrantsOnly = QueryParameter.Flag("grantsOnly", "`true` is short for `instrument=grant`.");
    private static readonly QueryParameter<string> Origin = QueryParameter.OneOf("origin",
        "Announced pledges, or the headers of contributions that nobody had pledged.", Words.Origins, standard: "announced");
    private static readonly QueryParameter<string> Currency = Codes.CurrencyParameter("Only pledges made in this currency.");
    private static readonly QueryParameter<DateOnly?> From = QueryParameter.Date("announcedFrom", "Announced on this day or later.", "2018-01-01");
    private static readonly QueryParameter<DateOnly?> To = QueryParameter.Date("announcedTo", "Announced on this day or earlier.", "2018-12-31");
    private static readonly QueryParameter<long?> Least = QueryParameter.Usd("minAmountUsd", "At least so many US dollars pledged.");
    private static readonly QueryParameter<long?> Most = QueryParameter.Usd("maxAmountUsd", "At most so many US dollars pledged.");
    private static readonly QueryParameter<bool?> Overdue = QueryParameter.Flag("overdue", "Whether a due date has been missed.");
    private static readonly QueryParameter<string> Text = QueryParameter.Text("q",
        "Words in the pledge's texts, or in the names of its donor, fund, recipient or event, in either language. All must occur.", "stabilization");

    private static readonly int No = PledgeRow.At("no");

    private static readonly Paging Paging = new("-announcedOn", "p.no",
        new("announcedOn", "announced_on"), new("amountUsd", "pledged_usd", Number: true), new("outstanding", "outstanding_usd", Number: true));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/pledges", Handle).Reads("ListPledges", "Pledges",
        "Pledges", "Announced pledges, newest first; `origin=direct` shows the headers of contributions that nobody had pledged. " +
        "`instrument` is never mixed silently: filter by it, or use `grantsOnly`.",
        Paging.With(Donor, Fund, Recipient, Country, Event, Status, Instrument, GrantsOnly, Origin, Currency, From, To, Least, Most, Overdue, Text));

    private static async Task<Results<ReadyJson<Page<PledgeItem>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        using var snapshot = await request.OpenAsync();
        var (from, column, tie) = Drive(request, keyset.Field.Column);
        var filter = Where(request, from, ToRecipient(snapshot, request));
        var page = keyset.Apply(filter, column, tie);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM {from} {filter.Sql}", filter.Parameters) : null;
        using var rows = snapshot.Read($"SELECT {PledgeRow.Columns} FROM {from} {page.Sql} {keyset.OrderSql(column, tie)}", page.Parameters);
        return Write(rows, snapshot, keyset, count, request.View);
    }

    /// <summary>A page of <see cref="PledgeItem"/>, written while its rows are read.</summary>
    private static ReadyJson<Page<PledgeItem>> Write(Rows rows, Snapshot snapshot, Paging.Keyset keyset, long? count, View view)
    {
        var key = PledgeRow.At(keyset.Field.Column);
        (object Key, object Tie) last = default;
        string? next = null;
        using var body = JsonOutput.Begin();
        var json = body.Writer;
        var pledges = new PledgeJson(snapshot, view, json);
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        for (var n = 0; rows.Next(); n++)
        {
            if (n == keyset.Limit)
            {
                next = keyset.Next(last);
                break;
            }

            pledges.Item(rows);
            if (n == keyset.Limit - 1)
            {
                last = (keyset.Field.Number ? rows.Whole(key) : Encoding.UTF8.GetString(rows.Text(key)), rows.Whole(No));
            }
        }

        json.WriteEndArray();
        json.WriteString("next"u8, next);
        if (count is { } all)
        {
            json.WriteNumber("count"u8, all);
        }

        json.WriteEndObject();
        return new ReadyJson<Page<PledgeItem>>(body.ToArray());
    }

    /// <summary>
    /// What the query walks along: the index of the narrowest filter that is set, which also holds the sort column, so that a page costs
    /// what it shows and not what matches. The planner has no statistics and would guess; INDEXED BY does not.
    /// </summary>
    private static (string From, string Column, string Tie) Drive(ReadRequest request, string sort)
    {
        if (request.Get(Text) is not null)
        {
            // The words find few pledges, which are looked up and sorted; walking an order past all that do not match would cost more.
            return ("pledge p NOT INDEXED", "p." + sort, "p.no");
        }

        if (request.Get(Donor) is not null)
        {
            var (index, column) = sort switch
            {
                "announced_on" => ("line_by_donor_announced", "l.announced_on"),
                "pledged_usd" => ("line_by_donor_amount", "l.header_pledged_usd"),
                _ => ("line_by_donor_outstanding", "l.header_outstanding_usd"),
            };
            return ($"line l INDEXED BY {index} CROSS JOIN pledge p ON p.no = l.pledge_no", column, "l.pledge_no");
        }

        if (request.Get(Country) is not null && request.Get(Fund) is null && sort != "outstanding_usd")
        {
            var index = sort == "announced_on" ? "pledge_country_by_announced" : "pledge_country_by_amount";
            return ($"pledge_country c INDEXED BY {index} CROSS JOIN pledge p ON p.no = c.pledge_no", "c." + sort, "c.pledge_no");
        }

        var suffix = sort switch { "announced_on" => "announced", "pledged_usd" => "amount", _ => "outstanding" };
        var filter =
            request.Get(Fund) is not null ? "fund_"
            : suffix == "outstanding" ? ""
            : request.Get(Recipient) is not null ? "recipient_"
            : request.Get(Event) is not null ? "event_"
            : request.Get(Overdue) == true && suffix == "announced" ? "overdue"
            : request.Get(Currency) is not null ? "currency_"
            : Wanted(request) is not null ? "instrument_"
            : request.Get(Status) is not null ? "status_"
            : "";
        return ($"pledge p INDEXED BY pledge_by_{(filter == "overdue" ? filter : filter + suffix)}", "p." + sort, "p.no");
    }

    private static string? Wanted(ReadRequest request) => request.Get(Instrument) ?? (request.Get(GrantsOnly) == true ? "grant" : null);

    /// <summary>
    /// A header keeps the recipient it was entered for. Where others were merged into the one asked for, its pledges stand under several ids
    /// and have to be sorted; where none was, they are walked in order.
    /// </summary>
    private static string ToRecipient(Snapshot snapshot, ReadRequest request)
    {
        const string survivor = "(SELECT coalesce(merged_into, id) FROM organization WHERE id = @recipient)";
        return request.Get(Recipient) is { } recipient && snapshot.First<string>($"SELECT id FROM organization WHERE merged_into = {survivor}", ("@recipient", recipient)) is not null
            ? $"p.recipient_id IN (SELECT {survivor} UNION ALL SELECT id FROM organization WHERE merged_into = {survivor})"
            : "p.recipient_id = @recipient";
    }

    private static Filter Where(ReadRequest request, string from, string toRecipient)
    {
        var donorDrives = from.StartsWith("line", StringComparison.Ordinal);
        var countryDrives = from.StartsWith("pledge_country", StringComparison.Ordinal);
        var (owner, announced) = donorDrives ? ("l", "l.announced_on") : countryDrives ? ("c", "c.announced_on") : ("p", "p.announced_on");
        const string survivor = "(SELECT coalesce(merged_into, id) FROM organization WHERE id = @donor)";
        var filter = new Filter()
            .Where($"{owner}.origin = @origin", "@origin", request.Get(Origin) ?? "announced")
            .Where(donorDrives ? $"l.donor_id = {survivor}" : $"EXISTS (SELECT 1 FROM line d WHERE d.pledge_no = p.no AND d.donor_id = {survivor})",
                "@donor", request.Get(Donor))
            .Where(countryDrives ? "c.country = @country" : "EXISTS (SELECT 1 FROM pledge_country n WHERE n.country = @country AND n.pledge_no = p.no)",
                "@country", request.Get(Country))
            .Where("p.fund_id = @fund", "@fund", request.Get(Fund))
            .Where(toRecipient, "@recipient", request.Get(Recipient))
            .Where("p.event_id = @event", "@event", request.Get(Event))
            .Where("p.status = @status", "@status", request.Get(Status))
            .Where("p.instrument = @instrument", "@instrument", request.Get(Instrument))
            .Where("p.currency = @currency", "@currency", request.Get(Currency))
            .Where($"{announced} >= @from", "@from", request.Get(From))
            .Where($"{announced} <= @to", "@to", request.Get(To))
            .Where("p.pledged_usd >= @least", "@least", request.Get(Least))
            .Where("p.pledged_usd <= @most", "@most", request.Get(Most));
        if (request.Get(GrantsOnly) == true)
        {
            filter.Where("p.instrument = 'grant'");
        }

        if (request.Get(Overdue) is { } overdue)
        {
            filter.Where(overdue ? "p.overdue_from < @today" : "(p.overdue_from IS NULL OR p.overdue_from >= @today)", "@today", request.Today);
        }

        var words = SearchText.Words(request.Get(Text) ?? "");
        for (var i = 0; i < words.Length; i++)
        {
            filter.Where($"""
                p.no IN (SELECT rowid FROM pledge_text WHERE pledge_text MATCH @match{i}
                    UNION SELECT l.pledge_no FROM organization o CROSS JOIN line l ON l.donor_id = o.id WHERE o.search LIKE @like{i}
                    UNION SELECT s.no FROM fund f CROSS JOIN pledge s ON s.fund_id = f.id WHERE f.search LIKE @like{i}
                    UNION SELECT s.no FROM event v CROSS JOIN pledge s ON s.event_id = v.id WHERE v.search LIKE @like{i}
                    UNION SELECT s.no FROM organization o CROSS JOIN pledge s ON s.recipient_id = o.id WHERE o.search LIKE @like{i})
                """, $"@match{i}", $"\"{words[i]}\"*").With($"@like{i}", $"%{words[i]}%");
        }

        return filter;
    }
}
