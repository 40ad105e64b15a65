using System.Diagnostics;

namespace PledgeTracker.Health;

/// <summary>
/// Whether the database answers and takes writes. Anybody may ask, as often as they like: all who ask within a second of an answer share it, and all
/// who ask meanwhile wait for the one that is under way.
/// </summary>
public sealed class Readiness(Db db)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    // As long as a read may take. A writer that is stuck is told from one that is busy.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _asking = new();
    private Task _answer = Task.CompletedTask;
    private long? _answeredAt;

    /// <exception cref="TimeoutException">It took too long.</exception>
    public Task CheckAsync(CancellationToken cancellation)
    {
        lock (_asking)
        {
            if (_answer.IsCompleted && (_answeredAt is not { } at || Stopwatch.GetElapsedTime(at) > Fresh))
            {
                _answer = AskAsync();
            }

            return _answer.WaitAsync(Patience, cancellation);
        }
    }

    private async Task AskAsync()
    {
        // Not under the lock.
        await Task.Yield();
        try
        {
            // To open a view reads the head; to begin a write waits for its turn, and to commit it needs room.
            await using (await db.ReadAsync(CancellationToken.None))
            {
            }

            await db.WriteAsync(Caller.Local, WriteAsync);
        }
        catch (Exception fault) when ((fault as Refused ?? db.Engine.Explain(fault))?.Code == "storage_full")
        {
            throw new Refused("busy", new("It reads, but there is no room left on the disk to write.", "يقرأ الخادم، لكن لا مساحة متبقية على القرص للكتابة."));
        }
        finally
        {
            _answeredAt = Stopwatch.GetTimestamp();
        }
    }

    // What is taken away in the same transaction is written all the same, and leaves nothing.
    private static async Task<bool> WriteAsync(Write write)
    {
        await write.Sql.ExecuteAsync("""
            INSERT INTO idempotency (caller, route, key, body_sha256, status, answer, recorded_at) VALUES ('health', '', '', @none, 200, @none, @At)
            """, new { none = new byte[32], write.At });
        await write.Sql.ExecuteAsync("DELETE FROM idempotency WHERE caller = 'health'");
        return true;
    }
}
