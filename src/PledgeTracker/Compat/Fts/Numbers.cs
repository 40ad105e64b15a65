using System.Globalization;
using PledgeTracker.Imports.Fts;

namespace PledgeTracker.Compat.Fts;

/// <summary>
/// The whole numbers by which clients of the Financial Tracking Service know places and plans. Its own where it has one, as imports told it; else one of ours, which never changes: of a place made of its
/// code, of a fund made of the change that entered it. No two have the same: what that service numbers lies below ours.
/// </summary>
internal sealed class Numbers
{
    private const int OfPlaces = 100_000, OfFunds = 1_000_000;

    // What that service calls those that this began with.
    private static readonly Dictionary<string, long> Known = new()
    {
        ["AFG"] = 1,
        ["EGY"] = 66,
        ["IRQ"] = 106,
        ["JOR"] = 114,
        ["LBN"] = 124,
        ["PSE"] = 171,
        ["CHE"] = 217,
        ["SYR"] = 218,
        ["TUR"] = 229,
    };

    private readonly ILookup<long, (string Kind, string Name)> _told;
    private readonly Dictionary<string, long> _places;
    private readonly Dictionary<string, long> _emergencies;
    private readonly Dictionary<string, long> _funds;

    private Numbers(List<(string Kind, long Number, string Name)> told, Dictionary<string, long> funds)
    {
        _told = told.ToLookup(number => number.Number, number => (number.Kind, number.Name));
        (_places, _emergencies) = (Named("location"), Named("emergency"));
        _funds = funds;

        // Of what was told under several the first.
        Dictionary<string, long> Named(string kind) => told.Where(number => number.Kind == kind).GroupBy(number => number.Name).ToDictionary(of => of.Key, of => of.Min(number => number.Number));
    }

    public static async Task<Numbers> OfAsync(Session session) => new(
        (await session.Sql.QueryAsync<(string, long, string)>("SELECT kind, number, name FROM fts_number")).AsList(),
        (await session.Sql.QueryAsync<(string, long)>("SELECT c.entity_id, CAST(min(c.seq) AS BIGINT) FROM change c WHERE c.entity = 'fund' GROUP BY c.entity_id")).ToDictionary());

    /// <summary>Of a country.</summary>
    /// <param name="code">ISO 3166-1 alpha-3.</param>
    public long OfPlace(string code) => Known.TryGetValue(code, out var known) ? known : _places.TryGetValue(code, out var told) ? told : OwnOf(code);

    /// <summary>The country of a number, whichever it is known by; null of one that stands for none.</summary>
    public string? PlaceOf(string number) => !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sent) ? null
        : Known.FirstOrDefault(place => place.Value == sent).Key ?? _told[sent].FirstOrDefault(told => told.Kind == "location").Name
        ?? Country.Names.Keys.FirstOrDefault(code => OwnOf(code) == sent);

    /// <summary>Of a fund, or of a plan that is none here since nothing came into it.</summary>
    public long OfFund(string id) => PlanIn(id) ?? (_funds.TryGetValue(id, out var entered) ? OfFunds + entered : 0);

    /// <summary>The fund of a number; of one that is none of ours that of the plan, whether or not there is one; null of what is neither.</summary>
    public string? FundOf(string number) => !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sent) ? null
        : sent < OfFunds ? FtsLedger.FundOf(sent.ToString(CultureInfo.InvariantCulture)) : _funds.FirstOrDefault(fund => PlanIn(fund.Key) is null && OfFunds + fund.Value == sent).Key;

    /// <summary>What an emergency is called there; null of a number that stands for none.</summary>
    public string? EmergencyOf(string number) =>
        long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sent) ? _told[sent].FirstOrDefault(told => told.Kind == "emergency").Name : null;

    /// <summary>Of an emergency, by what it is called there; null where nobody told it.</summary>
    public string? OfEmergency(string name) => _emergencies.TryGetValue(name, out var number) ? number.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>Of a year, as that service counts them.</summary>
    public static int OfYear(int year) => year - 1979;

    /// <summary>The year of such a number; null of one that stands for none.</summary>
    public static int? YearOf(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sent) && sent < 200 ? sent + 1979 : null;

    // AAA is 100,000 and ZZZ 117,575.
    private static long OwnOf(string code) => OfPlaces + (((code[0] - 'A') * 26) + (code[1] - 'A')) * 26 + (code[2] - 'A');

    // Null of a fund of ours that only looks like one of its plans.
    private static long? PlanIn(string fund) => long.TryParse(FtsLedger.PlanOf(fund), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < OfFunds
        && fund == FtsLedger.FundOf(number.ToString(CultureInfo.InvariantCulture)) ? number : null;
}
