using System.Text;
using System.Text.Json;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Pledges;

/// <summary>
/// Writes pledges as JSON while it reads them: what SQLite holds as text goes to the wire without becoming strings and records between
/// (docs/decisions/0004).
/// </summary>
/// <remarks><see cref="Pledge"/> and <see cref="PledgeItem"/> are the shapes; a test reads what is written here back as these and compares the bytes.</remarks>
internal sealed class PledgeJson(IQueries queries, View view, Utf8JsonWriter json)
{
    // The largest part first.
    private const string Lines = """
        SELECT donor_id, has_pledge, amount_minor, status, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd
        FROM line WHERE pledge_no = @no ORDER BY amount_minor DESC, donor_id
        """;

    private static readonly int No = PledgeRow.At("no"), AmountMinor = PledgeRow.At("amount_minor"), Currency = PledgeRow.At("currency"),
        SoleDonor = PledgeRow.At("sole_donor_id"), Fund = PledgeRow.At("fund_id"), Recipient = PledgeRow.At("recipient_id"),
        Event = PledgeRow.At("event_id"), Instalments = PledgeRow.At("instalments"), OverdueFrom = PledgeRow.At("overdue_from"),
        Restates = PledgeRow.At("restates_no"), PassedOnFrom = PledgeRow.At("passed_on_from_no"), Reclassifies = PledgeRow.At("reclassifies_no"),
        Shared = PledgeRow.At("shared"), FirstSum = PledgeRow.At("pledged_usd"),
        DescriptionEn = PledgeRow.At("description_en"), DescriptionAr = PledgeRow.At("description_ar"), NoteEn = PledgeRow.At("note_en"), NoteAr = PledgeRow.At("note_ar");

    // Columns that hold what JSON shows, letter by letter.
    private static readonly Column Id = new("id"), Origin = new("origin"), CurrencyCode = new("currency"), Qualifier = new("qualifier"), AnnouncedOn = new("announced_on"),
        DatePrecision = new("date_precision"), DueOn = new("due_on"), Instrument = new("instrument"), Status = new("status"), Countries = new("countries"),
        Sectors = new("sectors"), UsageYears = new("usage_years"), Earmarking = new("earmarking"), ExternalSystem = new("external_system"), ExternalId = new("external_id"), RecordedAt = new("recorded_at");

    private readonly byte[] _today = Encoding.UTF8.GetBytes(Iso.Date(view.Today));

    /// <summary>The current row as a <see cref="Pledge"/>.</summary>
    public void Whole(in Rows row)
    {
        json.WriteStartObject();
        Core(row);
        Texts("description"u8, row, DescriptionEn, DescriptionAr);
        Texts("note"u8, row, NoteEn, NoteAr);
        json.WriteEndObject();
    }

    /// <summary>The current row as a <see cref="PledgeItem"/>.</summary>
    public void Item(in Rows row)
    {
        json.WriteStartObject();
        Core(row);
        var (first, second) = view.Language == Language.Arabic ? (DescriptionAr, DescriptionEn) : (DescriptionEn, DescriptionAr);
        json.WriteText("description"u8, row, row.TryText(first, out _) ? first : second);
        json.WriteEndObject();
    }

    private void Core(in Rows row)
    {
        var decimals = row.TryText(Currency, out var currency) ? Ledger.Currency.Exponent(currency) : 0;
        Text(Id, row);
        Text(Origin, row);
        if (row.IsNull(AmountMinor) || currency.IsEmpty)
        {
            json.WriteNull("amount"u8);
        }
        else
        {
            Amount("amount"u8, row.Whole(AmountMinor), decimals);
        }

        Text(CurrencyCode, row);
        Text(Qualifier, row);
        Donors(row, decimals);
        Named("fund"u8, row, Fund, Names.Fund);
        Named("recipient"u8, row, Recipient, Names.Organization);
        Named("event"u8, row, Event, Names.Event);
        Text(AnnouncedOn, row);
        Text(DatePrecision, row);
        Text(DueOn, row);
        Parts(row.Text(Instalments), decimals);
        Text(Instrument, row);
        Text(Status, row);
        json.WriteBoolean("overdue"u8, row.TryText(OverdueFrom, out var overdueFrom) && overdueFrom.SequenceCompareTo(_today) < 0);
        List(Countries, row);
        json.WriteBoolean("shared"u8, row.Whole(Shared) != 0);
        List(Sectors, row);
        List(UsageYears, row);
        Text(Earmarking, row);
        Other("restates"u8, row, Restates);
        Other("passedOnFrom"u8, row, PassedOnFrom);
        Other("reclassifies"u8, row, Reclassifies);
        Text(ExternalSystem, row);
        Text(ExternalId, row);
        Figures(row, FirstSum);
        json.WritePropertyName("citations"u8);
        Citations.WriteOfPledge(json, queries, row.Whole(No), view.Language);
        Text(RecordedAt, row);
    }

