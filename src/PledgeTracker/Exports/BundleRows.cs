using System.Text.Json.Serialization;

namespace PledgeTracker.Exports;

/// <summary>The rows of a bundle, as they stand in the tables of the same names (db/README.md): amounts in minor units, what is derived left out.</summary>
internal static class BundleRows
{
    public sealed record Redaction
    {
        public required long Seq { get; init; }
        public required string Id { get; init; }
        public required string Entity { get; init; }
        public required string EntityId { get; init; }
        public string? ReasonEn { get; init; }
        public string? ReasonAr { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required string RecordedBy { get; init; }
    }

    public sealed record Organization
    {
        public required string Id { get; init; }
        public string? NameEn { get; init; }
        public string? NameAr { get; init; }
        public required string Type { get; init; }
        public string? Country { get; init; }
        public string? DescriptionEn { get; init; }
        public string? DescriptionAr { get; init; }
        public string? Website { get; init; }
        public string? MergedInto { get; init; }
        public required long Version { get; init; }
        [JsonConverter(typeof(StoredJson))]
        public required string Aliases { get; init; }
        public long? RedactedBy { get; init; }
    }

    public sealed record Fund
    {
        public required string Id { get; init; }
        public string? NameEn { get; init; }
        public string? NameAr { get; init; }
        public required string Kind { get; init; }
        public string? DescriptionEn { get; init; }
        public string? DescriptionAr { get; init; }
        public string? ParentId { get; init; }
        public string? AdministratorId { get; init; }
        [JsonConverter(typeof(StoredJson))]
        public required string Countries { get; init; }
        public string? Website { get; init; }
        public required long Version { get; init; }
        [JsonConverter(typeof(StoredJson))]
        public required string Aliases { get; init; }
        public long? RedactedBy { get; init; }
    }

    public sealed record Event
    {
        public required string Id { get; init; }
        public string? NameEn { get; init; }
        public string? NameAr { get; init; }
        public required DateOnly StartsOn { get; init; }
        public DateOnly? EndsOn { get; init; }
        public string? PlaceEn { get; init; }
        public string? PlaceAr { get; init; }
        public string? Country { get; init; }
        public string? DescriptionEn { get; init; }
        public string? DescriptionAr { get; init; }
        public long? ReportedMinor { get; init; }
        public string? ReportedCurrency { get; init; }
        public string? ReportedQualifier { get; init; }
        public required long Version { get; init; }
        public string? PrecededBy { get; init; }
        public long? RedactedBy { get; init; }
    }

    public sealed record Source
    {
        public required string Id { get; init; }
        public string? TitleEn { get; init; }
        public string? TitleAr { get; init; }
        public string? PublisherEn { get; init; }
        public string? PublisherAr { get; init; }
        public string? Url { get; init; }
        public required string Language { get; init; }
        public required DateOnly PublishedOn { get; init; }
        public required string DateQualifier { get; init; }
        public required string Reliability { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public required long Version { get; init; }
        public long? RedactedBy { get; init; }
    }

    public sealed record Country
    {
        public required string Code { get; init; }
        [JsonConverter(typeof(StoredJson))]
        public required string Aliases { get; init; }
        public required long Version { get; init; }
    }

    public sealed record ExchangeRate
    {
        public required long No { get; init; }
        public required string Currency { get; init; }
        public required DateOnly Date { get; init; }
        public required long UsdPico { get; init; }
        public required string Provider { get; init; }
        public string? Url { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required string RecordedBy { get; init; }
    }

