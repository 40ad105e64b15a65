using System.Data;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace PledgeTracker.Data;

/// <summary>
/// A connection to SQLite that keeps its prepared commands by their text, for Dapper, which makes a command for each query: preparing one costs more
/// than running most of ours. For one thread at a time.
/// </summary>
internal sealed class KeepingConnection(string connectionString) : SqliteConnection(connectionString)
{
    // Filters make texts without end, and a prepared one takes tens of kilobytes: those stay that were used last.
    private const int Most = 100;

    private readonly Dictionary<string, LinkedListNode<SqliteCommand>> _resting = [];
    private readonly LinkedList<SqliteCommand> _byUse = [];
    private long _until = long.MaxValue;

    public bool IsLate => Stopwatch.GetTimestamp() > _until;

    /// <param name="time">Null for as long as it takes.</param>
    public void GiveTime(TimeSpan? time) => _until = time is { } limit ? Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency) : long.MaxValue;

    public override SqliteCommand CreateCommand() => new Borrowed(this);

    protected override void Dispose(bool disposing)
    {
        while (_byUse.First is { } oldest)
        {
            Forget(oldest.Value);
        }

        base.Dispose(disposing);
    }

    private SqliteCommand Take(string text)
    {
        if (!_resting.Remove(text, out var kept))
        {
            return new SqliteCommand(text, this);
        }

        _byUse.Remove(kept);
        return kept.Value;
    }

    private void Return(SqliteCommand command)
    {
        // What was bound may be as large as a request.
        command.Parameters.Clear();
        if (_resting.ContainsKey(command.CommandText))
        {
            // The same text was run while its rows were read.
            command.Dispose();
            return;
        }

        _resting.Add(command.CommandText, _byUse.AddLast(command));
        if (_resting.Count > Most)
        {
            Forget(_byUse.First!.Value);
        }
    }

    private void Forget(SqliteCommand command)
    {
        _resting.Remove(command.CommandText);
        _byUse.RemoveFirst();
        command.Dispose();
    }

    /// <summary>What the provider's users see as a new command. Disposing it gives the kept one back.</summary>
    private sealed class Borrowed(KeepingConnection owner) : SqliteCommand
    {
        private string _text = "";
        private SqliteCommand? _kept;

        [System.Diagnostics.CodeAnalysis.AllowNull]
        public override string CommandText
        {
            get => _text;
            set => _text = value ?? "";
        }

        // The text and the parameters may come in any order: both are final when it is run.
        private SqliteCommand Take()
        {
            GiveBack();
            _kept = owner.Take(_text);
            foreach (SqliteParameter parameter in Parameters)
            {
                // Dapper leaves the sign out; without it the provider looks each name up four times, along all the names there are.
                parameter.ParameterName = parameter.ParameterName.StartsWith('@') ? parameter.ParameterName : "@" + parameter.ParameterName;
                _kept.Parameters.Add(parameter);
            }

            return _kept;
        }

        public override SqliteConnection? Connection
        {
            get => owner;
            set { }
        }

        public override SqliteTransaction? Transaction
        {
            get => null;
            set { }
        }

        public override void Prepare() => Take().Prepare();

        public override SqliteDataReader ExecuteReader() => Take().ExecuteReader();

        public override SqliteDataReader ExecuteReader(CommandBehavior behavior) => Take().ExecuteReader(behavior);

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Take().ExecuteReader(behavior);

        protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
            Task.FromResult<DbDataReader>(Take().ExecuteReader(behavior));

        public override int ExecuteNonQuery() => Take().ExecuteNonQuery();

        public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) => Task.FromResult(Take().ExecuteNonQuery());

        public override object? ExecuteScalar() => Take().ExecuteScalar();

        protected override void Dispose(bool disposing)
        {
            GiveBack();
            base.Dispose(disposing);
        }

        private void GiveBack()
        {
            if (_kept is { } command)
            {
                _kept = null;
                owner.Return(command);
            }
        }
    }
}
