using System.Globalization;
using System.Text.Unicode;
using CsvHelper;
using CsvHelper.Configuration;
using FluentValidation.Results;

namespace PledgeTracker.ExchangeRates;

/// <summary>Rates as they are sent, checked: one as JSON, or many as CSV.</summary>
public sealed record SentRates : IReadsItsBody<SentRates>
{
    public const string Csv = "text/csv";

    private static readonly string[] Columns = ["currency", "date", "usdPerUnit", "provider", "url"];

    private bool IsCsv { get; init; }

    public required IReadOnlyList<RecordExchangeRate.Request> Rates { get; init; }

    public static IReadOnlyList<string> MediaTypes { get; } = ["application/json", Csv];

    public static Type Shape => typeof(RecordExchangeRate.Request);

    public static SentRates ReadBody(HttpContext context, byte[] body)
    {
        var isCsv = context.Request.ContentType!.StartsWith(Csv, StringComparison.OrdinalIgnoreCase);
        var failures = new List<ValidationFailure>();
        var sent = new SentRates { IsCsv = isCsv, Rates = isCsv ? FromCsv(body, failures) : [SentBody.FromJson<RecordExchangeRate.Request>(body, failures)] };
        var rules = new RecordExchangeRate.Rules();
        var (faults, others) = (new Faults(), new Faults());
        foreach (var (i, rate) in sent.Rates.Index())
        {
            others.Under(sent.At(i)).Add(rules.Check(rate));
            RecordExchangeRate.Find(others.Under(sent.At(i)), rate, context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        }

        // What could not be read is told as that, not once more as missing.
        faults.Add(Binding.FaultsOf(failures));
        faults.AddElsewhere(others);
        faults.ThrowIfAny();
        return sent;
    }

    /// <summary>Where a rate stands: a line of the CSV, or all of the JSON.</summary>
    internal string At(int row) => IsCsv ? $"/{row}" : "";

    private static List<RecordExchangeRate.Request> FromCsv(byte[] body, List<ValidationFailure> failures)
    {
        if (!Utf8.IsValid(body))
        {
            throw Broken("invalid_utf8", "Send CSV in UTF-8.", "أرسل CSV بترميز UTF-8.");
        }

        // In RFC 4180 every quote that is opened is closed and every one inside is doubled: an odd one swallows the rest of the file.
        var broken = body.AsSpan().Count((byte)'"') % 2 == 1;
        using var text = new StreamReader(new MemoryStream(body));
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = _ => broken = true, MissingFieldFound = null });
        if (!csv.Read() || !csv.ReadHeader() || csv.HeaderRecord!.Except(Columns).Any() || Columns[..4].Except(csv.HeaderRecord!).Any()
            || csv.HeaderRecord!.Distinct().Count() < csv.HeaderRecord!.Length)
        {
            throw Broken("invalid_csv", "Send the columns currency, date, usdPerUnit, provider and, if you like, url, each once.",
                "أرسل الأعمدة currency و date و usdPerUnit و provider، و url إن شئت، كل عمود مرة واحدة.");
        }

        var rates = new List<RecordExchangeRate.Request>();
        while (csv.Read())
        {
            if (csv.Parser.Count > csv.HeaderRecord!.Length)
            {
                // A decimal comma without quotes would move the rest of the line by one column.
                Add(new Fault($"/{rates.Count}", "invalid_csv", new("This line has more fields than the header.", "في هذا السطر حقول أكثر مما في سطر العناوين.")));
            }

            rates.Add(new(Field("currency"), Value<DateOnly>("date", Iso.TryParseDate), Value<decimal>("usdPerUnit", IsNumber), Field("provider"), Field("url")));
        }

        if (broken)
        {
            throw Broken("invalid_csv", "Close every quote, and double those inside a field (RFC 4180).",
                "أغلق كل علامة اقتباس، وكرر العلامة التي ترد داخل الحقل (RFC 4180).");
        }

        return rates.Count == 0 ? throw Broken("invalid_csv", "Send at least one rate.", "أرسل سعرا واحدا على الأقل.") : rates;

        void Add(Fault fault) => failures.Add(Binding.ToFailure(fault));

        string? Field(string column)
        {
            if (!csv.TryGetField<string>(column, out var field) || field is not { Length: > 0 })
            {
                return null;
            }

            if (Text.Take(field, isIdentifier: false, out var taken) is { } refusal)
            {
                Add(new Fault($"/{rates.Count}/{column}", "invalid_text", refusal));
            }

            return taken.Length > 0 ? taken : null;
        }

        T? Value<T>(string column, Reader<T> read)
            where T : struct
        {
            if (Field(column) is not { } field)
            {
                return null;
            }

            if (read(field, out var value))
            {
                return value;
            }

            Add(JsonBody.Malformed($"/{rates.Count}/{column}", typeof(T)));
            return null;
        }
    }

    private static Refused Broken(string code, string en, string ar) => Refused.Invalid(new Fault("", code, new(en, ar)));

    private delegate bool Reader<T>(string text, out T value);

    // As many digits as JSON's numbers have: more would be rounded.
    private static bool IsNumber(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && text.Count(char.IsAsciiDigit) <= 28;
}
