using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace PledgeTracker.Http;

/// <summary>Rows, as they are written one after the other.</summary>
internal abstract class Lines
{
    public abstract void Add(IEnumerable<object> rows);

    /// <summary>Writes what stands behind the last.</summary>
    public virtual void End()
    {
    }
}

/// <summary>A text, part by part.</summary>
internal sealed class TextLines(Stream stream) : Lines
{
    public override void Add(IEnumerable<object> rows)
    {
        foreach (string part in rows)
        {
            stream.Write(Encoding.UTF8.GetBytes(part));
        }
    }
}

/// <summary>RFC 4180: names in the first row, texts in quotes where they need them, lines that end in CR LF.</summary>
internal sealed class CsvLines(Stream stream, IReadOnlyList<Column> columns, bool bom, bool hxl) : Lines
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    // A line that is blank would be no row to many who read it: an empty cell that is alone in its row has quotes.
    private readonly CsvConfiguration _rules = new(CultureInfo.InvariantCulture)
    {
        ShouldQuote = cell => ConfigurationFunctions.ShouldQuote(cell) || (columns.Count == 1 && string.IsNullOrEmpty(cell.Field)),
    };

    private bool _isBegun;

    public override void Add(IEnumerable<object> rows)
    {
        if (bom && !_isBegun)
        {
            stream.Write(Encoding.UTF8.Preamble);
        }

        using var csv = new CsvWriter(new StreamWriter(stream, Utf8, 1 << 14, leaveOpen: true), _rules);
        if (!_isBegun)
        {
            AddRow(csv, column => column.Name);
            if (hxl)
            {
                AddRow(csv, column => column.Tag);
            }
        }

        foreach (var row in rows)
        {
            AddRow(csv, column => column.Cell(row));
        }

        _isBegun = true;
    }

    private void AddRow(CsvWriter csv, Func<Column, string?> cell)
    {
        foreach (var column in columns)
        {
            csv.WriteField(cell(column));
        }

        csv.NextRecord();
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