    private void Donors(in Rows row, int decimals)
    {
        json.WriteStartArray("donors"u8);
        if (row.TryText(SoleDonor, out var id))
        {
            Donor(id, row, row.IsNull(AmountMinor) ? null : AmountMinor, Status.Index, FirstSum, decimals);
        }
        else
        {
            using var lines = queries.Read(Lines, ("@no", row.Whole(No)));
            while (lines.Next())
            {
                Donor(lines.Text(0), lines, lines.Whole(1) == 0 ? null : 2, 3, 4, decimals);
            }
        }

        json.WriteEndArray();
    }

    /// <summary>One donor's line, from the columns where it stands.</summary>
    private void Donor(ReadOnlySpan<byte> id, in Rows row, int? amount, int status, int firstSum, int decimals)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("name"u8, Names.Organization(queries, id)!.In(view.Language).Name);
        if (amount is { } column)
        {
            Amount("amount"u8, row.Whole(column), decimals);
        }
        else
        {
            json.WriteNull("amount"u8);
        }

        json.WriteText("status"u8, row, status);
        Figures(row, firstSum);
        json.WriteEndObject();
    }

    private void Parts(ReadOnlySpan<byte> instalments, int decimals)
    {
        json.WriteStartArray("instalments"u8);
        if (!instalments.SequenceEqual("[]"u8))
        {
            foreach (var instalment in JsonSerializer.Deserialize<StoredInstalment[]>(instalments)!)
            {
                json.WriteStartObject();
                json.WriteString("dueOn"u8, Iso.Date(instalment.DueOn));
                Amount("amount"u8, instalment.AmountMinor, decimals);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    /// <param name="first">The column of `pledged_usd`; the other sums stand behind it.</param>
    private void Figures(in Rows row, int first)
    {
        var (pledged, withdrawn) = (row.Whole(first), row.Whole(first + 1));
        json.WriteStartObject("figures"u8);
        json.WriteString("currency"u8, "USD"u8);
        Amount("pledged"u8, pledged, 2);
        Amount("withdrawn"u8, withdrawn, 2);
        Amount("committed"u8, row.Whole(first + 2), 2);
        Amount("paid"u8, row.Whole(first + 3), 2);
        Amount("outstanding"u8, row.Whole(first + 5), 2);
        json.WritePropertyName("paidShare"u8);
        if (FigureSet.Share(row.Whole(first + 4), pledged - withdrawn) is { } share)
        {
            json.WriteAmount(share);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    private void Named(ReadOnlySpan<byte> name, in Rows row, int column, Func<IQueries, ReadOnlySpan<byte>, Names.Named?> find)
    {
        if (row.TryText(column, out var id) && find(queries, id) is { } named)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(named.Json(view.Language), skipInputValidation: true);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    // Few name another: a subquery for each would be begun for all.
    private void Other(ReadOnlySpan<byte> name, in Rows row, int column) =>
        json.WriteString(name, row.IsNull(column) ? null : PledgeRow.IdOf(queries, row.Whole(column)));

    private void Texts(ReadOnlySpan<byte> name, in Rows row, int en, int ar)
    {
        if (row.IsNull(en) && row.IsNull(ar))
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteText("en"u8, row, en);
        json.WriteText("ar"u8, row, ar);
        json.WriteEndObject();
    }

    private void Text(Column column, in Rows row) => json.WriteText(column.Name, row, column.Index);

    private void List(Column column, in Rows row)
    {
        json.WritePropertyName(column.Name);
        json.WriteRawValue(row.Text(column.Index), skipInputValidation: true);
    }

    private void Amount(ReadOnlySpan<byte> name, long minor, int decimals)
    {
        json.WritePropertyName(name);
        json.WriteAmount(Ledger.Currency.Major(minor, decimals));
    }

    /// <summary>A column that stands in JSON as it is, under its own name in camelCase.</summary>
    private sealed class Column(string name)
    {
        public int Index { get; } = PledgeRow.At(name);

        public byte[] Name { get; } = Encoding.UTF8.GetBytes(JsonNamingPolicy.CamelCase.ConvertName(
            string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))));
    }
}
