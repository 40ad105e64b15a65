namespace PledgeTracker.Changes;

/// <summary>Wakes those who wait for the next committed change.</summary>
internal sealed class ChangeSignal
{
    private volatile TaskCompletionSource _next = New();

    /// <summary>Completes with the next change. Take it before looking for changes, so that none falls between.</summary>
    public Task Next => _next.Task;

    public void Raise() => Interlocked.Exchange(ref _next, New()).SetResult();

    // Those who wake run elsewhere: the thread that announces only announces.
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
