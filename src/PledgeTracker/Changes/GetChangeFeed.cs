using System.Security.Cryptography;
using System.ServiceModel.Syndication;
using System.Text;
using System.Xml;

namespace PledgeTracker.Changes;

/// <summary>The last changes as a feed (RFC 4287).</summary>
public sealed class GetChangeFeed : Reads<GetChangeFeed.Request, string>
{
    /// <param name="Donor">Only changes about these donors: of their pledges, of their own entries, of what is said of themselves. For example `deu`.</param>
    /// <param name="Fund">Only changes about these funds: of what is given to them, of what they need and lack, of what is said of themselves. For example `undp-ffs`.</param>
    /// <param name="Event">Only changes about these events and what was announced there. For example `kuwait-conference-2018`.</param>
    public sealed record Request(IReadOnlyList<string>? Donor = null, IReadOnlyList<string>? Fund = null, IReadOnlyList<string>? Event = null) : ReadRequest;

    public sealed class Rules : ReadRules<Request>
    {
        public Rules()
        {
            this.ForAnyOf(r => r.Donor).IsSlug("deu");
            this.ForAnyOf(r => r.Fund).IsSlug("undp-ffs");
            this.ForAnyOf(r => r.Event).IsSlug("kuwait-conference-2018");
        }
    }

    private const int MostEntries = 100;

    private protected override Format Own => Format.Atom;

    public override void Configure()
    {
        Get("/v1/changes.atom");
        Tells("Changes", "Feed of changes", $"Atom (RFC 4287): the last {MostEntries} changes, the newest first, each with the sentence of `/v1/changes` as its title and a link to `/v1/changes/{{sequence}}`. An entry's `id` is made of " +
            "the change's hash and stays the same wherever the data is served; `updated` is when it was made, or when free text in it was redacted. `lang=ar` is for readers that send no `Accept-Language`. " +
            "Several values of a filter are joined by commas and mean any of them.");
    }

    protected override async Task<string> ReadAsync(Request request, View view)
    {
        var donors = await References.SurvivorsAsync(view, request.Donor);
        var (from, seq, filter) = ChangeRow.WalkAbout(view.Engine, donors, request.Fund, request.Event);
        var rows = (await view.Sql.QueryAsync<ChangeRow>($"{ChangeRow.Select(from)} {filter.Sql} ORDER BY {seq} DESC LIMIT {MostEntries}", filter.Parameters)).AsList();
        var changes = await ChangeRow.ShowAsync(view, rows, Reader);
        var list = changes.Select(change => change.RedactedBy).OfType<long>().Distinct().ToList();
        var redacted = (list.Count == 0 ? [] : await view.Sql.QueryAsync<(long Seq, DateTimeOffset At)>($"SELECT c.seq, c.at FROM change c WHERE {view.Engine.AnyOf("c.seq", "@list")}", new { list }))
            .ToDictionary(change => change.Seq, change => change.At);
        var names = await Names.OfAsync(view, donors ?? [], request.Fund ?? [], request.Event ?? [], []);
        // The data is named by its first change: no two begin alike.
        var first = await view.Sql.ExecuteScalarAsync<byte[]?>("SELECT c.hash FROM change c WHERE c.seq = 1");

        var feed = new SyndicationFeed
        {
            Id = Urn(SHA256.HashData([.. first ?? [], .. Encoding.UTF8.GetBytes(string.Join('\n', Reader.Language.Code(), Listed(donors), Listed(request.Fund), Listed(request.Event)))])),
            Title = Text(In(names.Title(new("Changes", "التغييرات"), donors, request.Fund, request.Event))),
            Language = Reader.Language.Code(),
            Generator = "PledgeTracker",
            Authors = { new SyndicationPerson { Name = "PledgeTracker" } },
            Links = { SyndicationLink.CreateSelfLink(Pipeline.Whole(HttpContext, $"/v1/changes.atom{HttpContext.Request.QueryString}"), Own.MediaType) },
            Items = [.. changes.Select(change => new SyndicationItem
            {
                Id = Urn(Convert.FromHexString(change.Hash)),
                Title = Text(In(change.Text)),
                PublishDate = change.At,
                LastUpdatedTime = change.RedactedBy is { } by ? redacted[by] : change.At,
                Authors = { new SyndicationPerson { Name = Words.Text.InXml(change.ActorName ?? change.Actor) } },
                Links = { SyndicationLink.CreateAlternateLink(Pipeline.Whole(HttpContext, $"/v1/changes/{change.Sequence}"), Format.Json.MediaType) },
                Categories =
                {
                    new SyndicationCategory(change.Entity, null, In(Labels.Entities[change.Entity])),
                    new SyndicationCategory(change.Action, null, In(Labels.Actions[change.Action])),
                },
            })],
        };
        feed.LastUpdatedTime = feed.Items.Select(item => item.LastUpdatedTime).DefaultIfEmpty(view.Head.Sequence == 0 ? DateTimeOffset.UnixEpoch : view.Head.At).Max();
        using var written = new MemoryStream();
        await using (var xml = XmlWriter.Create(written, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true }))
        {
            feed.SaveAsAtom10(xml);
        }

        return Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length);
    }

    private string In(LocalizedText text) => text.In(Reader.Language)!;

    private static TextSyndicationContent Text(string text) => new(Words.Text.InXml(text));

    private static string Listed(IReadOnlyList<string>? ids) => string.Join(',', (ids ?? []).Distinct().Order(StringComparer.Ordinal));

    /// <summary>A hash as a UUID of version 8 (RFC 9562 §5.8).</summary>
    private static string Urn(byte[] hash)
    {
        var bytes = hash[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return $"urn:uuid:{new Guid(bytes, bigEndian: true)}";
    }
}
