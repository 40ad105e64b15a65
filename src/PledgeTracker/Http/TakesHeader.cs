namespace PledgeTracker.Http;

/// <summary>A header that only one operation takes, as endpoint metadata.</summary>
internal sealed record TakesHeader(string Name, string Description);
