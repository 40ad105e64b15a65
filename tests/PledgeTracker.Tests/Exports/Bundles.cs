using System.IO.Compression;
using System.Text;

namespace PledgeTracker.Tests.Exports;

/// <summary>Bundles, by the subcommands.</summary>
internal static class Bundles
{
    public static Task<Printed> ExportAsync(string connection, string file) => Subcommand.RunAsync("export", "--format", "bundle", "--to", file, "--Database:Connection", connection);

    public static Task<Printed> ImportAsync(string file, string connection) => Subcommand.RunAsync("import", "--format", "bundle", file, "--Database:Connection", connection);

    /// <summary>Fills the empty database of a server, which is not started, from another.</summary>
    public static async Task MoveAsync(string from, string file, TestServer to)
    {
        var exported = await ExportAsync(from, file);
        Assert.True(exported.ExitCode == 0, exported.Error);
        await to.Database.CreateAsync();
        var imported = await ImportAsync(file, to.Connection);
        Assert.True(imported.ExitCode == 0, imported.Error);
        // Each says how much it was.
        Assert.Equal(exported.Output.Split(": ")[^1], imported.Output.Split(": ")[^1]);
    }

    public static string Unpacked(byte[] gzip)
    {
        using var text = new StreamReader(new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress), Encoding.UTF8);
        return text.ReadToEnd();
    }
}
