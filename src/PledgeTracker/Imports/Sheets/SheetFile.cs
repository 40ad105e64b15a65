using System.Runtime.CompilerServices;

namespace PledgeTracker.Imports.Sheets;

/// <summary>A row of a sheet.</summary>
/// <param name="Line">Its number as a spreadsheet program shows it: the first is 1.</param>
internal readonly record struct SheetRow(long Line, SheetCell[] Cells)
{
    public bool IsBlank => Array.TrueForAll(Cells, cell => cell.IsBlank);
}

/// <summary>A sheet in a file, as CSV or XLSX: it is read row by row, whatever its size.</summary>
internal static class SheetFile
{
    /// <summary>A sheet of ours has a few dozen; what has more is none.</summary>
    public const int MostColumns = 256;

    /// <summary>What Excel takes into a cell, in UTF-16.</summary>
    public const int LongestCell = 32_767;

    private static readonly byte[] Zip = [(byte)'P', (byte)'K', 3, 4];
    private static readonly byte[] OldOffice = [0xD0, 0xCF, 0x11, 0xE0];

    /// <summary>Reads the rows that have anything in them. What the file is says its content: names and types are often wrong.</summary>
    /// <exception cref="Refused">It cannot be read, or is larger than the limits.</exception>
    public static async IAsyncEnumerable<SheetRow> ReadAsync(ImportFile file, ImportLimits limits, ImportReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var content = await SeekableAsync(file.Content, cancellation);
        var begins = new byte[4];
        var read = await content.ReadAtLeastAsync(begins, begins.Length, throwOnEndOfStream: false, cancellation);
        content.Position = 0;
        if (begins.AsSpan().SequenceEqual(OldOffice))
        {
            throw Unreadable("This is an old Excel file (.xls), or one behind a password: save it as XLSX without a password, or as CSV.", "هذا ملف Excel قديم (xls) أو محمي بكلمة مرور: احفظه بصيغة XLSX دون كلمة مرور، أو بصيغة CSV.");
        }

        foreach (var row in begins.AsSpan(0, read).SequenceEqual(Zip) ? XlsxFile.Read(content, limits, report) : CsvFile.Read(content, file.Name, report))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!row.IsBlank)
            {
                yield return row;
            }
        }
    }

    public static Refused Unreadable(string en, string ar) => new("invalid_file", new(en, ar));

    public static Refused TooLarge(string en, string ar) => new("too_large", new(en, ar));

    /// <summary>A file that is nobody else's, and gone when it is closed, however the program ends.</summary>
    public static FileStream OpenTemporary()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 1 << 16, Options = FileOptions.DeleteOnClose };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        // What is open needs no name there.
        File.Delete(path);
        return file;
    }

    // The whole says what its letters mean, and a ZIP is read from its end.
    private static async Task<Stream> SeekableAsync(Stream content, CancellationToken cancellation)
    {
        if (content.CanSeek)
        {
            return content;
        }

        var file = OpenTemporary();
        try
        {
            await content.CopyToAsync(file, cancellation);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
