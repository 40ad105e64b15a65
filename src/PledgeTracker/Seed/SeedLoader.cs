using System.Buffers.Binary;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Contributions;
using PledgeTracker.Data;
using PledgeTracker.Donors;
using PledgeTracker.Events;
using PledgeTracker.ExchangeRates;
using PledgeTracker.Funds;
using PledgeTracker.Http;
using PledgeTracker.Indicators;
using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Sources;

namespace PledgeTracker.Seed;

/// <summary>
/// Loads documented facts (`db/seed/…`) into an empty database, through the same rules and the same code as any other write, in one
/// transaction: a fact that is refused leaves nothing behind.
/// </summary>
internal static class SeedLoader
{
    /// <exception cref="InvalidOperationException">There is no such seed, or one of its facts is refused.</exception>
    public static void Load(Writer writer, ChangeLog log, string seed) => writer.WriteAsync(write =>
    {
        var loading = new Loading(write, log, seed);
        loading.Each("organizations", new CreateOrganization.Rules(), CreateOrganization.Record);
        loading.Each("funds", new CreateFund.Rules(), CreateFund.Record);
        loading.Each("sources", new CreateSource.Rules(), CreateSource.Record);
        loading.Each("events", new CreateEvent.Rules(), CreateEvent.Record);
        loading.Each("exchange-rates", new RecordExchangeRate.Rules(), RecordExchangeRate.Record);
        loading.Each("requirements", new StateRequirement.Rules(), StateRequirement.Record);
        loading.Each("shortfalls", new ReportShortfall.Rules(), ReportShortfall.Record);
        loading.Each("indicators", new RecordIndicator.Rules(), RecordIndicator.Record);
        loading.Each<PledgeFacts, string>("pledges", new InlineValidator<PledgeFacts>(), (w, changes, actor, facts) =>
        {
            var id = loading.Take(new RecordPledge.Rules(), RecordPledge.Record, facts.Pledge);
            foreach (var revision in facts.Revisions ?? [])
            {
                loading.Take(new RevisePledge.Rules(), (_, l, a, r) => RevisePledge.Record(w, l, a, id, r), revision);
            }

            foreach (var contribution in facts.Contributions ?? [])
            {
                loading.Take(new RecordContribution.Rules(), RecordContribution.Record, contribution with { PledgeId = id });
            }

            foreach (var withdrawal in facts.Withdrawals ?? [])
            {
                loading.Take(new WithdrawPledge.Rules(), (_, l, a, r) => WithdrawPledge.Record(w, l, a, id, r), withdrawal);
            }

            return id;
        });
        loading.Each("contributions", new RecordContribution.Rules(), RecordContribution.Record);
        return true;
    }).GetAwaiter().GetResult();

    /// <summary>A pledge and what became of it.</summary>
    private sealed record PledgeFacts(
        RecordPledge.Request Pledge, IReadOnlyList<RevisePledge.Request>? Revisions = null, IReadOnlyList<RecordContribution.Request>? Contributions = null,
        IReadOnlyList<WithdrawPledge.Request>? Withdrawals = null);

    private sealed class Loading(Write write, ChangeLog log, string seed)
    {
        private Actor _actor = new("seed");

        public void Each<TFact, TResult>(string file, IValidator<TFact> rules, Func<Write, ChangeLog, Actor, TFact, Outcome<TResult>> record)
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"seed/{seed}/{file}.json")
                ?? throw new InvalidOperationException($"There is no seed {seed} with a file {file}.json.");
            var made = 0;
            // Ids follow from the file and the place in it, so that a fact has the same address in every database.
            _actor = new Actor("seed")
            {
                NewId = at => StableId($"{seed}/{file}/{made++}"),
            };
            foreach (var fact in JsonSerializer.Deserialize<TFact[]>(stream, Json.Options)!)
            {
                Take(rules, record, fact);
            }
        }

        public TResult Take<TFact, TResult>(IValidator<TFact> rules, Func<Write, ChangeLog, Actor, TFact, Outcome<TResult>> record, TFact fact)
        {
            var faults = rules.Check(fact);
            var outcome = faults.Count > 0 ? faults : record(write, log, _actor, fact);
            return outcome.Refusal is not { } refusal
                ? outcome.Value!
                : throw new InvalidOperationException(
                    $"The seed {seed} has a fact that is refused ({refusal.Code}: {refusal.Detail?.En} " +
                    $"{string.Join("; ", refusal.Faults?.Select(f => $"{f.Pointer} {f.Code}") ?? [])}): {JsonSerializer.Serialize(fact, Json.Options)}");
        }
    }

    /// <summary>A UUID of version 8 (RFC 9562 §5.8): shaped like the others, its bits drawn from a name.</summary>
    private static Guid StableId(string name)
    {
        Span<byte> bytes = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), bytes);
        // The first 48 bits are a time in UUIDv7; a fixed one (2026-01-01) keeps the seed in front of whatever is recorded later.
        BinaryPrimitives.WriteInt64BigEndian(bytes, (1_767_225_600_000L << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes[..16], bigEndian: true);
    }
}
