using System.Globalization;

namespace PledgeTracker.Changes;

/// <summary>One change, with all that was sent.</summary>
public sealed class GetChange : Reads<GetChange.Request, WholeChange>
{
    /// <param name="Sequence" example="1">The change's sequence.</param>
    public sealed record Request(string Sequence) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/changes/{sequence}");
        Tells("Changes", "One change", "With what was sent and what was there before, as it is stored.", 404);
    }

    protected override async Task<WholeChange> ReadAsync(Request request, View view)
    {
        var row = long.TryParse(request.Sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? await view.Sql.QueryFirstOrDefaultAsync<ChangeRow>($"{ChangeRow.Select()} WHERE c.seq = @sequence", new { sequence }) : null;
        return row is null ? throw Refused.Missing($"There is no change {request.Sequence}.", $"لا يوجد تغيير رقمه {request.Sequence}.")
            : new((await ChangeRow.ShowAsync(view, [row], Reader))[0], row.Content.Before, row.Content.After);
    }
}
