using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Shortfalls;

/// <summary>What a fund still lacks: as somebody reported it, or computed from a requirement.</summary>
public sealed record Shortfall<TText>
    where TText : class
{
    /// <summary>Of the statement; of a computed shortfall, the requirement's.</summary>
    public required string Id { get; init; }

    public required Ref Fund { get; init; }

    /// <summary>`reported`: somebody said so, on a day. `computed`: a requirement less all commitments to it.</summary>
    public required string Basis { get; init; }

    /// <summary>Null where the statement speaks of "now" or of "until" a day.</summary>
    public required DateOnly? PeriodStart { get; init; }

    public required DateOnly? PeriodEnd { get; init; }

    /// <summary>What was reported, in its own currency; computed ones in US dollars.</summary>
    public required decimal Amount { get; init; }

    /// <example>USD</example>
    public required string Currency { get; init; }

    public required decimal AmountUsd { get; init; }

    [OneOf(nameof(Words.Qualifiers))]
    public required string Qualifier { get; init; }

    public required DateOnly StatedOn { get; init; }

    [OneOf(nameof(Words.DatePrecisions))]
    public required string DatePrecision { get; init; }

    public required TText? StatedBy { get; init; }

    public required TText? Note { get; init; }

    /// <summary>No later statement about this fund speaks of the same time. Statements are never added up.</summary>
    public required bool Current { get; init; }

    /// <summary>The id of the next later statement that speaks of the same time.</summary>
    public required string? SupersededBy { get; init; }

    public required Coverage Coverage { get; init; }

    public required IReadOnlyList<Citation> Citations { get; init; }
}

/// <summary>
/// What has come in against a shortfall, in US dollars. For a reported shortfall, new money in its window: after the day of the statement, up
/// to the earlier of the period's end and the next statement. For a computed one, all the money for the requirement's period, whenever it came:
/// that of the pledges and direct contributions whose usage years (where none are named, the year of announcement or of the contribution) all
/// lie in the years of the period; where the requirement has no period, all there is. Restated pledges and money passed on count in neither.
/// </summary>
public sealed record Coverage
{
    /// <summary>The window has not ended.</summary>
    public required bool WindowOpen { get; init; }

    /// <summary>The last day of the window, or of what the requirement speaks of: the earlier of the period's end and the next statement; null while there is neither.</summary>
    public required DateOnly? WindowEnd { get; init; }

    /// <summary>Reported: pledges made in the window, net of their own revisions and withdrawals. Computed: all pledges for the period, net of the same.</summary>
    public required decimal PledgedSince { get; init; }

    /// <summary>Reported: commitments in the window, whatever they fulfil. Computed: all commitments for the period, those on pledges and those that nobody had pledged.</summary>
    public required decimal CommittedSince { get; init; }

    /// <summary>Reported: payments in the window, whatever they fulfil. Computed: all payments for the period.</summary>
    public required decimal PaidSince { get; init; }

    /// <summary>Reported: pledgedSince + the commitments in the window that nobody had pledged. Computed: committedSince, since promises do not meet a requirement until they bind.</summary>
    public required decimal Covered { get; init; }

    /// <summary>What is still missing; never below 0.</summary>
    public required decimal Remaining { get; init; }

    /// <summary>covered ÷ the amount, to six places; may exceed 1.</summary>
    public required decimal? CoveredShare { get; init; }

    /// <summary>Money in the same window for a programme above the fund. It is shown and never added: the sources do not say that it reaches this fund.</summary>
    public required IReadOnlyList<RelatedMoney> Related { get; init; }
}

/// <summary>Money for a programme above the fund, in US dollars.</summary>
public sealed record RelatedMoney
{
    public required Ref Fund { get; init; }

    public required decimal PledgedSince { get; init; }

    public required decimal CommittedSince { get; init; }

    public required decimal PaidSince { get; init; }
}

