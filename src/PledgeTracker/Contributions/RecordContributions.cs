namespace PledgeTracker.Contributions;

/// <summary>Enters several contributions at once: all of them, or none.</summary>
public sealed class RecordContributions : Writes<RecordContributions.Request, ContributionList>
{
    /// <param name="Contributions">Each as in POST /v1/contributions.</param>
    public sealed record Request(IReadOnlyList<RecordContribution.Request>? Contributions = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Contributions).HasSome().HasAtMost(200);
            RuleForEach(r => r.Contributions).SetValidator(new RecordContribution.Rules());
        }
    }

    public override void Configure()
    {
        Post("/v1/contributions/batch");
        Tells("Contributions", "Record contributions",
            "Up to 200 contributions in one transaction, in their order: a later one may be a refund of an earlier one. Where one is refused, none is recorded, and the problem names what is " +
            "wrong with each, by its place in the list. One whose `externalId` is recorded already with the same content is answered with the record that exists.",
            Role.Recorder, refusals: [403], example: new Request(
            [
                new(DonorId: "grc", FundId: "undp-ffs", RecipientId: "undp", Stage: "payment", Amount: 25000.50m, Currency: "USD", Date: new DateOnly(2026, 3, 2), Reference: "TR-2026-17"),
                new(DonorId: "grc", FundId: "undp-ffs", RecipientId: "undp", Stage: "payment", Amount: 12000m, Currency: "USD", Date: new DateOnly(2026, 4, 2), Reference: "TR-2026-18"),
            ]), exampleOf: "undp");
    }

    protected override async Task CheckAsync(Request request, Session session, Faults faults)
    {
        foreach (var (place, contribution) in (request.Contributions ?? []).Take(200).Index().Where(c => c.Item is not null))
        {
            await RecordContribution.FindAsync(session, faults.Under($"/contributions/{place}"), contribution);
        }
    }

    protected override async Task<Made<ContributionList>> WriteAsync(Request request, Write write)
    {
        List<string> list = [];
        List<string> made = [];
        List<(int Place, Refused Why)> refusals = [];
        foreach (var (place, contribution) in request.Contributions!.Index())
        {
            try
            {
                var (id, wasThere) = await write.TryAsync(() => RecordContribution.RecordAsync(write, contribution));
                list.Add(id);
                if (!wasThere)
                {
                    made.Add(id);
                }
            }
            catch (Refused refused)
            {
                // The others are looked at all the same, without what is wrong: all of it is said at once, and all that was written taken back.
                refusals.Add((place, refused));
            }
        }

        if (refusals.Count > 0)
        {
            // What can be mended by sending something else goes before what conflicts with the records.
            var first = refusals.Find(r => r.Why.Code == "invalid_request").Why ?? refusals[0].Why;
            // What this batch would have recorded is taken back, and stands nowhere.
            var candidates = refusals.SelectMany(r => r.Why.Candidates ?? []).Distinct().Where(Stands).ToList();
            throw new Refused(first.Code, first.Detail, [.. refusals.SelectMany(r => FaultsOf(r.Place, r.Why))], first.Existing is { } existing && Stands(existing) ? existing : null,
                candidates.Count > 0 ? candidates : null);
        }

        var rows = (await write.Sql.QueryAsync<ContributionRow>($"{ContributionRow.Select(Reader)} WHERE {write.Engine.AnyOf("e.id", "@list")}", new { list })).AsList();
        var shown = (await ContributionRow.ShowAsync(write, rows, Reader, LocalizedText.Of)).ToDictionary(c => c.Id);
        return new(new ContributionList([.. list.Select(id => shown[id])]));

        bool Stands(string address) => !made.Exists(id => address.EndsWith(id, StringComparison.Ordinal));
    }

    private static IEnumerable<Fault> FaultsOf(int place, Refused refused) => refused.Faults is not null
        ? refused.Under($"/contributions/{place}").Faults!
        : [new Fault($"/contributions/{place}", refused.Code, refused.Detail ?? new(refused.Code, refused.Code))];
}

/// <summary>Contributions, in the order in which they were sent.</summary>
public sealed record ContributionList(IReadOnlyList<Contribution<LocalizedText>> Data);
