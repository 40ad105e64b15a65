using System.Globalization;

namespace PledgeTracker.Benchmarks;

/// <summary>What the generated database consists of. Everything is drawn from one seed.</summary>
internal sealed class Mix(int pledges)
{
    public const int Donors = 5000;
    public const int Recipients = 500;
    public const int FundCount = 2000;
    public const int EventCount = 150;
    public const int SourceCount = 3000;
    private const int Parents = 50;

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

    // Villages are called by three of these: eight thousand names.
    private static readonly (string En, string Ar)[] Syllables =
    [
        ("ba", "با"), ("da", "دا"), ("ha", "حا"), ("ra", "را"), ("za", "زا"), ("sha", "شا"), ("ma", "ما"), ("na", "نا"), ("ka", "كا"), ("ja", "جا"),
        ("li", "لي"), ("qi", "قي"), ("fi", "في"), ("ti", "تي"), ("ni", "ني"), ("bu", "بو"), ("ru", "رو"), ("su", "سو"), ("mu", "مو"), ("du", "دو"),
    ];

    private static readonly string[] FundKinds = ["facility", "trust_fund", "appeal", "programme", "pledge_drive"];
    private static readonly string[] Earmarkings = ["unearmarked", "softly_earmarked", "tightly_earmarked", "earmarked"];
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

    /// <summary>What a copy of a pledge tells beyond the original's description: some names are in thousands of them, most in a few, and each has a number of its own.</summary>
    public static (string En, string Ar) Told(int header, int copy)
    {
        var random = new Random((header * 1009) + copy);
        var (one, other, number) = (Village(random), Village(random), random.Next(1, 100_000));
        return ($" for {one.En} and {other.En}, agreement {number}", $" لأهالي {one.Ar} ومنطقة {other.Ar}، الاتفاقية {number}");
    }

    /// <summary>What pledges name, by the addresses that it is sent to, in this order.</summary>
    public IEnumerable<(string Path, IEnumerable<object> Bodies)> Before =>
    [
        ("/v1/organizations", Organizations()), ("/v1/sources", Sources()), ("/v1/funds", Funds(from: 0, to: Parents)), ("/v1/funds", Funds(from: Parents, to: FundCount)),
        ("/v1/events", Events()), ("/v1/requirements", Requirements()), ("/v1/shortfalls", Shortfalls()),
    ];

    private IEnumerable<object> Organizations()
    {
        for (var i = 0; i < Donors; i++)
        {
            yield return new { Id = Donor(i), Name = Text($"Donor number {i + 1}", $"الجهة المانحة رقم {i + 1}"), Type = Pick(DonorTypes), Country = _random.Next(4) == 0 ? null : Pick(Countries) };
        }

        for (var i = 0; i < Recipients; i++)
        {
            yield return new { Id = Recipient(i), Name = Text($"Recipient number {i + 1}", $"الجهة المستفيدة رقم {i + 1}"), Type = Pick(DonorTypes), Country = Pick(Countries) };
        }
    }

    private IEnumerable<object> Sources()
    {
        for (var i = 0; i < SourceCount; i++)
        {
            yield return new
            {
                Id = Source(i),
                Title = Text($"Press note {i + 1} on pledges and payments", $"البيان الصحفي رقم {i + 1} عن التعهدات والمدفوعات"),
                Publisher = Text("A ministry", "وزارة"),
                Url = $"https://example.org/notes/{i + 1}",
                Language = _random.Next(3) == 0 ? "ar" : "en",
                PublishedOn = AnyDay(),
                Reliability = "primary",
            };
        }
    }

