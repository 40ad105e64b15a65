using System.Buffers;
using System.Text.Json;

namespace PledgeTracker.Http;

/// <summary>A body that is written member by member. Each thread keeps one and uses it again: its memory would be most of what such an answer allocates.</summary>
internal sealed class JsonOutput : IDisposable
{
    // What a list of many hundred items has grown to is not kept.
    private const int LargestKept = 1 << 18;

    [ThreadStatic]
    private static JsonOutput? _idle;

    private readonly ArrayBufferWriter<byte> _bytes = new(4096);

    private JsonOutput() => Writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = Json.Options.Encoder, SkipValidation = true });

    /// <summary>Writes the same JSON as <see cref="Json.Options"/> make.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>An empty body. Not to be awaited over: it goes back to the thread that disposes it.</summary>
    public static JsonOutput Begin()
    {
        var body = _idle ?? new JsonOutput();
        _idle = null;
        return body;
    }

    /// <summary>What was written.</summary>
    public byte[] ToArray()
    {
        Writer.Flush();
        return _bytes.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        Writer.Reset();
        _bytes.ResetWrittenCount();
        _idle = _bytes.Capacity <= LargestKept ? this : null;
    }
}
