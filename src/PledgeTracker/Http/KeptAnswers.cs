using Microsoft.Extensions.Caching.Memory;

namespace PledgeTracker.Http;

/// <summary>
/// Bodies of public reads, kept in memory and sent again as long as they answer the same question. They are looked for after the dataset's version has been read, under the
/// whole text of what they answer (<see cref="EntityTag.Question"/>): what a write has overtaken stands under another text, whoever wrote, and is not found.
/// </summary>
/// <param name="bytes">What all of them together may take.</param>
public sealed class KeptAnswers(long bytes = 32 << 20) : IDisposable
{
    /// <summary>The longest body that is kept, in bytes.</summary>
    public const int LongestBody = 1 << 20;

    // What one takes beside its body and its question, roughly: many small ones are bounded as well.
    private const int Beside = 1024;

    // What nobody asks for goes; after a write nobody can.
    private static readonly MemoryCacheEntryOptions UntilUnused = new() { SlidingExpiration = TimeSpan.FromMinutes(10) };

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = bytes });

    internal KeptAnswer? Find(string question) => _cache.Get<KeptAnswer>(question);

    /// <summary>Keeps an answer if it is not too long.</summary>
    internal KeptAnswer Keep(string question, KeptAnswer answer)
    {
        if (answer.Body.Length <= LongestBody)
        {
            using var entry = _cache.CreateEntry(question).SetOptions(UntilUnused).SetSize(answer.Body.Length + (question.Length * sizeof(char)) + Beside);
            entry.Value = answer;
        }

        return answer;
    }

    public void Dispose() => _cache.Dispose();
}

/// <param name="Version">Of the resource: the ETag begins with it.</param>
/// <param name="Link">Its `Link`, to the next page.</param>
internal sealed record KeptAnswer(long Version, string? Link, byte[] Body);
