using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace PledgeTracker.Data;

/// <summary>What can be seen of the database from outside: by whom, `Telemetry` says. Where nobody looks, each of these is a comparison.</summary>
internal static class Measures
{
    /// <summary>Of the meter and of the source of spans.</summary>
    public const string Name = "PledgeTracker";

    public static readonly ActivitySource Spans = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly UpDownCounter<long> WriteQueue = Meter.CreateUpDownCounter<long>("pledgetracker.write.queue", "{write}", "Writes that wait for their turn.");

    public static readonly Histogram<long> WriteBatch = Meter.CreateHistogram("pledgetracker.write.batch", "{write}", "Writes that shared a transaction, and so a flush.",
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    public static readonly Gauge<long> DatasetVersion = Meter.CreateGauge<long>("pledgetracker.dataset.version", "{change}",
        "The sequence of the last change, as this server last saw it in the database.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram("pledgetracker.database.duration", "s", "How long transactions took, from asking for a connection to giving it back.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    /// <param name="operation">`read` or `write`.</param>
    /// <param name="begun">A time stamp of <see cref="Stopwatch"/>.</param>
    public static void Note(string operation, long begun) =>
        Duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, new KeyValuePair<string, object?>("operation", operation));
}