    public sealed record Pledge
    {
        public required long No { get; init; }
        public required string Id { get; init; }
        public required string Origin { get; init; }
        public string? FundId { get; init; }
        public string? RecipientId { get; init; }
        public string? EventId { get; init; }
        public required string Instrument { get; init; }
        public string? Currency { get; init; }
        public required string Qualifier { get; init; }
        public required bool Shared { get; init; }
        public required DateOnly AnnouncedOn { get; init; }
        public required string DatePrecision { get; init; }
        public DateOnly? DueOn { get; init; }
        [JsonConverter(typeof(StoredJson))]
        public required string Instalments { get; init; }
        [JsonConverter(typeof(StoredJson))]
        public required string Countries { get; init; }
        [JsonConverter(typeof(StoredJson))]
        public required string Sectors { get; init; }
        [JsonConverter(typeof(StoredJson))]
        public required string UsageYears { get; init; }
        public string? Earmarking { get; init; }
        public string? DescriptionEn { get; init; }
        public string? DescriptionAr { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public long? RestatesNo { get; init; }
        public long? PassedOnFromNo { get; init; }
        public long? ReclassifiesNo { get; init; }
        public string? ExternalSystem { get; init; }
        public string? ExternalId { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required string RecordedBy { get; init; }
        public required long Version { get; init; }
        [JsonConverter(typeof(StoredJson))]
        public required string Shares { get; init; }
        public long? RedactedBy { get; init; }
    }

    public sealed record LedgerEntry
    {
        public required long No { get; init; }
        public required string Id { get; init; }
        public required long PledgeNo { get; init; }
        public required string DonorId { get; init; }
        public required string Kind { get; init; }
        public required long AmountMinor { get; init; }
        public required string Currency { get; init; }
        public required long UsdMinor { get; init; }
        public required string UsdBasis { get; init; }
        public long? RateNo { get; init; }
        public required string Qualifier { get; init; }
        public required DateOnly ValueDate { get; init; }
        public required string DatePrecision { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required string RecordedBy { get; init; }
        public string? RecordedFor { get; init; }
        public string? PaidBy { get; init; }
        public long? ReversesNo { get; init; }
        public string? Reference { get; init; }
        public string? ExternalId { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public long? SettlesMinor { get; init; }
        public DateOnly? CountsFrom { get; init; }
        public string? Reason { get; init; }
        public string? Adjusts { get; init; }
        public string? UsdQualifier { get; init; }
        public string? ExternalSystem { get; init; }
        public long? ReplacesNo { get; init; }
        public long? RedactedBy { get; init; }
    }

    public sealed record Contribution
    {
        public required long EntryNo { get; init; }
        public required long Version { get; init; }
    }

    public sealed record Requirement
    {
        public required long No { get; init; }
        public required string Id { get; init; }
        public required string FundId { get; init; }
        public required string Kind { get; init; }
        public DateOnly? PeriodStart { get; init; }
        public DateOnly? PeriodEnd { get; init; }
        public required long AmountMinor { get; init; }
        public required string Currency { get; init; }
        public required long UsdMinor { get; init; }
        public required string UsdBasis { get; init; }
        public long? RateNo { get; init; }
        public required string Qualifier { get; init; }
        public required DateOnly StatedOn { get; init; }
        public string? StatedByEn { get; init; }
        public string? StatedByAr { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required string RecordedBy { get; init; }
        public required long Version { get; init; }
        public required string DatePrecision { get; init; }
        public long? RedactedBy { get; init; }
    }

    public sealed record Shortfall
    {
        public required long No { get; init; }
        public required string Id { get; init; }
        public required string FundId { get; init; }
        public DateOnly? PeriodStart { get; init; }
        public DateOnly? PeriodEnd { get; init; }
        public required long AmountMinor { get; init; }
        public required string Currency { get; init; }
        public required long UsdMinor { get; init; }
        public required string UsdBasis { get; init; }
        public long? RateNo { get; init; }
        public required string Qualifier { get; init; }
        public required DateOnly StatedOn { get; init; }
        public required string DatePrecision { get; init; }
        public string? StatedByEn { get; init; }
        public string? StatedByAr { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required string RecordedBy { get; init; }
        public required long Version { get; init; }
        public long? RedactedBy { get; init; }
    }

    public sealed record Indicator
    {
        public required long No { get; init; }
        public required string Id { get; init; }
        public required string Measure { get; init; }
        public string? NameEn { get; init; }
        public string? NameAr { get; init; }
        public required string Value { get; init; }
        public required string Unit { get; init; }
        public required string Qualifier { get; init; }
        public required DateOnly Date { get; init; }
        public required string DatePrecision { get; init; }
        public string? FundId { get; init; }
        public string? Country { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required string RecordedBy { get; init; }
        public required long Version { get; init; }
        public long? RedactedBy { get; init; }
        public string? UnitNameEn { get; init; }
        public string? UnitNameAr { get; init; }
    }

    public sealed record Citation
    {
        public required long No { get; init; }
        public required string SourceId { get; init; }
        public long? PledgeNo { get; init; }
        public long? EntryNo { get; init; }
        public long? ShortfallNo { get; init; }
        public long? RequirementNo { get; init; }
        public long? IndicatorNo { get; init; }
        public string? EventId { get; init; }
        public string? Quote { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
    }

    public sealed record Verification
    {
        public required long No { get; init; }
        public required long EntryNo { get; init; }
        public required string State { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required string RecordedBy { get; init; }
        public long? RedactedBy { get; init; }
    }

    public sealed record Confirmation
    {
        public required long No { get; init; }
        public required long EntryNo { get; init; }
        public required string OrganizationId { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required string RecordedBy { get; init; }
        public long? RedactedBy { get; init; }
    }

    public sealed record Change
    {
        public required long Seq { get; init; }
        public required DateTimeOffset At { get; init; }
        public required string Actor { get; init; }
        public required string Entity { get; init; }
        public required string EntityId { get; init; }
        public string? PledgeId { get; init; }
        [JsonConverter(typeof(StoredJson))]
        public required string Body { get; init; }
        public required byte[] Hash { get; init; }
        public long? RedactedBy { get; init; }
        public byte[]? BodyHash { get; init; }
        public long? LastEntry { get; init; }
    }

    public sealed record Flow
    {
        public required string Dataset { get; init; }
        public required string ExternalId { get; init; }
        public required string Status { get; init; }
        public required string Boundary { get; init; }
        public required string OnBoundary { get; init; }
        public required long AmountUsd { get; init; }
        public string? ParentId { get; init; }
        [JsonConverter(typeof(StoredJson))]
        public required string Content { get; init; }
        public long? PledgeNo { get; init; }
        public string? SourceState { get; init; }
        public DateOnly? SourceStateSince { get; init; }
        public required long Version { get; init; }
    }

    public sealed record FtsNumber
    {
        public required string Kind { get; init; }
        public required long Number { get; init; }
        public required string Name { get; init; }
    }

    public sealed record ChangeAbout
    {
        public required string Kind { get; init; }
        public required string Id { get; init; }
        public required long Seq { get; init; }
    }

    public sealed record Recorder
    {
        public required string Id { get; init; }
        public required string OrganizationId { get; init; }
    }
}
