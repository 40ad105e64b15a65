using System.IO.Compression;
using System.Text;

namespace PledgeTracker.Exports;

/// <summary>A bundle in a file, compressed where the file's name ends in <c>.gz</c>.</summary>
internal static class BundleFile
{
    // What it is called until it is whole.
    private const string Unfinished = ".part";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>Writes one of the database as it is now; the file is there under its name when it is whole. How many rows are in it.</summary>
    /// <param name="path">A name that nothing has.</param>
    /// <exception cref="IOException">The file is there already, or cannot be written.</exception>
    public static async Task<long> WriteAsync(View view, string path, Action<string, long, long> tell, CancellationToken cancellation)
    {
        if (Path.Exists(path))
        {
            throw new IOException($"{path} is there already.");
        }

        long rows = 0;
        // What an export left that was killed is written over; one that goes on has locked its own.
        var file = new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None);
        try
        {
            await using (var lines = new StreamWriter(Coded(file, path, CompressionMode.Compress), Utf8))
            {
                await foreach (var line in Bundle.LinesAsync(view, (done, all) => tell("rows", rows = done, all)))
                {
                    cancellation.ThrowIfCancellationRequested();
                    await lines.WriteAsync(line);
                }
            }

            using (var whole = File.OpenHandle(path + Unfinished, access: FileAccess.ReadWrite))
            {
                // The database that it came from may be deleted next.
                RandomAccess.FlushToDisk(whole);
            }

            File.Move(path + Unfinished, path);
        }
        catch
        {
            File.Delete(path + Unfinished);
            throw;
        }

        return rows;
    }

    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    public static TextReader Open(string path) => new StreamReader(Coded(File.OpenRead(path), path, CompressionMode.Decompress), Utf8);

    private static Stream Coded(FileStream file, string path, CompressionMode mode) =>
        path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, mode) : file;
}
