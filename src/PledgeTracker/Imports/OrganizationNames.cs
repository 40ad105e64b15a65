using PledgeTracker.Organizations;

namespace PledgeTracker.Imports;

/// <summary>Whom the names of organizations in a file mean: what was sent along says it first.</summary>
internal sealed class OrganizationNames : KnownNames
{
    private readonly Dictionary<string, string> _sent = new(StringComparer.Ordinal);

    private OrganizationNames(Index names, IReadOnlyDictionary<string, string>? sent)
        : base(names)
    {
        foreach (var (name, id) in sent ?? new Dictionary<string, string>())
        {
            _sent[name] = id;
            _sent.TryAdd(SearchText.Fold(name), id);
        }
    }

    /// <summary>All names of today's organizations; those of one that was merged mean the one that stands for it.</summary>
    /// <param name="sent">The organizations that names of the file mean, by name: <see cref="Import.Organizations"/>.</param>
    public static async Task<OrganizationNames> LoadAsync(Session session, IReadOnlyDictionary<string, string>? sent = null) => new(await ReadAsync(session, "organization"), sent);

    public override IReadOnlyList<string> Find(string name) => base.Find(Sent(name) ?? name);

    /// <summary>The id that was sent along for a name; null where none was.</summary>
    public string? Sent(string name) => _sent.Count == 0 ? null : _sent.GetValueOrDefault(name) ?? (SearchText.Fold(name) is { Length: > 0 } folded ? _sent.GetValueOrDefault(folded) : null);

    /// <summary>Keeps what was sent along of a name that was used: it becomes another name of its organization, unless any is called so already: a name of two would name none. Who may not amend one keeps nothing.</summary>
    public async Task KeepAsync(Write write, string name)
    {
        if (Sent(name) is not null && write.By.Role >= Role.Editor && Find(name) is [var id] && base.Find(name).Count == 0)
        {
            await AmendOrganization.AddAliasAsync(write, id, name);
            Add(id, name);
        }
    }
}
