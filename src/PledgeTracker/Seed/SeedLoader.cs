using System.Buffers.Binary;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PledgeTracker.Contributions;
using PledgeTracker.Events;
using PledgeTracker.ExchangeRates;
using PledgeTracker.Funds;
using PledgeTracker.Indicators;
using PledgeTracker.Organizations;
using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Sources;

namespace PledgeTracker.Seed;

/// <summary>
/// Loads documented facts (`db/seed/…`) into an empty database, through the same rules and the same code as any other write, in one
/// transaction: a fact that is refused leaves nothing behind.
/// </summary>
internal sealed class SeedLoader
{
    private readonly Write _write;
    private readonly string _seed;

    private SeedLoader(Write write, string seed) => (_write, _seed) = (write, seed);

    /// <summary>Loads a seed, where nothing was ever written.</summary>
    /// <exception cref="InvalidOperationException">There is no such seed, or one of its facts is refused.</exception>
    public static async Task LoadIntoEmptyAsync(Db db, string seed)
    {
        await using (var view = await db.ReadAsync(CancellationToken.None))
        {
            if (view.Head.Sequence > 0)
            {
                return;
            }
        }

        await db.WriteAsync(Caller.Seed, async write =>
        {
            // Another server may have begun with the same database.
            if ((await Head.OfAsync(write.Sql)).Sequence == 0)
            {
                await new SeedLoader(write, seed).LoadAsync();
            }

            return true;
        });
    }

    private async Task LoadAsync()
    {
        await EachAsync("organizations", new CreateOrganization.Rules(), CreateOrganization.RecordAsync);
        await EachAsync("funds", new CreateFund.Rules(), CreateFund.RecordAsync);
        await EachAsync("sources", new CreateSource.Rules(), CreateSource.RecordAsync);
        await EachAsync("events", new CreateEvent.Rules(), CreateEvent.RecordAsync);
        await EachAsync("exchange-rates", new RecordExchangeRate.Rules(), RecordExchangeRate.RecordAsync);
        await EachAsync("requirements", new StateRequirement.Rules(), StateRequirement.RecordAsync);
        await EachAsync("shortfalls", new ReportShortfall.Rules(), ReportShortfall.RecordAsync);
        await EachAsync("indicators", new RecordIndicator.Rules(), RecordIndicator.RecordAsync);
        await EachAsync("pledges", new InlineValidator<PledgeFacts>(), RecordAsync);
        await EachAsync("contributions", new RecordContribution.Rules(), (write, fact) => RecordContribution.RecordAsync(write, fact));
    }

    private async Task<string> RecordAsync(Write write, PledgeFacts facts)
    {
        var (id, _) = await TakeAsync(write, new RecordPledge.Rules(), (write, fact) => RecordPledge.RecordAsync(write, fact), facts.Pledge);
        foreach (var revision in facts.Revisions ?? [])
        {
            await TakeAsync(write, new RevisePledge.Rules(), RevisePledge.RecordAsync, revision with { Id = id });
        }

        foreach (var contribution in facts.Contributions ?? [])
        {
            await TakeAsync(write, new RecordContribution.Rules(), (write, fact) => RecordContribution.RecordAsync(write, fact), contribution with { PledgeId = id });
        }

        foreach (var withdrawal in facts.Withdrawals ?? [])
        {
            await TakeAsync(write, new WithdrawPledge.Rules(), WithdrawPledge.RecordAsync, withdrawal with { Id = id });
        }

        return id;
    }

    private async Task EachAsync<TFact, TResult>(string file, IValidator<TFact> rules, Func<Write, TFact, Task<TResult>> record)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"seed/{_seed}/{file}.json")
            ?? throw new InvalidOperationException($"There is no seed {_seed} with a file {file}.json.");
        var write = _write.As(Caller.Seed, new StableIds($"{_seed}/{file}"));
        foreach (var fact in (await JsonSerializer.DeserializeAsync<TFact[]>(stream, Json.Options))!)
        {
            await TakeAsync(write, rules, record, fact);
        }
    }

    private async Task<TResult> TakeAsync<TFact, TResult>(Write write, IValidator<TFact> rules, Func<Write, TFact, Task<TResult>> record, TFact fact)
    {
        try
        {
            return rules.Check(fact) is { Count: > 0 } faults ? throw Refused.Invalid(faults) : await record(write, fact);
        }
        catch (Refused refused)
        {
            throw new InvalidOperationException(
                $"The seed {_seed} has a fact that is refused ({refused.Code}: {refused.Detail?.En} " +
                $"{string.Join("; ", refused.Faults?.Select(f => $"{f.Pointer} {f.Code}") ?? [])}): {JsonSerializer.Serialize(fact, Json.Options)}", refused);
        }
    }

    /// <summary>A pledge and what became of it.</summary>
    private sealed record PledgeFacts(
        RecordPledge.Request Pledge, IReadOnlyList<RevisePledge.Request>? Revisions = null, IReadOnlyList<RecordContribution.Request>? Contributions = null,
        IReadOnlyList<WithdrawPledge.Request>? Withdrawals = null);

    /// <summary>Ids follow from the file and the place in it, so that a fact has the same address in every database.</summary>
    private sealed class StableIds(string file) : Ids
    {
        private int _made;

        /// <summary>A UUID of version 8 (RFC 9562 §5.8): shaped like the others, its bits drawn from a name.</summary>
        public override Guid NewRecord(DateTimeOffset at)
        {
            Span<byte> bytes = stackalloc byte[32];
            SHA256.HashData(Encoding.UTF8.GetBytes($"{file}/{_made++}"), bytes);
            // The first 48 bits are a time in UUIDv7; a fixed one (2026-01-01) keeps the seed in front of whatever is recorded later.
            BinaryPrimitives.WriteInt64BigEndian(bytes, (1_767_225_600_000L << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
            bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
            return new Guid(bytes[..16], bigEndian: true);
        }
    }
}
