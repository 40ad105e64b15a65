namespace PledgeTracker.Data;

/// <summary>One process writes a database: this one, while it holds the file beside it. The operating system lets go of it at exit, however the process ends.</summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _file;

    private DatabaseLock(FileStream file) => _file = file;

    /// <summary>The lock, or null when another process has it.</summary>
    public static DatabaseLock? TryTake(Database database)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(database.Path)!);
        try
        {
            return new DatabaseLock(new FileStream(database.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(database.LockPath))
        {
            return null;
        }
    }

    /// <summary>Whether a process serves this database now.</summary>
    public static bool IsHeld(Database database)
    {
        using var taken = TryTake(database);
        return taken is null;
    }

    public void Dispose() => _file.Dispose();
}
