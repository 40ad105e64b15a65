using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>
/// The server also listens on a Unix socket beside the database, mode 0600: whoever may open it owns the file anyway and is trusted as
/// admin. Subcommands that write are clients of the API over it, so there is one code path and one writer.
/// </summary>
internal static class LocalSocket
{
    // sockaddr_un holds 108 bytes with the closing zero.
    private const int LongestPath = 107;

    /// <summary>Beside the database; where that path is too long for a socket, in the temporary folder under a name made from it.</summary>
    public static string PathFor(Database database)
    {
        var beside = database.Path + ".sock";
        return Encoding.UTF8.GetByteCount(beside) <= LongestPath
            ? beside
            : Path.Combine(Path.GetTempPath(), $"pledgetracker-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(beside)))[..24]}.sock");
    }

    /// <summary>Adds the socket to the addresses the server was told to listen on.</summary>
    public static void Listen(WebApplication app, Database database)
    {
        var path = PathFor(database);
        // An empty setting means the socket alone.
        var addresses = app.Configuration["urls"] ?? "http://localhost:5080";
        foreach (var address in addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            app.Urls.Add(address);
        }

        // The database's lock is ours, so a socket that is already there was left by a server that was killed.
        File.Delete(path);
        app.Urls.Add("http://unix:" + path);
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            // On Windows the folder's own rights guard the socket.
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        });
        app.Lifetime.ApplicationStopped.Register(() => File.Delete(path));
    }

    /// <summary>Whether a request came through the socket.</summary>
    public static bool IsLocal(HttpContext context) =>
        // This socket and no other: a Unix socket that was set as an address (behind a proxy, say) is as public as a port.
        context.Features.Get<IConnectionSocketFeature>()?.Socket is { AddressFamily: AddressFamily.Unix, LocalEndPoint: UnixDomainSocketEndPoint local }
        && local.ToString() == PathFor(context.RequestServices.GetRequiredService<Database>());
}
