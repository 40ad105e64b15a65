using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace PledgeTracker.Http;

/// <summary>Rows, a line each.</summary>
internal abstract class Lines
{
    public abstract void Add(IEnumerable<object> rows);
}

/// <summary>RFC 4180: names in the first row, texts in quotes where they need them, lines that end in CR LF.</summary>
internal sealed class CsvLines : Lines
{
    private readonly IReadOnlyList<Column> _columns;
    private readonly CsvWriter _csv;

    public CsvLines(Stream stream, IReadOnlyList<Column> columns, bool bom, bool hxl)
    {
        _columns = columns;
        // A line of its own that is blank would be no row to many who read it.
        _csv = new CsvWriter(new StreamWriter(stream, new UTF8Encoding(bom), 1 << 14), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            ShouldQuote = cell => ConfigurationFunctions.ShouldQuote(cell) || (columns.Count == 1 && string.IsNullOrEmpty(cell.Field)),
        });
        AddRow(column => column.Name);
        if (hxl)
        {
            AddRow(column => column.Tag);
        }
    }

    public override void Add(IEnumerable<object> rows)
    {
        foreach (var row in rows)
        {
            AddRow(column => column.Cell(row));
        }

        _csv.Flush();
    }

    private void AddRow(Func<Column, string?> cell)
    {
        foreach (var column in _columns)
        {
            _csv.WriteField(cell(column));
        }

        _csv.NextRecord();
    }
}

/// <summary>NDJSON.</summary>
internal sealed class JsonLines(Stream stream, Table table, IReadOnlyList<string>? fields) : Lines
{
    public override void Add(IEnumerable<object> rows)
    {
        foreach (var row in rows)
        {
            table.WriteJson(stream, row, fields);
            stream.WriteByte((byte)'\n');
        }
    }
}
