using System.Text.Json;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Pledges;

/// <summary>A header about to be written: of a promise, or of a direct contribution.</summary>
internal sealed record NewHeader
{
    public required string Id { get; init; }

    public required string Origin { get; init; }

    public required DateOnly AnnouncedOn { get; init; }

    public string? FundId { get; init; }

    public string? RecipientId { get; init; }

    public string? EventId { get; init; }

    public string? Instrument { get; init; }

    public string? Currency { get; init; }

    public string? Qualifier { get; init; }

    public bool Shared { get; init; }

    public string? DatePrecision { get; init; }

    public DateOnly? DueOn { get; init; }

    public IReadOnlyList<StoredInstalment> Instalments { get; init; } = [];

    public IReadOnlyList<string> Countries { get; init; } = [];

    public IReadOnlyList<string> Sectors { get; init; } = [];

    public IReadOnlyList<int> UsageYears { get; init; } = [];

    public string? Earmarking { get; init; }

    public LocalizedText? Description { get; init; }

    public LocalizedText? Note { get; init; }

    public long? RestatesNo { get; init; }

    public long? PassedOnFromNo { get; init; }

    public long? ReclassifiesNo { get; init; }

    public string? ExternalSystem { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>Writes the header and opens it for its first entries.</summary>
    public Posting Insert(Write write, Actor actor)
    {
        var countries = Countries.Order(StringComparer.Ordinal).ToArray();
        var instalments = JsonSerializer.Serialize(Instalments);
        var no = write.Insert("""
            INSERT INTO pledge (id, origin, fund_id, recipient_id, event_id, instrument, currency, qualifier, shared, announced_on, date_precision, due_on,
                instalments, countries, sectors, usage_years, earmarking, description_en, description_ar, note_en, note_ar, restates_no, passed_on_from_no,
                reclassifies_no, external_system, external_id, recorded_at, recorded_by, version)
            VALUES (@id, @origin, @fund, @recipient, @event, @instrument, @currency, @qualifier, @shared, @announcedOn, @precision, @dueOn,
                @instalments, @countries, @sectors, @years, @earmarking, @descriptionEn, @descriptionAr, @noteEn, @noteAr, @restates, @passedOnFrom,
                @reclassifies, @externalSystem, @externalId, @at, @by, 0)
            """,
            ("@id", Id), ("@origin", Origin), ("@fund", FundId), ("@recipient", RecipientId), ("@event", EventId), ("@instrument", Instrument ?? "unspecified"),
            ("@currency", Currency), ("@qualifier", Qualifier ?? "exact"), ("@shared", Shared), ("@announcedOn", AnnouncedOn),
            ("@precision", DatePrecision ?? "day"), ("@dueOn", DueOn), ("@instalments", instalments),
            ("@countries", JsonSerializer.Serialize(countries)), ("@sectors", JsonSerializer.Serialize(Sectors)), ("@years", JsonSerializer.Serialize(UsageYears)),
            ("@earmarking", Earmarking), ("@descriptionEn", Description?.En), ("@descriptionAr", Description?.Ar), ("@noteEn", Note?.En), ("@noteAr", Note?.Ar),
            ("@restates", RestatesNo), ("@passedOnFrom", PassedOnFromNo), ("@reclassifies", ReclassifiesNo), ("@externalSystem", ExternalSystem),
            ("@externalId", ExternalId), ("@at", write.At), ("@by", actor.Id));
        foreach (var country in countries)
        {
            write.Execute("INSERT INTO pledge_country (country, pledge_no, origin, announced_on, pledged_usd) VALUES (@country, @no, @origin, @announcedOn, 0)",
                ("@country", country), ("@no", no), ("@origin", Origin), ("@announcedOn", AnnouncedOn));
        }

        IndexText(write, no, Description, Note);
        return Posting.Begin(write, new Header
        {
            No = no,
            Id = Id,
            Origin = Origin,
            FundId = FundId,
            EventId = EventId,
            RecipientId = RecipientId,
            Instrument = Instrument ?? "unspecified",
            Currency = Currency,
            AnnouncedOn = AnnouncedOn,
            DueOn = DueOn,
            Instalments = instalments,
            UsageYears = [.. UsageYears],
            Counted = RestatesNo is null && PassedOnFromNo is null,
        });
    }

    /// <summary>Makes the header's own texts findable by `q`.</summary>
    public static void IndexText(Write write, long no, LocalizedText? description, LocalizedText? note)
    {
        var text = SearchText.Fold(description?.En, description?.Ar, note?.En, note?.Ar);
        if (text.Length > 0)
        {
            write.Execute("INSERT INTO pledge_text (rowid, text) VALUES (@no, @text)", ("@no", no), ("@text", text));
        }
    }
}
