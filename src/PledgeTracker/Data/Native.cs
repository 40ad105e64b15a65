using System.Runtime.InteropServices;

namespace PledgeTracker.Data;

/// <summary>
/// The functions of SQLite that are called for each value. Through the provider's layers each call costs as much as what it does;
/// a page of 50 pledges makes thousands of them.
/// </summary>
/// <remarks>Those that cannot wait (they neither lock nor touch a file) skip the runtime's change of modes as well.</remarks>
internal static unsafe partial class Native
{
    private const string Library = "e_sqlite3";

    /// <summary>The bound bytes stay where they are until the statement was run.</summary>
    public const nint Static = 0;

    /// <summary>SQLite takes a copy of the bound bytes.</summary>
    public const nint Transient = -1;

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null")]
    [SuppressGCTransition]
    public static partial int BindNull(nint statement, int place);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    [SuppressGCTransition]
    public static partial int BindWhole(nint statement, int place, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    public static partial int BindText(nint statement, int place, byte* text, int bytes, nint lifetime);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    public static partial int BindBlob(nint statement, int place, byte* bytes, int length, nint lifetime);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type")]
    [SuppressGCTransition]
    public static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    [SuppressGCTransition]
    public static partial long ColumnWhole(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_text")]
    [SuppressGCTransition]
    public static partial byte* ColumnText(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    [SuppressGCTransition]
    public static partial byte* ColumnBlob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    [SuppressGCTransition]
    public static partial int ColumnBytes(nint statement, int column);

    /// <summary>What is called after each commit to the log, on the thread that made it, with the pages that the log then holds.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_wal_hook")]
    public static partial nint OnCommit(nint database, delegate* unmanaged[Cdecl]<nint, nint, byte*, int, int> hook, nint argument);

    /// <summary>
    /// fsyncs the file of a database as SQLite itself does. (A descriptor of our own would do, were it not that closing it drops SQLite's locks.)
    /// </summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void Sync(nint database)
    {
        const int FilePointer = 7;
        const int Normal = 2;
        nint file = 0;
        if (FileControl(database, null, FilePointer, &file) != 0 || file == 0)
        {
            throw new IOException("The database has no file.");
        }

        // sqlite3_file begins with its methods: a version and xClose, xRead, xWrite, xTruncate, xSync.
        var methods = *(nint**)file;
        var sync = (delegate* unmanaged<nint, int, int>)methods[5];
        if (sync(file, Normal) is not 0 and var code)
        {
            throw new IOException($"The database's file could not be synced (SQLite's code {code}).");
        }
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_file_control")]
    private static partial int FileControl(nint database, byte* name, int operation, void* argument);
}
