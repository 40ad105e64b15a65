using PledgeTracker.Summaries;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Words;

public sealed class LabelsTests
{
    [Fact]
    public void Every_closed_vocabulary_that_is_named_is_named_whole_and_in_its_order()
    {
        foreach (var (words, labels) in new[]
        {
            (Vocabulary.OrganizationTypes, Labels.OrganizationTypes), (Vocabulary.FundKinds, Labels.FundKinds), (Vocabulary.Instruments, Labels.Instruments), (Vocabulary.Statuses, Labels.Statuses),
            (Vocabulary.Origins, Labels.Origins), (Vocabulary.Earmarkings, Labels.Earmarkings), (Vocabulary.Kinds, Labels.Kinds), (Vocabulary.Stages, Labels.Stages),
            (Vocabulary.FigureQualifiers, Labels.Qualifiers), (Vocabulary.WithdrawalReasons, Labels.WithdrawalReasons), (Vocabulary.Verifications, Labels.Verifications),
            (Vocabulary.DatePrecisions, Labels.DatePrecisions), (Vocabulary.RequirementKinds, Labels.RequirementKinds), (Vocabulary.Reliabilities, Labels.Reliabilities),
            (Grouping.Words, Labels.GroupBy), (Vocabulary.Entities, Labels.Entities), (Vocabulary.Actions, Labels.Actions),
            (Vocabulary.RowKinds, Labels.RowKinds), (Vocabulary.Intervals, Labels.Intervals), (Vocabulary.Statements, Labels.Statements), (Measures.Words, Labels.Measures),
            (Vocabulary.AgeingBases, Labels.AgeingBases), (Vocabulary.ShortfallBases, Labels.ShortfallBases), (Vocabulary.Roles, Labels.Roles),
        })
        {
            Assert.Equal(words, labels.Keys);
        }
    }
}
