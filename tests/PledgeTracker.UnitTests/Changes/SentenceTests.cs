using System.Text.Json;
using PledgeTracker.Changes;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Changes;

public sealed class SentenceTests
{
    [Theory]
    [InlineData(typeof(Organizations.CreateOrganization.Request))]
    [InlineData(typeof(Funds.CreateFund.Request))]
    [InlineData(typeof(Events.CreateEvent.Request))]
    [InlineData(typeof(Sources.CreateSource.Request))]
    [InlineData(typeof(Pledges.AmendPledge.Document))]
    public void Whatever_can_be_amended_is_called_something_in_both_languages(Type shape)
    {
        var members = shape.GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Except(["id", "citations"]).ToList();
        Assert.NotEmpty(members);
        Assert.All(members, member => Assert.True(Sentence.Members.TryGetValue(member, out var words) && words is { En.Length: > 0, Ar.Length: > 0 }, member));
    }

    [Fact]
    public void Whatever_is_reclassified_and_every_instrument_is_called_something_in_both_languages()
    {
        Assert.Equal(typeof(Pledges.ReclassifyPledge.Classification).GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Order(), Sentence.Classified.Keys.Order());
        Assert.Equal(Vocabulary.Instruments.Order(), Labels.Instruments.Keys.Order());
        Assert.All(Sentence.Classified.Values.Concat(Labels.Instruments.Values), words => Assert.True(words is { En.Length: > 0, Ar.Length: > 0 }));
    }
}
