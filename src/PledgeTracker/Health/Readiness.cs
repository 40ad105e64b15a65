using System.Diagnostics;
using PledgeTracker.Data;

namespace PledgeTracker.Health;

/// <summary>
/// Whether the database answers and the writer takes work. Anybody may ask, as often as they like: all who ask within a second of an answer
/// share it, and all who ask meanwhile wait for the one that is under way.
/// </summary>
internal sealed class Readiness(Readers readers, Writer writer)
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
            using (var snapshot = await readers.OpenAsync(CancellationToken.None))
            {
                snapshot.First<long>("SELECT 1");
            }

            await writer.WriteAsync(write => write.First<long>("SELECT 1"));
        }
        finally
        {
            _answeredAt = Stopwatch.GetTimestamp();
        }
    }
}
