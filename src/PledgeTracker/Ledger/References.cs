namespace PledgeTracker.Ledger;

/// <summary>Checks that what a request names exists; adds a fault for each thing that does not.</summary>
internal sealed class References(Session session, Faults faults)
{
    /// <summary>Each suggestion reads the ids of a table: so many are given in one answer.</summary>
    private const int MostSuggestions = 5;

    /// <summary>The organization that an id stands for today; null where there is none.</summary>
    public static async Task<string?> SurvivorAsync(Session session, string? id) => id is null ? null
        : await session.Sql.QueryFirstOrDefaultAsync<string>("SELECT coalesce(merged_into, id) FROM organization WHERE id = @id", new { id });

    /// <summary>The id of a table that somebody may have meant who wrote this one; null where none is near.</summary>
    public static async Task<string?> NearestAsync(Session session, string table, string id) => Near.Of(id, await session.Sql.QueryAsync<string>($"""
        SELECT id FROM {table} WHERE length(id) BETWEEN @least AND @most {(table == "organization" ? "AND merged_into IS NULL" : "")} ORDER BY id
        """, new { least = id.Length - Near.Reach(id.Length), most = id.Length + Near.Reach(id.Length) }));

    /// <summary>The refusal of a path that names nothing, with the id that may have been meant.</summary>
    public static async Task<Refused> MissingAsync(Session session, string table, string id, string en, string ar) =>
        await NearestAsync(session, table, id) is { } nearest && nearest != id ? Refused.Missing($"{en} Did you mean {nearest}?", $"{ar} هل تقصد {nearest}؟") : Refused.Missing(en, ar);

    /// <summary>The same of several; an id that stands for nothing stays, and finds nothing.</summary>
    public static async Task<IReadOnlyList<string>?> SurvivorsAsync(Session session, IReadOnlyList<string>? ids)
    {
        var list = ids?.ToList();
        var found = list is null ? null : (await session.Sql.QueryAsync<string>(
            $"SELECT DISTINCT coalesce(merged_into, id) FROM organization WHERE {session.Engine.AnyOf("id", "@list")}", new { list })).AsList();
        return found is [] ? ids : found;
    }

    /// <summary>Every id that has stood for one of these organizations.</summary>
    public static async Task<IReadOnlyList<string>?> NamesAsync(Session session, IReadOnlyList<string>? ids)
    {
        var list = ids?.ToList();
        var found = list is null ? null : (await session.Sql.QueryAsync<string>($"""
            SELECT o.id FROM organization o WHERE coalesce(o.merged_into, o.id) IN (SELECT coalesce(a.merged_into, a.id) FROM organization a WHERE {session.Engine.AnyOf("a.id", "@list")})
            """, new { list })).AsList();
        return found is [] ? ids : found;
    }

    public async Task OrganizationAsync(string pointer, string? id)
    {
        if (id is null)
        {
            return;
        }

        var survivor = await SurvivorAsync(session, id);
        if (survivor is null)
        {
            await UnknownAsync("organization", id, pointer, $"There is no organization {id}.", $"لا توجد جهة بالمعرف {id}.");
        }
        else if (survivor != id)
        {
            Unknown(pointer, $"{id} was merged into {survivor}: send {survivor}.", $"دُمجت {id} في {survivor}: أرسل {survivor}.");
        }
    }

    public Task FundAsync(string pointer, string? id) => CheckAsync("fund", id, pointer, $"There is no fund {id}.", $"لا يوجد صندوق بالمعرف {id}.");

    public Task EventAsync(string pointer, string? id) => CheckAsync("event", id, pointer, $"There is no event {id}.", $"لا توجد فعالية بالمعرف {id}.");

    public async Task CitationsAsync(IReadOnlyList<CitationRequest>? citations)
    {
        for (var i = 0; i < (citations?.Count ?? 0); i++)
        {
            var id = citations![i].SourceId;
            await CheckAsync("source", id, $"/citations/{i}/sourceId", $"There is no source {id}.", $"لا يوجد مصدر بالمعرف {id}.");
        }
    }

    /// <summary>The number of a pledge, or null with a fault.</summary>
    public async Task<long?> PledgeAsync(string pointer, string? id)
    {
        var no = id is null ? null : await session.Sql.QueryFirstOrDefaultAsync<long?>("SELECT no FROM pledge WHERE id = @id", new { id });
        if (id is not null && no is null)
        {
            Unknown(pointer, $"There is no pledge {id}.", $"لا يوجد تعهد بالمعرف {id}.");
        }

        return no;
    }

    /// <summary>The donor of a pledge that is meant: the one named, or the only one. Null where there is no such pledge, or with a fault.</summary>
    public async Task<string?> DonorOfAsync(string pointer, string? donorId, string pledgeId)
    {
        var donors = (await session.Sql.QueryAsync<string>("SELECT l.donor_id FROM line l JOIN pledge p ON p.no = l.pledge_no WHERE p.id = @pledgeId ORDER BY l.donor_id", new { pledgeId })).AsList();
        if (donors.Count == 0 || donors.Contains(donorId!))
        {
            return donors.Count == 0 ? null : donorId;
        }

        if (donorId is null && donors is [var only])
        {
            return only;
        }

        var list = string.Join(", ", donors);
        faults.Add(pointer, donorId is null ? "required" : "unknown_reference", $"Name one of this pledge's donors: {list}.", $"اذكر إحدى الجهات المانحة لهذا التعهد: {list}.");
        return null;
    }

    private async Task CheckAsync(string table, string? id, string pointer, string en, string ar)
    {
        if (id is not null && await session.Sql.QueryFirstOrDefaultAsync<string>($"SELECT id FROM {table} WHERE id = @id", new { id }) is null)
        {
            await UnknownAsync(table, id, pointer, en, ar);
        }
    }

    private async Task UnknownAsync(string table, string id, string pointer, string en, string ar)
    {
        var nearest = faults.Found.Count(f => f.Code == "unknown_reference") < MostSuggestions ? await NearestAsync(session, table, id) : null;
        Unknown(pointer, nearest is null ? en : $"{en} Did you mean {nearest}?", nearest is null ? ar : $"{ar} هل تقصد {nearest}؟");
    }

    private void Unknown(string pointer, string en, string ar) => faults.Add(pointer, "unknown_reference", en, ar);
}
