using System.Globalization;
using PledgeTracker.Contributions;
using PledgeTracker.Donors;
using PledgeTracker.Events;
using PledgeTracker.Funds;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Sources;

namespace PledgeTracker.Benchmarks;

/// <summary>What the generated database consists of. Everything is drawn from one seed.</summary>
internal sealed class Mix(int pledges)
{
    /// <summary>Goes up with every change here, so that older databases are made anew.</summary>
    public const int Edition = 1;

    public const int Donors = 5000;
    public const int Recipients = 500;
    public const int FundCount = 2000;
    public const int EventCount = 150;
    public const int SourceCount = 3000;

    /// <summary>The mix in words, for the report.</summary>
    public static readonly string[] InWords =
    [
        $"{Donors} donors and {FundCount} funds (a fifth of them under another), {Recipients} recipients, {EventCount} events, {SourceCount} sources; " +
        "pledges per donor and per fund follow Zipf's law (exponents 1.0 and 0.7): the largest donor makes a ninth of all pledges, and larger ones",
        "15 years, 2011 to 2025, entered in order of announcement with delays of up to a year",
        "currencies: 60 % USD, 19 % EUR, 7 % GBP, 4 % JPY, 4 % SAR, 3 % KWD, 3 % SEK, with the US dollars given",
        "instruments: 62 % grants, 8 % loans, 8 % in kind, 9 % others, 13 % unspecified",
        "88 % name a fund, the others (and a tenth of those) a recipient; 30 % an event; 95 % one country, a tenth of these 2 to 5 shared ones",
        "3 % are joint pledges of 2 to 4 donors; 25 % have a due date, 3 % instalments; 85 % have a citation, a tenth of these two; " +
        "90 % have a description in English and Arabic",
        "half of the pledges have commitments or payments (1 to 4 entries); 4 % are revised, 4 % withdrawn or partly withdrawn; " +
        "for every 20 pledges one direct contribution that nobody had pledged",
        "1,500 requirements and 800 reported shortfalls",
    ];

    private static readonly DateOnly First = new(2011, 1, 1);
    private static readonly DateOnly Last = new(2025, 12, 31);

    private static readonly (string Code, double UsdForOne, int Weight)[] Currencies =
        [("USD", 1, 60), ("EUR", 1.12, 19), ("GBP", 1.3, 7), ("JPY", 0.0083, 4), ("SAR", 0.2666, 4), ("KWD", 3.28, 3), ("SEK", 0.105, 3)];

    private static readonly (string Word, int Weight)[] Instruments =
        [("grant", 62), ("unspecified", 13), ("loan", 8), ("in_kind", 8), ("investment", 3), ("credit_line", 2), ("guarantee", 2), ("mou", 2)];

    private static readonly string[] Countries =
    [
        "SYR", "IRQ", "YEM", "AFG", "SSD", "SOM", "ETH", "UKR", "LBN", "JOR", "PSE", "COD", "SDN", "HTI", "MLI", "NGA", "TUR", "BGD", "MMR", "CAF",
        "TCD", "NER", "BFA", "KEN", "UGA", "PAK", "COL", "VEN", "LBY", "EGY", "PHL", "NPL", "MOZ", "ZWE", "BDI", "CMR", "MDG", "MWI", "ZMB", "GTM",
    ];

    private static readonly (string En, string Ar)[] Works =
    [
        ("Emergency water supply", "إمدادات المياه الطارئة"), ("Rehabilitation of schools", "إعادة تأهيل المدارس"), ("Primary health care", "الرعاية الصحية الأولية"),
        ("Clearance of explosive hazards", "إزالة المخاطر المتفجرة"), ("Restoration of electricity grids", "إعادة شبكات الكهرباء"),
        ("Cash for work", "النقد مقابل العمل"), ("Food assistance to displaced families", "المساعدات الغذائية للأسر النازحة"),
        ("Reconstruction of housing", "إعادة بناء المساكن"), ("Support to local governance", "دعم الحكم المحلي"), ("Livelihoods and small enterprises", "سبل العيش والمشاريع الصغيرة"),
        ("Repair of bridges and roads", "إصلاح الجسور والطرق"), ("Vaccination of children", "تطعيم الأطفال"),
    ];

