using PledgeTracker.Summaries;

namespace PledgeTracker.Organizations;

/// <summary>What a donor promised and what became of it.</summary>
public sealed record DonorRecord
{
    public required Ref Donor { get; init; }

    /// <summary>The day as of which it stands; today where none was asked for.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>Over all years.</summary>
    public required DonorMoney Total { get; init; }

    /// <summary>By the year of announcement, the earliest first; contributions that nobody had pledged stand in that of their first entry.</summary>
    public required IReadOnlyList<DonorMoney> Years { get; init; }

    /// <summary>What this donor paid on promises of groups that it is a member of, in US dollars. It stands in the groups' figures and in none of these.</summary>
    public required decimal PaidForGroups { get; init; }

    /// <summary>By which rules it was made.</summary>
    public required SummaryBasis Basis { get; init; }
}

/// <summary>The money of a donor, of one year or of all.</summary>
public sealed record DonorMoney
{
    /// <summary>Null over all years.</summary>
    /// <example>2018</example>
    public required int? Year { get; init; }

    /// <summary>How many pledges, or contributions that nobody had pledged.</summary>
    public required int Pledges { get; init; }

    /// <summary>Pledged against paid, by stage, and withdrawn, by reason.</summary>
    public required TotalSet Figures { get; init; }

    /// <inheritdoc cref="SummaryTotal.ByInstrument"/>
    public required IReadOnlyList<InstrumentFigures> ByInstrument { get; init; }

    /// <summary>Those that were asked for, of this money alone.</summary>
    public required MeasureSet Measures { get; init; }

    public required OverdueMoney Overdue { get; init; }
}

/// <summary>Promises of which a due date has passed and more is outstanding than the later instalments will bring.</summary>
/// <param name="Pledges">How many of them this donor has not paid in full.</param>
/// <param name="Outstanding">All that is outstanding of this donor's part of them, in US dollars.</param>
public sealed record OverdueMoney(int Pledges, decimal Outstanding);
