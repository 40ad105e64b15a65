using System.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace PledgeTracker.Http;

/// <summary>
/// How many tables of more than one page may be on their way, how large each may become and how long it may take, to its last byte: a client that reads slowly costs
/// a file on the disk, and no reader of the database.
/// </summary>
/// <param name="rows">How many rows of a table fit a sheet of XLSX, with the one of the names.</param>
public sealed class Downloads(int most = 4, long bytes = 2L << 30, TimeSpan? time = null, int rows = 1 << 20)
{
    private int _under;

    public long Bytes => bytes;

    public int Rows => rows;

    public TimeSpan Time { get; } = time ?? TimeSpan.FromMinutes(10);

    internal bool TryBegin()
    {
        if (Interlocked.Increment(ref _under) <= most)
        {
            return true;
        }

        End();
        return false;
    }

    internal void End() => Interlocked.Decrement(ref _under);
}

/// <summary>
/// A table that is sent as CSV, XLSX or NDJSON, or a text of any length. All of it is written before the first byte is sent: in memory what is small, else into a file in the system's folder for such
/// (`TMPDIR`, `ASPNETCORE_TEMP`), which is gone when it is sent or given up.
/// </summary>
/// <param name="table">Null where it is a text.</param>
internal sealed class Download(HttpContext context, Downloads limits, Table? table, Format format, TableRequest? request, CancellationToken cancellation) : IAsyncDisposable
{
    private const int InMemory = 1 << 16;

    // In that time one of a hundred thousand rows is gone.
    private const string SecondsToWait = "10";

    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly string _name = RequestLog.RouteOf(context).Split('/')[^1];
    private FileBufferingWriteStream? _body;
    private Lines? _lines;
    private int _pages;
    private bool _isCounted;

    /// <summary>Begins it; and begins it anew where the database was lost meanwhile.</summary>
    public async Task BeginAsync()
    {
        await DiscardAsync();
        _body = new FileBufferingWriteStream(InMemory);
        _lines = table is null ? new TextLines(_body)
            : format == Format.Csv ? new CsvLines(_body, table.Chosen(request?.Fields), request?.Bom == true, request?.Hxl == true)
            : format == Format.Xlsx ? new XlsxLines(_body, table.Chosen(request?.Fields), _name, request?.Hxl == true, Languages.Of(context) == Language.Arabic, limits.Rows)
            : new JsonLines(_body, table, request?.Fields);
        _pages = 0;
    }

    /// <summary>Adds a page of a table, or parts of a text.</summary>
    /// <exception cref="Refused">Too many are under way, or this one becomes too large or takes too long.</exception>
    public void Add(IEnumerable<object> rows)
    {
        cancellation.ThrowIfCancellationRequested();
        // What fits one page is no more than JSON would be.
        if (++_pages == 2 && !_isCounted && !(_isCounted = limits.TryBegin()))
        {
            throw table is null ? Busy("The server sends as many whole files as it can. Try again.", "يرسل الخادم أكبر عدد ممكن من الملفات الكاملة. أعد المحاولة.")
                : Busy("The server sends as many whole tables as it can. Try again, or take pages with limit.", "يرسل الخادم أكبر عدد ممكن من الجداول الكاملة. أعد المحاولة، أو خذ صفحات بالمعلمة limit.");
        }

        Write(lines => lines.Add(rows));
    }

    /// <summary>Ends it, behind the last page.</summary>
    /// <exception cref="Refused">It became too large, or took too long.</exception>
    public void End() => Write(lines => lines.End());

    private void Write(Action<Lines> part)
    {
        try
        {
            part(_lines!);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            throw table is null ? Busy("The server has no room to write this file. Try again, or narrow the filters.", "لا مساحة لدى الخادم لكتابة هذا الملف. أعد المحاولة، أو ضيق نطاق المرشحات.")
                : Busy("The server has no room to write this table. Try again, or take pages with limit.", "لا مساحة لدى الخادم لكتابة هذا الجدول. أعد المحاولة، أو خذ صفحات بالمعلمة limit.");
        }

        if (_body!.Length > limits.Bytes || Stopwatch.GetElapsedTime(_begun) > limits.Time)
        {
            throw table is null ? Busy("This file is too large to be sent at once. Narrow the filters; all of the data the subcommand export writes, on the server's machine.",
                    "هذا الملف أكبر من أن يُرسل دفعة واحدة. ضيق نطاق المرشحات؛ أما البيانات كلها فيكتبها الأمر الفرعي export على جهاز الخادم.")
                : Busy("This table is too large to be sent at once. Narrow the filters, choose fields, or take pages with limit.",
                    "هذا الجدول أكبر من أن يُرسل دفعة واحدة. ضيق نطاق المرشحات، أو اختر حقولا بالمعلمة fields، أو خذ صفحات بالمعلمة limit.");
        }
    }

    /// <summary>Sends it. A client that takes longer than it may is left without the rest, and sees it.</summary>
    public async Task SendAsync()
    {
        var response = context.Response;
        response.ContentType = format.ContentType;
        response.Headers.ContentDisposition = $"attachment; filename={_name}{format.Suffix}";
        if (!Pipeline.IsHead(context))
        {
            response.ContentLength = _body!.Length;
        }

        await response.StartAsync(cancellation);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var left = limits.Time - Stopwatch.GetElapsedTime(_begun);
        late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        try
        {
            await _body!.DrainBufferAsync(response.Body, late.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private Refused Busy(string en, string ar)
    {
        context.Response.Headers.RetryAfter = SecondsToWait;
        return new Refused("busy", new(en, ar));
    }

    public async ValueTask DisposeAsync()
    {
        if (_isCounted)
        {
            limits.End();
        }

        await DiscardAsync();
    }

    private async ValueTask DiscardAsync()
    {
        (_lines as IDisposable)?.Dispose();
        await (_body?.DisposeAsync() ?? default);
    }
}
