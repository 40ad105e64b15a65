using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Ledger;

/// <summary>Checks, inside the transaction that writes, that what a request names exists; collects a fault for each thing that does not.</summary>
internal sealed class References(Write write)
{
    public List<Fault> Faults { get; } = [];

    /// <summary>The organization that an id stands for today.</summary>
    public static string? Survivor(Write write, string? id) =>
        id is null ? null : write.First<string>("SELECT coalesce(merged_into, id) FROM organization WHERE id = @id", ("@id", id));

    public void Organization(string pointer, string? id)
    {
        if (id is null)
        {
            return;
        }

        switch (write.First<MergedId>("SELECT id, merged_into FROM organization WHERE id = @id", ("@id", id)))
        {
            case null:
                Unknown(pointer, $"There is no organization {id}.", $"لا توجد جهة بالمعرف {id}.");
                break;
            case { MergedInto: { } survivor }:
                Unknown(pointer, $"{id} was merged into {survivor}: send {survivor}.", $"دُمجت {id} في {survivor}: أرسل {survivor}.");
                break;
        }
    }

    public void Fund(string pointer, string? id) =>
        Check(id, "SELECT 1 FROM fund WHERE id = @id", pointer, $"There is no fund {id}.", $"لا يوجد صندوق بالمعرف {id}.");

    public void Event(string pointer, string? id) =>
        Check(id, "SELECT 1 FROM event WHERE id = @id", pointer, $"There is no event {id}.", $"لا توجد فعالية بالمعرف {id}.");

    public void Source(string pointer, string? id) =>
        Check(id, "SELECT 1 FROM source WHERE id = @id", pointer, $"There is no source {id}.", $"لا يوجد مصدر بالمعرف {id}.");

    /// <summary>The number of a pledge, or null with a fault.</summary>
    public long? Pledge(string pointer, string? id)
    {
        var no = id is null ? null : write.First<long?>("SELECT no FROM pledge WHERE id = @id", ("@id", id));
        if (id is not null && no is null)
        {
            UnknownPledge(pointer, id);
        }

        return no;
    }

    /// <summary>A pledge opened for more entries, or null with a fault.</summary>
    public Posting? Posting(string pointer, string id)
    {
        var posting = Ledger.Posting.Find(write, id);
        if (posting is null)
        {
            UnknownPledge(pointer, id);
        }

        return posting;
    }

    public void Add(string pointer, string code, string en, string ar) => Faults.Add(new Fault(pointer, code, new(en, ar)));

    private void Check(string? id, string sql, string pointer, string en, string ar)
    {
        if (id is not null && write.First<long?>(sql, ("@id", id)) is null)
        {
            Unknown(pointer, en, ar);
        }
    }

    private void UnknownPledge(string pointer, string id) => Unknown(pointer, $"There is no pledge {id}.", $"لا يوجد تعهد بالمعرف {id}.");

    private void Unknown(string pointer, string en, string ar) => Add(pointer, "unknown_reference", en, ar);

    private sealed record MergedId
    {
        public required string Id { get; init; }

        public string? MergedInto { get; init; }
    }
}
