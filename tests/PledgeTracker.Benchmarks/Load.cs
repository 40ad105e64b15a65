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

    /// <summary>
    /// Sends so many requests a second for a while, whatever the answers do: the load of many clients who do not wait for each other. Each
    /// latency counts from the sending; the connections are many enough that no request waits for a free one unless the server falls behind.
    /// </summary>
    public static Sample Steadily(int port, int connections, int perSecond, TimeSpan time, Func<long, byte[]> request, Action<Connection> check)
    {
        var idle = new Queue<Connection>(Enumerable.Range(0, connections).Select(_ => new Connection(port)));
        var busy = new Dictionary<Socket, Connection>();
        var latencies = new List<long>((int)(perSecond * time.TotalSeconds));
        var ready = new List<Socket>();
        using var clock = new ManualResetEventSlim();
        try
        {
            var start = Stopwatch.GetTimestamp();
            var all = (long)(time.TotalSeconds * perSecond);
            for (var sent = 0L; sent < all || busy.Count > 0;)
            {
                var elapsed = Stopwatch.GetElapsedTime(start);
                var due = elapsed < time ? (long)(elapsed.TotalSeconds * perSecond) : all;
                if (elapsed >= time)
                {
                    // What could not be sent in time is not made up for: the rate that was reached says so.
                    all = sent;
                }

                while (sent < Math.Min(due, all) && idle.TryDequeue(out var free))
                {
                    free.Send(request(sent++));
                    busy.Add(free.Socket, free);
                }

                if (busy.Count == 0)
                {
                    // Nothing to wait for but the next request's time.
                    clock.Wait(1);
                    continue;
                }

                ready.Clear();
                ready.AddRange(busy.Keys);
                Socket.Select(ready, null, null, TimeSpan.FromMilliseconds(1));
                foreach (var socket in ready)
                {
                    var connection = busy[socket];
                    if (connection.TryReceive())
                    {
                        latencies.Add(Stopwatch.GetTimestamp() - connection.SentAt);
                        check(connection);
                        busy.Remove(socket);
                        idle.Enqueue(connection);
                    }
                }
            }

            return new Sample(latencies, time);
        }
        finally
        {
            foreach (var connection in idle.Concat(busy.Values))
            {
                connection.Dispose();
            }
        }
    }

    /// <summary>Sends one request and waits for its answer.</summary>
    public static Connection Ask(int port, byte[] request)
    {
        var connection = new Connection(port);
        connection.Send(request);
        while (!connection.TryReceive())
        {
            connection.Socket.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead);
        }

        return connection;
    }

    /// <summary>A POST of JSON as it goes over the wire.</summary>
    public static byte[] Post(string path, string headers, string json) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n{headers}\r\n{json}");

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

    /// <summary>The head of the answer, for the few that look into it.</summary>
    public string Head => Encoding.ASCII.GetString(_buffer, 0, _body);

    /// <summary>The first piece of the body as it came.</summary>
    public ReadOnlySpan<byte> Opening => _buffer.AsSpan(_chunked ? _body + _buffer.AsSpan(_body).IndexOf((byte)'\n') + 1 : _body, Math.Min(BodyLength, 32));

    /// <summary>The whole body, put together.</summary>
    public byte[] Body()
    {
        if (!_chunked)
        {
            return _buffer[_body..(_body + BodyLength)];
        }

        var body = new MemoryStream(BodyLength);
        var at = _body;
        while (ChunkAt(at) is { Size: > 0 } chunk)
        {
            body.Write(_buffer, chunk.Start, chunk.Size);
            at = chunk.Start + chunk.Size + 2;
        }

        return body.ToArray();
    }

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
