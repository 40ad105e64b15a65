using System.Text.Json;
using PledgeTracker.Changes;

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
}