/// <summary>A reported shortfall, or a requirement that one is computed from.</summary>
internal sealed record ShortfallRow
{
    /// <summary>Reported shortfalls and computed ones as one table. `t` is a statement, in both branches, so a filter fits both.</summary>
    public static string Sql(string basis, string where)
    {
        var reported = $"""
            SELECT 'reported' AS basis, t.no, t.id AS id, t.fund_id, t.period_start, t.period_end, t.amount_minor, t.currency, t.usd_minor, t.qualifier, t.stated_on AS stated_on,
                   t.date_precision, t.stated_by_en, t.stated_by_ar, t.note_en, t.note_ar, t.version, n.id AS superseded_by, n.stated_on AS next_stated_on
            FROM shortfall t LEFT JOIN superseded x ON x.kind = 'shortfall' AND x.no = t.no LEFT JOIN shortfall n ON n.no = x.by_no {where}
            """;
        var computed = $"""
            SELECT 'computed' AS basis, t.no, t.id AS id, t.fund_id, t.period_start, t.period_end, t.amount_minor, t.currency, t.usd_minor, t.qualifier, t.stated_on AS stated_on,
                   'day' AS date_precision, t.stated_by_en, t.stated_by_ar, t.note_en, t.note_ar, t.version, n.id AS superseded_by, n.stated_on AS next_stated_on
            FROM requirement t LEFT JOIN superseded x ON x.kind = 'requirement' AND x.no = t.no LEFT JOIN requirement n ON n.no = x.by_no {where}
            """;
        return basis switch { "reported" => reported, "computed" => computed, _ => $"{reported}\nUNION ALL\n{computed}" };
    }

    public required string Basis { get; init; }

    public required long No { get; init; }

    public required string Id { get; init; }

    public required string FundId { get; init; }

    public DateOnly? PeriodStart { get; init; }

    public DateOnly? PeriodEnd { get; init; }

    public required long AmountMinor { get; init; }

    public required string Currency { get; init; }

    public required long UsdMinor { get; init; }

    public required string Qualifier { get; init; }

    public required DateOnly StatedOn { get; init; }

    public required string DatePrecision { get; init; }

    public string? StatedByEn { get; init; }

    public string? StatedByAr { get; init; }

    public string? NoteEn { get; init; }

    public string? NoteAr { get; init; }

    public required long Version { get; init; }

    public string? SupersededBy { get; init; }

    public DateOnly? NextStatedOn { get; init; }

    /// <summary>Shows rows as the API does, each with its coverage.</summary>
    public static List<Shortfall<TText>> Show<TText>(IQueries queries, IReadOnlyList<ShortfallRow> rows, View view, Texts<TText> texts)
        where TText : class
    {
        var names = Texts.In(view.Language);
        var cited = new[] { ("reported", Citations.OfShortfalls), ("computed", Citations.OfRequirements) }.ToDictionary(c => c.Item1, c =>
            Citations.Of(queries, c.Item2, $"[{string.Join(',', rows.Where(r => r.Basis == c.Item1).Select(r => r.No))}]", view.Language));
        return rows.Select(row =>
        {
            var fund = queries.First<FundName>("SELECT id, name_en, name_ar, parent_id FROM fund WHERE id = @id", ("@id", row.FundId))!;
            var coverage = row.Basis == "reported"
                ? CoverageRules.OfReported(queries, row, fund.ParentId, view)
                : CoverageRules.OfRequirement(queries, row, view.Today);
            var computed = row.Basis == "computed";
            return new Shortfall<TText>
            {
                Id = row.Id,
                Fund = new Ref(fund.Id, names(fund.NameEn, fund.NameAr)),
                Basis = row.Basis,
                PeriodStart = row.PeriodStart,
                PeriodEnd = row.PeriodEnd,
                Amount = computed ? coverage.Remaining : Ledger.Currency.Major(row.AmountMinor, row.Currency),
                Currency = computed ? "USD" : row.Currency,
                AmountUsd = computed ? coverage.Remaining : Ledger.Currency.Usd(row.UsdMinor),
                Qualifier = row.Qualifier,
                StatedOn = row.StatedOn,
                DatePrecision = row.DatePrecision,
                StatedBy = texts(row.StatedByEn, row.StatedByAr),
                Note = texts(row.NoteEn, row.NoteAr),
                Current = row.SupersededBy is null,
                SupersededBy = row.SupersededBy,
                Coverage = coverage,
                Citations = [.. cited[row.Basis][row.No]],
            };
        }).ToList();
    }

    private sealed record FundName
    {
        public required string Id { get; init; }

        public string? NameEn { get; init; }

        public string? NameAr { get; init; }

        public string? ParentId { get; init; }
    }
}
