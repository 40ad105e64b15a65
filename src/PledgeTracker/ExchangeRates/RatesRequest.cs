using System.Globalization;
using System.Reflection;
using CsvHelper;
using CsvHelper.Configuration;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.ExchangeRates;

/// <summary>Rates as JSON (one) or as CSV (many).</summary>
internal sealed class RatesRequest : WriteRequest, IHasBody<RecordExchangeRate.Request>
{
    private static readonly string[] Columns = ["currency", "date", "usdPerUnit", "provider", "url"];

    private bool _csv;

    private RatesRequest(HttpContext context)
        : base(context)
    {
    }

    public List<RecordExchangeRate.Request> Rates { get; } = [];

    public static async ValueTask<RatesRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = new RatesRequest(context);
        await request.ReadAsync("application/json", "text/csv");
        if (request.Refusal is null)
        {
            request._csv = context.Request.ContentType!.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase);
            request.Parse();
        }

        return request;
    }

    /// <summary>Where a fault stands: a member of the JSON body, or a line of the CSV.</summary>
    public Fault At(Fault fault, int row) => _csv ? fault with { Pointer = $"/{row}{fault.Pointer}" } : fault;

    private void Parse()
    {
        if (!_csv)
        {
            if (JsonBody.TryRead<RecordExchangeRate.Request>(Bytes, out var rate, out var faults))
            {
                Rates.Add(rate);
            }
            else
            {
                Refusal = Refusal.Invalid(faults);
            }

            return;
        }

        if (!System.Text.Unicode.Utf8.IsValid(Bytes))
        {
            Refusal = Refusal.Invalid(new Fault("", "invalid_utf8", new("Send CSV in UTF-8.", "أرسل CSV بترميز UTF-8.")));
            return;
        }

        using var text = new StreamReader(new MemoryStream(Bytes));
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = null, MissingFieldFound = null });
        if (!csv.Read() || !csv.ReadHeader() || csv.HeaderRecord!.Except(Columns).Any() || Columns[..4].Except(csv.HeaderRecord!).Any())
        {
            Refusal = Refusal.Invalid(new Fault("", "invalid_csv", new("Send the columns currency, date, usdPerUnit, provider and, if you like, url.",
                "أرسل الأعمدة currency و date و usdPerUnit و provider، و url إن شئت.")));
            return;
        }

        while (csv.Read())
        {
            Rates.Add(new RecordExchangeRate.Request(
                csv.GetField("currency"), Iso.TryParseDate(csv.GetField("date"), out var date) ? date : null,
                decimal.TryParse(csv.GetField("usdPerUnit"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) ? rate : null,
                csv.GetField("provider"), csv.TryGetField<string>("url", out var url) && url is { Length: > 0 } ? url : null));
        }

        if (Rates.Count == 0)
        {
            Refusal = Refusal.Invalid(new Fault("", "invalid_csv", new("Send at least one rate.", "أرسل سعرا واحدا على الأقل.")));
        }
    }
}
