using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>
/// The server also listens on a Unix socket beside the database, mode 0600: whoever may open it owns the file anyway and is trusted as
/// admin. Subcommands that write are clients of the API over it, so there is one code path and one writer.
/// </summary>
/// <remarks>
/// Where the path beside the database is too long for a socket, it stands in a folder in the temporary folder that is made for it, with a
/// name that nobody can foresee and rights for nobody else; what stands beside the database is then a file that says where.
/// </remarks>
internal sealed class LocalSocket(Database database)
{
    // sockaddr_un holds 108 bytes with the closing zero.
    private const int LongestPath = 107;

    private static readonly Lock Masking = new();

    private readonly string _beside = Beside(database);
    private string? _path;

    /// <summary>Adds the socket to what the server is made of.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<LocalSocket>();
        services.AddOptions<SocketTransportOptions>().Configure<LocalSocket>((transport, socket) => transport.CreateBoundListenSocket = socket.Bind);
    }

    /// <summary>Where the server of this database listens, for clients.</summary>
    public static string PathFor(Database database)
    {
        var beside = Beside(database);
        return Fits(beside) ? beside : File.ReadAllText(beside);
    }

    /// <summary>Adds the socket to the addresses the server was told to listen on.</summary>
    public void Listen(WebApplication app)
    {
        // An empty setting means the socket alone.
        var addresses = app.Configuration["urls"] ?? "http://localhost:5080";
        foreach (var address in addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            app.Urls.Add(address);
        }

        // The database's lock is ours, so what is already there was left by a server that was killed.
        File.Delete(_beside);
        var folder = Fits(_beside) ? null : Directory.CreateTempSubdirectory("pledgetracker-");
        _path = folder is null ? _beside : Path.Combine(folder.FullName, "api.sock");
        if (folder is not null)
        {
            File.WriteAllText(_beside, _path);
        }

        app.Urls.Add("http://unix:" + _path);
        app.Lifetime.ApplicationStopped.Register(() =>
        {
            File.Delete(_beside);
            folder?.Delete(recursive: true);
        });
    }

    /// <summary>Whether a request came through the socket.</summary>
    public static bool IsLocal(HttpContext context) =>
        // This socket and no other: a Unix socket that was set as an address (behind a proxy, say) is as public as a port.
        context.Features.Get<IConnectionSocketFeature>()?.Socket is { AddressFamily: AddressFamily.Unix, LocalEndPoint: UnixDomainSocketEndPoint local }
        && local.ToString() == context.RequestServices.GetRequiredService<LocalSocket>()._path;

    private static string Beside(Database database) => database.Path + ".sock";

    private static bool Fits(string path) => Encoding.UTF8.GetByteCount(path) <= LongestPath;

    private Socket Bind(EndPoint address)
    {
        // On Windows the folder's own rights guard the socket.
        if (OperatingSystem.IsWindows() || address is not UnixDomainSocketEndPoint || address.ToString() != _path)
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        }

        // Made with its rights: narrowed afterwards, it would be anybody's for a moment. The mask is the process's, so one at a time.
        lock (Masking)
        {
            var mask = umask(Convert.ToUInt32("177", 8));
            try
            {
                return SocketTransportOptions.CreateDefaultBoundListenSocket(address);
            }
            finally
            {
                _ = umask(mask);
            }
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint umask(uint mask);
}
