namespace PledgeTracker.Http;

/// <summary>For whom and when a record is shown.</summary>
public readonly record struct View(Language Language, DateOnly Today);
