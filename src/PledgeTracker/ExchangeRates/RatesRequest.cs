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
    public const string Csv = "text/csv";

    private static readonly string[] Columns = ["currency", "date", "usdPerUnit", "provider", "url"];

    private static readonly Fault NoHeader = new("", "invalid_csv", new("Send the columns currency, date, usdPerUnit, provider and, if you like, url, each once.",
        "أرسل الأعمدة currency و date و usdPerUnit و provider، و url إن شئت، كل عمود مرة واحدة."));

    private bool _csv;

    private RatesRequest(HttpContext context)
        : base(context)
    {
    }

    public List<RecordExchangeRate.Request> Rates { get; } = [];

    public static async ValueTask<RatesRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = new RatesRequest(context);
        await request.ReadAsync("application/json", Csv);
        if (request.Refusal is not null)
        {
            request.Refusal = new Refusal("unsupported_media_type", new($"Send `Content-Type: application/json` or `{Csv}` in UTF-8, not compressed.",
                $"أرسل Content-Type: application/json أو {Csv} بترميز UTF-8 دون ضغط."));
        }
        else
        {
            request._csv = context.Request.ContentType!.StartsWith(Csv, StringComparison.OrdinalIgnoreCase);
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

        }
        else if (ParseCsv() is { Count: > 0 } wrong)
        {
            Refusal = Refusal.Invalid(wrong);
        }
    }

    private List<Fault> ParseCsv()
    {
        if (!System.Text.Unicode.Utf8.IsValid(Bytes))
        {
            return [new Fault("", "invalid_utf8", new("Send CSV in UTF-8.", "أرسل CSV بترميز UTF-8."))];
        }

        // In RFC 4180 every quote that is opened is closed and every one inside is doubled: an odd one swallows the rest of the file.
        var broken = Bytes.AsSpan().Count((byte)'"') % 2 == 1;
        using var text = new StreamReader(new MemoryStream(Bytes));
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = _ => broken = true, MissingFieldFound = null });
        if (!csv.Read() || !csv.ReadHeader() || csv.HeaderRecord!.Except(Columns).Any() || Columns[..4].Except(csv.HeaderRecord!).Any()
            || csv.HeaderRecord!.Distinct().Count() < csv.HeaderRecord!.Length)
        {
            return [NoHeader];
        }

        var faults = new List<Fault>();
        while (csv.Read())
        {
            if (csv.Parser.Count > csv.HeaderRecord!.Length)
            {
                // A decimal comma without quotes would move the rest of the line by one column.
                faults.Add(new Fault($"/{Rates.Count}", "invalid_csv", new("This line has more fields than the header.", "في هذا السطر حقول أكثر مما في سطر العناوين.")));
            }

            Rates.Add(new RecordExchangeRate.Request(
                Text("currency"), Value<DateOnly>("date", Iso.TryParseDate), Value<decimal>("usdPerUnit", IsNumber), Text("provider"), Text("url")));
        }

        if (broken)
        {
            return [new Fault("", "invalid_csv", new("Close every quote, and double those inside a field (RFC 4180).",
                "أغلق كل علامة اقتباس، وكرر العلامة التي ترد داخل الحقل (RFC 4180)."))];
        }

        return Rates.Count > 0 ? faults : [new Fault("", "invalid_csv", new("Send at least one rate.", "أرسل سعرا واحدا على الأقل."))];

        string? Text(string column) => csv.TryGetField<string>(column, out var field) && field is { Length: > 0 } ? field : null;

        T? Value<T>(string column, Reader<T> read)
            where T : struct
        {
            if (Text(column) is not { } field)
            {
                return null;
            }

            if (read(field, out var value))
            {
                return value;
            }

            faults.Add(JsonBody.Malformed($"/{Rates.Count}/{column}", typeof(T)));
            return null;
        }
    }

    private delegate bool Reader<T>(string text, out T value);

    // As many digits as JSON's numbers have: more would be rounded.
    private static bool IsNumber(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && text.Count(char.IsAsciiDigit) <= 28;
}