    private static readonly (string En, string Ar)[] Places =
    [
        ("Mosul", "الموصل"), ("Raqqa", "الرقة"), ("Ramadi", "الرمادي"), ("Fallujah", "الفلوجة"), ("Aleppo", "حلب"), ("Deir ez-Zor", "دير الزور"),
        ("Sinjar", "سنجار"), ("Tikrit", "تكريت"), ("Kirkuk", "كركوك"), ("Hasakah", "الحسكة"), ("Kobani", "عين العرب"), ("Homs", "حمص"),
        ("Idlib", "إدلب"), ("Aden", "عدن"), ("Taiz", "تعز"), ("Hodeidah", "الحديدة"), ("Sirte", "سرت"), ("Benghazi", "بنغازي"), ("Gaza", "غزة"), ("Hebron", "الخليل"),
    ];

    private static readonly string[] FundKinds = Words.FundKinds;
    private static readonly string[] Sectors = ["15220", "14030", "11220", "12220", "15250", "16020", "52010", "16040", "15112", "21020"];
    private static readonly string[] DonorTypes = ["10", "10", "10", "11", "15", "21", "22", "23", "30", "40", "60", "70", "80", "90"];

    private readonly Random _random = new(1);
    private readonly Zipf _donors = new(Donors, 1.0);
    private readonly Zipf _funds = new(FundCount, 0.7);
    private readonly Zipf _countries = new(Countries.Length, 0.8);

    /// <summary>Words that occur in the descriptions, for searches.</summary>
    public static IEnumerable<string> Searches =>
        Works.SelectMany(w => Places.SelectMany(p => new[] { $"{w.En.Split(' ')[^1]} {p.En}", $"{w.Ar.Split(' ')[0]} {p.Ar}" }));

    public static IReadOnlyList<string> AllCountries => Countries;

    public IEnumerable<CreateOrganization.Request> Organizations()
    {
        for (var i = 0; i < Donors; i++)
        {
            yield return new(Donor(i), new($"Donor number {i + 1}", $"الجهة المانحة رقم {i + 1}"), Pick(DonorTypes), _random.Next(4) == 0 ? null : Pick(Countries));
        }

        for (var i = 0; i < Recipients; i++)
        {
            yield return new(Recipient(i), new($"Recipient number {i + 1}", $"الجهة المستفيدة رقم {i + 1}"), Pick(DonorTypes), Pick(Countries));
        }
    }

    public IEnumerable<CreateSource.Request> Sources()
    {
        for (var i = 0; i < SourceCount; i++)
        {
            yield return new(Source(i), new($"Press note {i + 1} on pledges and payments", $"البيان الصحفي رقم {i + 1} عن التعهدات والمدفوعات"),
                new("A ministry", "وزارة"), $"https://example.org/notes/{i + 1}", _random.Next(3) == 0 ? "ar" : "en", AnyDay(), Reliability: "primary");
        }
    }

    public static CreateSource.Request Seal(string id) => new(id, new("The generated mix is complete"), Language: "en", PublishedOn: Last, Reliability: "primary");

    public IEnumerable<CreateFund.Request> Funds()
    {
        for (var i = 0; i < FundCount; i++)
        {
            var place = Pick(Places);
            var parent = i >= 50 && i % 5 == 0 ? Fund(_random.Next(50)) : null;
            yield return new(Fund(i), new($"{place.En} facility {i + 1}", $"صندوق {place.Ar} رقم {i + 1}"), Pick(FundKinds), ParentId: parent,
                AdministratorId: Recipient(_random.Next(Recipients)), Countries: [Countries[_countries.Draw(_random)]]);
        }
    }

    public IEnumerable<CreateEvent.Request> Events()
    {
        for (var i = 0; i < EventCount; i++)
        {
            var place = Pick(Places);
            yield return new(Event(i), new($"Pledging conference {i + 1}", $"مؤتمر المانحين رقم {i + 1}"), EventDay(i), EventDay(i).AddDays(1),
                new(place.En, place.Ar), Pick(Countries));
        }
    }

    public IEnumerable<StateRequirement.Request> Requirements()
    {
        for (var i = 0; i < 1500; i++)
        {
            var year = 2012 + (i % 14);
            yield return new(Fund(i / 3), i % 3 == 2 ? "revised" : "original", Round(3e7 + (_random.NextDouble() * 4e8)), "USD",
                PeriodStart: new(year, 1, 1), PeriodEnd: new(year, 12, 31), StatedOn: new DateOnly(year, 1, 1).AddDays(_random.Next(200)), Citations: [Cite()]);
        }
    }

