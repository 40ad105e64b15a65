using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace PledgeTracker.Http;

/// <summary>
/// How much one client may ask for in a minute: reads by address (of IPv6, by network of 64 bits), writes by key, failed keys by address. The headers are those of
/// draft-ietf-httpapi-ratelimit-headers; a 304 is free.
/// </summary>
/// <remarks>Settings `RateLimit:ReadsPerMinute` and `RateLimit:WritesPerMinute`; 0 means no limit.</remarks>
public sealed class RateLimits : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Limit _reads;
    private readonly Limit _writes;

    public RateLimits(int readsPerMinute, int writesPerMinute)
    {
        _reads = new Limit("reads", readsPerMinute);
        _writes = new Limit("writes", writesPerMinute);
    }

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

    public void Dispose()
    {
        _reads.Dispose();
        _writes.Dispose();
    }

    private sealed class Limit(string name, int permits) : IDisposable
    {
        private readonly string _policy = $"\"{name}\";q={permits};w={(int)Window.TotalSeconds}";

        private readonly PartitionedRateLimiter<string>? _limiter = permits == 0 ? null : PartitionedRateLimiter.Create<string, string>(who =>
            RateLimitPartition.GetFixedWindowLimiter(who, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window, QueueLimit = 0 }));

        internal Refused? Take(HttpContext context, string who)
        {
            if (_limiter is null)
            {
                return null;
            }

            using var lease = _limiter.AttemptAcquire(who);
            var headers = context.Response.Headers;
            headers["RateLimit-Policy"] = _policy;
            var left = _limiter.GetStatistics(who)?.CurrentAvailablePermits ?? 0;
            if (lease.IsAcquired)
            {
                headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={left}");
                return null;
            }

            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
            headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r=0;t={wait}");
            headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            return new Refused("too_many_requests", new($"Wait {wait} seconds.", $"انتظر {wait} ثانية."));
        }

        public void Dispose() => _limiter?.Dispose();
    }
}
