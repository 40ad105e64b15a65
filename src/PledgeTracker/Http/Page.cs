using System.Text.Json.Serialization;

namespace PledgeTracker.Http;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Data">The items, in the order asked for.</param>
/// <param name="Next">The address of the next page, or null on the last. Also in the `Link` header.</param>
/// <param name="Count">How many items match in all; only when asked for with `count=true`.</param>
/// <param name="Basis">How it was read; only when asked for as of a day, with `asOf` or `knownAt`.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Data,
    string? Next,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Count = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Basis? Basis = null) : ITable<T>
    where T : class
{
    IEnumerable<T> ITable<T>.Rows => Data;

    /// <summary>The same page of what its rows are shown as.</summary>
    public Page<TItem> Of<TItem>(Func<T, TItem> item)
        where TItem : class => new([.. Data.Select(item)], Next, Count);
}