    public IEnumerable<ReportShortfall.Request> Shortfalls()
    {
        for (var i = 0; i < 800; i++)
        {
            var day = AnyDay();
            yield return new(Fund(i / 2), Round(1e7 + (_random.NextDouble() * 3e8)), "USD", Qualifier: _random.Next(3) == 0 ? "approximate" : null, StatedOn: day,
                StatedBy: new("A minister", "وزير"), PeriodStart: _random.Next(2) == 0 ? new(day.Year, 1, 1) : null,
                PeriodEnd: new(day.Year, 12, 31), Citations: [Cite()]);
        }
    }

    public IEnumerable<PledgeFacts> Pledges()
    {
        for (var i = 0; i < pledges; i++)
        {
            yield return Pledge(i) with { Direct = i % 20 == 0 ? Direct() : null };
        }
    }

    private PledgeFacts Pledge(int i)
    {
        var day = First.AddDays(Math.Max(0, (int)((Last.DayNumber - First.DayNumber) * ((double)i / pledges)) - _random.Next(365)));
        string? @event = null;
        if (Chance(30))
        {
            var number = Math.Max(0, EventBefore(day));
            (@event, day) = (Event(number), EventDay(number));
        }

        var (currency, usdForOne) = Currency();
        var shares = Enumerable.Range(0, Chance(3) ? _random.Next(2, 5) : 1).Select(_ => _donors.Draw(_random)).Distinct()
            .Select(donor => Share(donor, currency, usdForOne)).ToList();
        var total = shares.Sum(s => s.Amount!.Value);
        var fund = Chance(88) ? Fund(_funds.Draw(_random)) : null;
        var countries = DestinationCountries();
        var work = Pick(Works);
        var place = Pick(Places);
        var due = Chance(25) ? day.AddDays(_random.Next(180, 1500)) : (DateOnly?)null;
        var pledge = new RecordPledge.Request(
            shares, currency, Chance(20) ? "approximate" : null, day, Chance(10) ? "month" : null, fund,
            fund is null || Chance(10) ? Recipient(_random.Next(Recipients)) : null, @event, Instrument(), countries, countries.Length > 1 ? true : null,
            Chance(60) ? [Pick(Sectors)] : null, Chance(50) ? [day.Year, day.Year + 1] : null, Chance(60) ? Pick(Words.Earmarkings) : null, due,
            Chance(3) ? [new(day.AddDays(200), Round((double)total / 2)), new(day.AddDays(500), Round((double)total / 3))] : null,
            Chance(90) ? new($"{work.En} in {place.En}, phase {_random.Next(1, 6)}", $"{work.Ar} في {place.Ar}، المرحلة {_random.Next(1, 6)}") : null,
            Citations: Chance(85) ? Chance(10) ? [Cite(), Cite()] : [Cite()] : null);

        var line = shares[0];
        var donor = shares.Count > 1 ? line.DonorId : null;
        var outstanding = line.Amount!.Value;
        RevisePledge.Request? revision = null;
        if (Chance(4))
        {
            var change = Round((double)outstanding * (0.1 + (_random.NextDouble() * 0.3)));
            revision = new(Chance(50) ? change : -change, Later(day, 200), donor);
            outstanding += revision.Change!.Value;
        }

        var contributions = new List<RecordContribution.Request>();
        if (Chance(50))
        {
            var signed = Later(day, 200);
            if (Chance(50))
            {
                contributions.Add(Give("commitment", donor, Chance(70) ? outstanding : Round((double)outstanding / 2), currency, usdForOne, signed));
            }

            var payments = contributions.Count == 0 ? _random.Next(1, 4) : _random.Next(0, 4);
            var each = payments == 0 ? 0 : Round((double)outstanding / payments * (Chance(60) ? 1 : 0.6));
            for (var p = 0; p < payments && each > 0 && each <= outstanding; p++)
            {
                signed = Later(signed, 300);
                contributions.Add(Give("payment", donor, each, currency, usdForOne, signed));
                outstanding -= each;
            }
        }

        var withdrawal = Chance(4) && outstanding > 10
            ? new WithdrawPledge.Request(Chance(60) ? outstanding : Round((double)outstanding / 2), Later(day, 900), donor)
            : null;
        return new PledgeFacts(pledge) { Revision = revision, Contributions = contributions, Withdrawal = withdrawal };
    }

