using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PledgeTracker.Imports.Fts;

/// <summary>A page of the API, read as it arrives: of its lists one item is in memory at a time.</summary>
internal sealed class JsonPage(ImportFile file)
{
    /// <summary>A flow has some thousand bytes.</summary>
    private const int LongestItem = 4 << 20;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isAll;
    private JsonReaderState _state;

    // What was read and is not in the buffer any more.
    private long _before;

    // The members that lead to where the reader stands: data, flows.
    private readonly List<string?> _path = [];
    private string? _member;
    private bool _isInList;

    public bool HasFlows { get; private set; }

    public bool HasPlans { get; private set; }

    /// <summary>How many flows there are on all pages; null where it does not say.</summary>
    public long? Count { get; private set; }

    /// <summary>Whether another page comes behind it.</summary>
    public bool GoesOn { get; private set; }

    /// <exception cref="Refused">It is no JSON, or breaks off: with the line and the byte.</exception>
    public async IAsyncEnumerable<(bool IsFlow, JsonElement Item)> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var isFirst = true;
        while (true)
        {
            await FillAsync(cancellation);
            if (isFirst)
            {
                _start = _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8) ? 3 : 0;
                isFirst = false;
            }

            while (Next() is { } item)
            {
                using (item)
                {
                    yield return (IsFlows, item.RootElement);
                }
            }

            if (_isAll)
            {
                yield break;
            }
        }
    }

    private bool IsFlows => _path is ["data", "flows"];

    // More of the file behind what was not read yet.
    private async Task FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _before += _start;
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestItem)
            {
                throw Broken($"byte {_before}", $"البايت {_before}", "a text or a flow that is longer than any", "نص أو تدفق أطول من المعقول");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read;
        try
        {
            read = await file.Content.ReadAsync(_buffer.AsMemory(_end), cancellation);
        }
        catch (InvalidDataException)
        {
            throw new Refused("invalid_file", new($"{file.Name}: it is compressed, and breaks off or is damaged.", $"{file.Name}: الملف مضغوط وهو ناقص أو تالف."));
        }

        _isAll = read == 0;
        _end += read;
    }

    /// <summary>The next item of a list; null where more has to be read first, or nothing is left.</summary>
    private JsonDocument? Next()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAll, _state);
        try
        {
            while (true)
            {
                if (_isInList)
                {
                    // What is no whole item yet is read again from its beginning.
                    var item = reader;
                    if (!item.Read())
                    {
                        Keep(ref reader);
                        return null;
                    }

                    if (item.TokenType != JsonTokenType.EndArray)
                    {
                        if (!JsonDocument.TryParseValue(ref item, out var document))
                        {
                            Keep(ref reader);
                            return null;
                        }

                        Keep(ref item);
                        return document;
                    }
                }

                if (!reader.Read())
                {
                    Keep(ref reader);
                    return null;
                }

                Follow(ref reader);
            }
        }
        catch (JsonException broken)
        {
            var (line, at) = ((broken.LineNumber ?? 0) + 1, broken.BytePositionInLine ?? 0);
            throw Broken($"line {line}, byte {at}", $"السطر {line}، البايت {at}", "JSON that breaks off or is damaged", "JSON ناقص أو تالف");
        }
        catch (InvalidOperationException)
        {
            throw Broken($"byte {_before + _start}", $"البايت {_before + _start}", "a text that is no UTF-8", "نص ليس بترميز UTF-8");
        }
    }

    private void Keep(ref Utf8JsonReader reader)
    {
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private void Follow(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _member = reader.GetString();
                return;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                // The outermost has no name.
                if (reader.CurrentDepth > 0)
                {
                    _path.Add(_member);
                }

                _isInList = reader.TokenType == JsonTokenType.StartArray && _path is ["data", "flows" or "plans"];
                HasFlows |= _isInList && IsFlows;
                HasPlans |= _isInList && !IsFlows;
                _member = null;
                return;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _isInList = false;
                if (_path.Count > 0)
                {
                    _path.RemoveAt(_path.Count - 1);
                }

                return;
            default:
                if (_path is ["meta"])
                {
                    Count = _member == "count" && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) ? count : Count;
                    GoesOn |= _member == "nextLink" && reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 };
                }

                return;
        }
    }

    private Refused Broken(string place, string placeAr, string en, string ar) =>
        new("invalid_file", new($"{file.Name}, {place}: this is {en}.", $"{file.Name}، {placeAr}: هنا {ar}."));
}
