using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PledgeTracker.Benchmarks;

/// <summary>
/// A closed loop over keep-alive connections: each sends its next request when its answer is whole. One thread serves them all with
/// non-blocking sockets, so that the generator leaves as much of the machine as it can to the server it shares it with.
/// </summary>
internal static class Load
{
    private const int MostEmpty = 250;

    /// <summary>Loads the server for a while; a wrong answer ends the run.</summary>
    /// <param name="request">The n-th request, whole.</param>
    /// <param name="check">Throws when an answer is not what it has to be.</param>
    public static Sample Run(int port, int connections, TimeSpan time, Func<long, byte[]> request, Action<Connection> check)
    {
        var all = Enumerable.Range(0, connections).Select(_ => new Connection(port)).ToArray();
        try
        {
            var bySocket = all.ToDictionary(c => c.Socket);
            var latencies = new List<long>(1 << 16);
            var ready = new List<Socket>(connections);
            var start = Stopwatch.GetTimestamp();
            var end = start + (long)(time.TotalSeconds * Stopwatch.Frequency);
            var next = 0L;
            foreach (var connection in all)
            {
                connection.Send(request(next++));
            }

            var waiting = connections;
            long now;
            while (waiting > 0)
            {
                ready.Clear();
                foreach (var connection in all)
                {
                    if (connection.SentAt != 0)
                    {
                        ready.Add(connection.Socket);
                    }
                }

                Socket.Select(ready, null, null, TimeSpan.FromSeconds(20));
                if (ready.Count == 0)
                {
                    throw new TimeoutException("The server did not answer for 20 seconds.");
                }

                foreach (var socket in ready)
                {
                    var connection = bySocket[socket];
                    if (!connection.TryReceive())
                    {
                        continue;
                    }

                    check(connection);
                    now = Stopwatch.GetTimestamp();
                    if (now < end)
                    {
                        latencies.Add(now - connection.SentAt);
                        connection.Send(request(next++));
                    }
                    else
                    {
                        connection.SentAt = 0;
                        waiting--;
                    }
                }
            }

            return new Sample(latencies, time);
        }
        finally
        {
            Array.ForEach(all, c => c.Dispose());
        }
    }

    /// <summary>A POST of JSON as it goes over the wire.</summary>
    public static byte[] Post(string path, string headers, string json) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n{headers}\r\n{json}");

    /// <summary>The n-th path that asks the same and that nobody asked for before, so that no answer to it is kept: what is empty in a query asks nothing.</summary>
    public static string Anew(string path, long n)
    {
        var query = path.IndexOf('?', StringComparison.Ordinal) is > 0 and var at ? path[(at + 1)..] : "";
        // At both ends, since a line of a request has its bounds.
        return $"{path.Split('?')[0]}?{new string('&', (int)(n / MostEmpty % MostEmpty))}{query}{new string('&', (int)(n % MostEmpty))}";
    }

    /// <summary>A GET as it goes over the wire.</summary>
    public static byte[] Get(string path, string headers = "") =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n{headers}\r\n");
}

/// <summary>What one half of a round came to.</summary>
internal sealed class Sample
{
    private readonly long[] _ticks;

    public Sample(List<long> ticks, TimeSpan time)
    {
        _ticks = [.. ticks];
        Array.Sort(_ticks);
        PerSecond = _ticks.Length / time.TotalSeconds;
    }

    public double PerSecond { get; }

    /// <summary>Milliseconds within which this share of the requests was answered.</summary>
    public double Percentile(double share) =>
        _ticks.Length == 0 ? double.NaN : _ticks[(int)Math.Min(_ticks.Length - 1, _ticks.Length * share)] * 1000.0 / Stopwatch.Frequency;
}

/// <summary>One HTTP/1.1 connection and the answer it has last received: just enough of RFC 9112 for a server that keeps to it.</summary>
internal sealed class Connection : IDisposable
{
    private byte[] _buffer = new byte[1 << 16];
    private int _filled;

    // Where the body starts, or -1 while the head is not whole; then where the next chunk starts, or the body ends.
    private int _body;
    private int _next;
    private bool _chunked;

    public Connection(int port)
    {
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(IPAddress.Loopback, port);
        Socket.Blocking = false;
    }

    public Socket Socket { get; }

    public long SentAt { get; set; }

    public int Status { get; private set; }

    public int BodyLength { get; private set; }

    public void Send(byte[] request)
    {
        (_filled, _body, BodyLength) = (0, -1, 0);
        SentAt = Stopwatch.GetTimestamp();
        // A request is far smaller than the socket's buffer, which is empty here.
        if (Socket.Send(request) != request.Length)
        {
            throw new IOException("The request was not taken whole.");
        }
    }

    /// <summary>Reads what is there; true once the answer is whole.</summary>
    public bool TryReceive()
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = Socket.Receive(_buffer.AsSpan(_filled), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        if (read == 0 || error != SocketError.Success)
        {
            throw new IOException($"The server closed the connection ({error}).");
        }

        _filled += read;
        return (_body >= 0 || TryReadHead()) && IsWhole();
    }

    public void Dispose() => Socket.Dispose();

    private bool TryReadHead()
    {
        var end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = _buffer.AsSpan(0, end + 2);
        (Status, _body, _next) = (Number(head[9..]), end + 4, end + 4);
        _chunked = head.IndexOf("\r\nTransfer-Encoding: chunked\r\n"u8) >= 0;
        var length = head.IndexOf("\r\nContent-Length: "u8);
        if (length >= 0)
        {
            _next = _body + (BodyLength = Number(head[(length + 18)..]));
        }

        return true;
    }

    private static int Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out int number, out _) ? number : throw new IOException("A head that is no HTTP.");

    private bool IsWhole()
    {
        if (!_chunked)
        {
            return _filled >= _next;
        }

        while (ChunkAt(_next) is { } chunk && _filled >= chunk.Start + chunk.Size + 2)
        {
            if (chunk.Size == 0)
            {
                return true;
            }

            BodyLength += chunk.Size;
            _next = chunk.Start + chunk.Size + 2;
        }

        return false;
    }

    private (int Start, int Size)? ChunkAt(int at)
    {
        var line = _buffer.AsSpan(at, Math.Max(0, _filled - at));
        var end = line.IndexOf((byte)'\n');
        return end < 0 || !Utf8Parser.TryParse(line, out int size, out _, 'x') ? null : (at + end + 1, size);
    }
}