    private RecordContribution.Request Direct()
    {
        var (currency, usdForOne) = Currency();
        var donor = _donors.Draw(_random);
        var share = Share(donor, currency, usdForOne);
        return Give(Chance(80) ? "payment" : "commitment", share.DonorId, share.Amount!.Value, currency, usdForOne, AnyDay()) with
        {
            FundId = Fund(_funds.Draw(_random)),
            Instrument = Instrument(),
            Countries = DestinationCountries(),
        };
    }

    private RecordContribution.Request Give(string stage, string? donor, decimal amount, string currency, double usdForOne, DateOnly day) => new(
        DonorId: donor, Stage: stage, Amount: amount, Currency: currency, AmountUsd: Usd(amount, currency, usdForOne), Date: day,
        Reference: Chance(40) ? string.Create(CultureInfo.InvariantCulture, $"TR-{_random.Next(1_000_000):D6}") : null, Citations: Chance(30) ? [Cite()] : null);

    private RecordPledge.DonorShare Share(int donor, string currency, double usdForOne)
    {
        // Log-normal around two million dollars; the first donors give more each time, too.
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        var usd = Math.Min(5e9, Math.Exp(14.5 + (1.5 * normal)) * (1 + (10.0 / (donor + 1))));
        var amount = Round(usd / usdForOne);
        return new(Donor(donor), amount, Usd(amount, currency, usdForOne));
    }

    // Rates wander by some percent.
    private decimal? Usd(decimal amount, string currency, double usdForOne) =>
        currency == "USD" ? null : Math.Max(0.01m, Math.Round(amount * (decimal)(usdForOne * (0.95 + (_random.NextDouble() * 0.1))), 2));

    private string[] DestinationCountries() =>
        !Chance(95) ? [] : Enumerable.Range(0, Chance(10) ? _random.Next(2, 6) : 1).Select(_ => Countries[_countries.Draw(_random)]).Distinct().ToArray();

    private CitationRequest Cite() => new(Source(_random.Next(SourceCount)), Chance(70) ? "The minister announced a new contribution to stabilization." : null);

    private (string Code, double UsdForOne) Currency()
    {
        var at = _random.Next(100);
        foreach (var (code, usdForOne, weight) in Currencies)
        {
            if ((at -= weight) < 0)
            {
                return (code, usdForOne);
            }
        }

        throw new InvalidOperationException("The weights come to less than 100.");
    }

    private string Instrument()
    {
        var at = _random.Next(100);
        return Instruments.First(i => (at -= i.Weight) < 0).Word;
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private DateOnly AnyDay() => First.AddDays(_random.Next(Last.DayNumber - First.DayNumber));

    private DateOnly Later(DateOnly day, int within)
    {
        var later = day.AddDays(_random.Next(within));
        return later < Last ? later : Last;
    }

    // Two figures that count, and whole units: valid in every currency.
    private static decimal Round(double amount)
    {
        var scale = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, amount))) - 1));
        return (decimal)Math.Max(1, Math.Round(Math.Round(amount / scale) * scale));
    }

    private static DateOnly EventDay(int i) => First.AddDays(30 + (i * 36));

    private static int EventBefore(DateOnly day) => Math.Min(EventCount - 1, (day.DayNumber - First.DayNumber - 30) / 36);

    internal static string Donor(int i) => $"donor-{i + 1}";

    internal static string Fund(int i) => $"fund-{i + 1}";

    private static string Recipient(int i) => $"recipient-{i + 1}";

    private static string Event(int i) => $"conference-{i + 1}";

    private static string Source(int i) => $"note-{i + 1}";

    /// <summary>Ranks drawn so that the n-th is chosen n^exponent times less often than the first.</summary>
    private sealed class Zipf
    {
        private readonly double[] _cumulative;

        public Zipf(int count, double exponent)
        {
            _cumulative = new double[count];
            var sum = 0.0;
            for (var i = 0; i < count; i++)
            {
                _cumulative[i] = sum += Math.Pow(i + 1, -exponent);
            }
        }

        public int Draw(Random random)
        {
            var at = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
            return Math.Min(at < 0 ? ~at : at, _cumulative.Length - 1);
        }
    }
}
