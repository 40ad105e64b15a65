using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PledgeTracker.Http;

/// <summary>
/// How much one client may ask for in a minute: reads by address (of IPv6, by network of 64 bits), writes by key, failed keys by address. The headers are those of
/// draft-ietf-httpapi-ratelimit-headers; a 304 is free.
/// </summary>
/// <remarks>Settings `RateLimit:ReadsPerMinute` and `RateLimit:WritesPerMinute`; 0 means no limit.</remarks>
public sealed class RateLimits(int readsPerMinute, int writesPerMinute, TimeProvider clock)
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly Limit _reads = new("reads", readsPerMinute, clock);
    private readonly Limit _writes = new("writes", writesPerMinute, clock);

    /// <summary>Counts a read, or an attempt with a bad key; a refusal when it is one too many.</summary>
    internal Refused? Read(HttpContext context) => _reads.Take(context, ClientOf(context.Connection.RemoteIpAddress));

    /// <summary>Counts a request with a key.</summary>
    internal Refused? Write(HttpContext context, Caller caller) => _writes.Take(context, caller.Id);

    // Who has one address of IPv6 has the 2^64 beside it: one each would be no limit, and each is remembered for a minute.
    private static string ClientOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };

    // The framework's limiter of partitions makes six objects for each client, three hundred bytes, and looks at all of them ten times a second: of a minute in which
    // a hundred thousand addresses ask, that is what a server holds most of.
    private sealed class Limit(string name, int permits, TimeProvider clock)
    {
        private readonly string _policy = $"\"{name}\";q={permits};w={(int)Length.TotalSeconds}";

        private volatile Minute _now = new(clock.GetTimestamp());

        internal Refused? Take(HttpContext context, string who)
        {
            if (permits == 0)
            {
                return null;
            }

            var window = _now;
            var gone = clock.GetElapsedTime(window.Begun);
            if (gone >= Length)
            {
                // Of several that see it end, one begins the next.
                var next = new Minute(clock.GetTimestamp());
                window = Interlocked.CompareExchange(ref _now, next, window) is var seen && seen == window ? next : seen;
                gone = clock.GetElapsedTime(window.Begun);
            }

            var taken = window.Taken.AddOrUpdate(who, 1, static (_, before) => before + 1);
            var headers = context.Response.Headers;
            headers["RateLimit-Policy"] = _policy;
            if (taken <= permits)
            {
                headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={permits - taken}");
                return null;
            }

            var wait = Math.Max(1, (int)Math.Ceiling((Length - gone).TotalSeconds));
            headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r=0;t={wait}");
            headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            return new Refused("too_many_requests", new($"Wait {wait} seconds.", $"انتظر {wait} ثانية."));
        }
    }

    /// <summary>A minute, the same for all, and how much each client asked for in it: with it they are forgotten.</summary>
    private sealed class Minute(long begun)
    {
        public long Begun => begun;
        public ConcurrentDictionary<string, int> Taken { get; } = new();
    }
}