    private IEnumerable<object> Funds(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var place = Pick(Places);
            yield return new
            {
                Id = Fund(i),
                Name = Text($"{place.En} facility {i + 1}", $"صندوق {place.Ar} رقم {i + 1}"),
                Kind = Pick(FundKinds),
                ParentId = i >= Parents && i % 5 == 0 ? Fund(_random.Next(Parents)) : null,
                AdministratorId = Recipient(_random.Next(Recipients)),
                Countries = new[] { Countries[_countries.Draw(_random)] },
            };
        }
    }

    private IEnumerable<object> Events()
    {
        for (var i = 0; i < EventCount; i++)
        {
            var place = Pick(Places);
            yield return new
            {
                Id = Event(i),
                Name = Text($"Pledging conference {i + 1}", $"مؤتمر المانحين رقم {i + 1}"),
                StartsOn = EventDay(i),
                EndsOn = EventDay(i).AddDays(1),
                Place = Text(place.En, place.Ar),
                Country = Pick(Countries),
            };
        }
    }

    private IEnumerable<object> Requirements()
    {
        for (var i = 0; i < 1500; i++)
        {
            var year = 2012 + (i % 14);
            yield return new
            {
                FundId = Fund(i / 3),
                Kind = i % 3 == 2 ? "revised" : "original",
                Amount = Round(3e7 + (_random.NextDouble() * 4e8)),
                Currency = "USD",
                PeriodStart = new DateOnly(year, 1, 1),
                PeriodEnd = new DateOnly(year, 12, 31),
                StatedOn = new DateOnly(year, 1, 1).AddDays(_random.Next(200)),
                Citations = new[] { Cite() },
            };
        }
    }

    private IEnumerable<object> Shortfalls()
    {
        for (var i = 0; i < 800; i++)
        {
            var day = AnyDay();
            yield return new
            {
                FundId = Fund(i / 2),
                Amount = Round(1e7 + (_random.NextDouble() * 3e8)),
                Currency = "USD",
                Qualifier = _random.Next(3) == 0 ? "approximate" : null,
                StatedOn = day,
                StatedBy = Text("A minister", "وزير"),
                PeriodStart = _random.Next(2) == 0 ? new DateOnly(day.Year, 1, 1) : (DateOnly?)null,
                PeriodEnd = new DateOnly(day.Year, 12, 31),
                Citations = new[] { Cite() },
            };
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
            .Select(donor => ShareOf(donor, currency, usdForOne)).ToList();
        var total = shares.Sum(s => s.Amount);
        var fund = Chance(88) ? Fund(_funds.Draw(_random)) : null;
        var countries = DestinationCountries();
        var work = Pick(Works);
        var place = Pick(Places);
        var pledge = new
        {
            Donors = shares,
            Currency = currency,
            Qualifier = Chance(20) ? "approximate" : null,
            AnnouncedOn = day,
            DatePrecision = Chance(10) ? "month" : null,
            FundId = fund,
            RecipientId = fund is null || Chance(10) ? Recipient(_random.Next(Recipients)) : null,
            EventId = @event,
            Instrument = Instrument(),
            Countries = countries,
            Shared = countries.Length > 1 ? true : (bool?)null,
            Sectors = Chance(60) ? new[] { Pick(Sectors) } : null,
            UsageYears = Chance(50) ? new[] { day.Year, day.Year + 1 } : null,
            Earmarking = Chance(60) ? Pick(Earmarkings) : null,
            DueOn = Chance(25) ? day.AddDays(_random.Next(180, 1500)) : (DateOnly?)null,
            Instalments = Chance(3)
                ? new[] { new { DueOn = day.AddDays(200), Amount = Round((double)total / 2) }, new { DueOn = day.AddDays(500), Amount = Round((double)total / 3) } }
                : null,
            Description = Chance(90) ? Text($"{work.En} in {place.En}, phase {_random.Next(1, 6)}", $"{work.Ar} في {place.Ar}، المرحلة {_random.Next(1, 6)}") : null,
            Citations = Chance(85) ? Chance(10) ? new[] { Cite(), Cite() } : [Cite()] : null,
        };

        var line = shares[0];
        var donor = shares.Count > 1 ? line.DonorId : null;
        var outstanding = line.Amount;
        object? revision = null;
        if (Chance(4))
        {
            var change = Round((double)outstanding * (0.1 + (_random.NextDouble() * 0.3)));
            change = Chance(50) ? change : -change;
            revision = new { Change = change, Date = Later(day, 200), DonorId = donor };
            outstanding += change;
        }

        var contributions = new List<Contribution>();
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
            ? new { Amount = Chance(60) ? outstanding : Round((double)outstanding / 2), Date = Later(day, 900), DonorId = donor }
            : null;
        return new PledgeFacts(pledge, revision, contributions, withdrawal);
    }

    private Contribution Direct()
    {
        var (currency, usdForOne) = Currency();
        var donor = _donors.Draw(_random);
        var share = ShareOf(donor, currency, usdForOne);
        return Give(Chance(80) ? "payment" : "commitment", share.DonorId, share.Amount, currency, usdForOne, AnyDay()) with
        {
            FundId = Fund(_funds.Draw(_random)),
            Instrument = Instrument(),
            Countries = DestinationCountries(),
        };
    }

    private Contribution Give(string stage, string? donor, decimal amount, string currency, double usdForOne, DateOnly day) => new(
        donor, stage, amount, currency, Usd(amount, currency, usdForOne), day,
        Chance(40) ? string.Create(CultureInfo.InvariantCulture, $"TR-{_random.Next(1_000_000):D6}") : null, Chance(30) ? [Cite()] : null);

    private Share ShareOf(int donor, string currency, double usdForOne)
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

    private object Cite() => new { SourceId = Source(_random.Next(SourceCount)), Quote = Chance(70) ? "The minister announced a new contribution to stabilization." : null };

    private static (string En, string Ar) Village(Random random)
    {
        var rank = (int)(Math.Pow(random.NextDouble(), 3) * Math.Pow(Syllables.Length, 3));
        var (first, second, third) = (Syllables[rank % Syllables.Length], Syllables[rank / Syllables.Length % Syllables.Length], Syllables[rank / Syllables.Length / Syllables.Length]);
        return (first.En + second.En + third.En, first.Ar + second.Ar + third.Ar);
    }

    private static object Text(string en, string ar) => new { En = en, Ar = ar };

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

/// <summary>A pledge and what became of it, as it is sent; now and then a contribution beside it that nobody had pledged.</summary>
internal sealed record PledgeFacts(object Pledge, object? Revision, IReadOnlyList<Contribution> Contributions, object? Withdrawal, Contribution? Direct = null);

internal sealed record Contribution(
    string? DonorId, string Stage, decimal Amount, string Currency, decimal? AmountUsd, DateOnly Date, string? Reference, object[]? Citations)
{
    public string? PledgeId { get; init; }

    public string? FundId { get; init; }

    public string? Instrument { get; init; }

    public string[]? Countries { get; init; }

    /// <summary>Amounts are few, and what looks alike is not the same.</summary>
    public string DistinctFrom { get; } = "all";
}

internal sealed record Share(string DonorId, decimal Amount, decimal? AmountUsd);
