using System.Text;

namespace PledgeTracker.Tests;

/// <summary>What a subcommand printed, and how it ended.</summary>
internal sealed record Printed(int ExitCode, string Output, string Error);

/// <summary>The program's subcommands, run in this process. What each of them prints is its own, however many run at once.</summary>
internal static class Subcommand
{
    private static readonly AsyncLocal<StringWriter?> Output = new();
    private static readonly AsyncLocal<StringWriter?> Error = new();

    static Subcommand()
    {
        Console.SetOut(new Routed(Console.Out, Output));
        Console.SetError(new Routed(Console.Error, Error));
    }

    public static async Task<Printed> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        (Output.Value, Error.Value) = (output, error);
        var code = await Program.Main(args);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Writes to whoever is listening to what runs here, or else to where it always went.</summary>
    private sealed class Routed(TextWriter console, AsyncLocal<StringWriter?> listening) : TextWriter
    {
        public override Encoding Encoding => console.Encoding;

        public override void Write(char value) => (listening.Value ?? console).Write(value);

        public override void Write(char[] buffer, int index, int count) => (listening.Value ?? console).Write(buffer, index, count);

        public override void Write(string? value) => (listening.Value ?? console).Write(value);

        public override void Flush() => (listening.Value ?? console).Flush();
    }
}
