using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Donors;
using PledgeTracker.Http;
using PledgeTracker.Pledges;

namespace PledgeTracker.Tests.Entries;

public sealed class ReverseEntryTests(ReverseEntryTests.EmptyServer server) : IClassFixture<ReverseEntryTests.EmptyServer>
{
    private static readonly DateOnly Day = new(2024, 1, 1);
    private static readonly Actor Someone = new("local");

    public sealed class EmptyServer : TestServer
    {
        public EmptyServer() => Seed = "none";
    }

    [Theory]
    [InlineData("withdrawal", 30)]
    [InlineData("revision", 30)]
    [InlineData("revision", -30)]
    public async Task A_pledge_on_which_a_revision_or_a_withdrawal_rests_is_not_reversed_before_it(string kind, int amount)
    {
        var (log, donor) = (server.Services.GetRequiredService<ChangeLog>(), $"donor-{kind}-{amount + 100}");
        var entry = await server.Services.GetRequiredService<Writer>().WriteAsync(write =>
        {
            Assert.Null(CreateOrganization.Record(write, log, Someone, new(donor, new(donor, null), "10")).Refusal);
            var pledge = RecordPledge.Record(write, log, Someone, new([new(donor, 100)], "USD", AnnouncedOn: Day, Instrument: "grant")).Value!;
            var changed = kind == "withdrawal"
                ? WithdrawPledge.Record(write, log, Someone, pledge, new(amount, Day)).Refusal
                : RevisePledge.Record(write, log, Someone, pledge, new(amount, Day)).Refusal;
            Assert.Null(changed);
            return write.First<string>("SELECT id FROM ledger_entry WHERE donor_id = @donor AND kind = 'pledge'", ("@donor", donor))!;
        }, TestContext.Current.CancellationToken);

        using var client = LocalClient();
        using var answer = await client.PostAsJsonAsync($"http://localhost/v1/entries/{entry}/reversal", new { reason = new { en = "A mistake" } },
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    // Through the socket beside the database, where whoever may open it is trusted.
    private HttpClient LocalClient() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(LocalSocket.PathFor(new Database(server.DatabasePath))), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
