using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PledgeTracker.Changes;

/// <summary>
/// What a change says, as a sentence in both languages. Amounts, days and texts are those of then, names those of today. The Arabic ones have no verb
/// that would have to agree with who does it.
/// </summary>
internal sealed class Sentence
{
    /// <summary>So much of a text that somebody wrote stands in a sentence.</summary>
    private const int LongestText = 200;

    /// <summary>So many of those who pledged together, or of the countries that money goes to, are named.</summary>
    private const int MostNamed = 3;

    private static readonly Dictionary<string, LocalizedText> Things = new()
    {
        ["organization"] = new("organization", "الجهة"),
        ["fund"] = new("fund", "الصندوق"),
        ["event"] = new("event", "الفعالية"),
        ["source"] = new("source", "المصدر"),
        ["country"] = new("country", "البلد"),
    };

    // An entry, around its amount.
    private static readonly Dictionary<string, LocalizedText> Entries = new()
    {
        ["pledge"] = new("pledge of {0}", "تعهد بقيمة {0}"),
        ["increase"] = new("increase of {0} in a pledge", "زيادة تعهد بمقدار {0}"),
        ["reduction"] = new("reduction of {0} in a pledge", "خفض تعهد بمقدار {0}"),
        ["withdrawal"] = new("withdrawal of {0} pledged", "سحب {0} من تعهد"),
        ["commitment"] = new("commitment of {0}", "التزام بقيمة {0}"),
        ["release"] = new("release of {0} committed", "تحرير التزام بقيمة {0}"),
        ["payment"] = new("payment of {0}", "دفعة بقيمة {0}"),
        ["refund"] = new("refund of {0} paid", "استرداد دفعة بقيمة {0}"),
        ["adjustment"] = new("adjustment of {0}", "تصحيح بقيمة {0}"),
    };

    private static readonly Dictionary<string, LocalizedText> Adjusted = new()
    {
        ["pledge"] = new("pledges", "تعهدات"),
        ["commitment"] = new("commitments", "التزامات"),
        ["payment"] = new("payments", "دفعات"),
    };

    private static readonly Dictionary<string, LocalizedText> Qualifiers = new()
    {
        ["approximate"] = new("about ", "نحو "),
        ["at_least"] = new("at least ", "ما لا يقل عن "),
        ["at_most"] = new("up to ", "ما يصل إلى "),
    };

    private static readonly Dictionary<string, LocalizedText> Reasons = new()
    {
        ["withdrawn_by_donor"] = new(", by the donor", "، من الجهة المانحة"),
        ["lapsed"] = new(", lapsed", "، انقضى أجله"),
        ["written_off"] = new(", written off", "، شُطب"),
    };

    /// <summary>What can be amended, as it is called in JSON.</summary>
    internal static readonly Dictionary<string, LocalizedText> Members = new()
    {
        ["name"] = new("name", "الاسم"),
        ["title"] = new("title", "العنوان"),
        ["type"] = new("type", "النوع"),
        ["kind"] = new("kind", "النوع"),
        ["country"] = new("country", "البلد"),
        ["countries"] = new("countries", "البلدان"),
        ["description"] = new("description", "الوصف"),
        ["website"] = new("website", "الموقع"),
        ["aliases"] = new("other names", "الأسماء الأخرى"),
        ["parentId"] = new("umbrella", "الصندوق الذي يندرج تحته"),
        ["administratorId"] = new("administrator", "الجهة التي تديره"),
        ["startsOn"] = new("first day", "أول يوم"),
        ["endsOn"] = new("last day", "آخر يوم"),
        ["place"] = new("place", "المكان"),
        ["reportedTotal"] = new("reported total", "المجموع المعلن"),
        ["precededBy"] = new("earlier round", "الدورة السابقة"),
        ["publisher"] = new("publisher", "الناشر"),
        ["url"] = new("address", "العنوان على الشبكة"),
        ["language"] = new("language", "اللغة"),
        ["publishedOn"] = new("day of publication", "يوم النشر"),
        ["dateQualifier"] = new("precision of the date", "دقة التاريخ"),
        ["reliability"] = new("reliability", "الموثوقية"),
        ["note"] = new("note", "الملاحظة"),
        ["dueOn"] = new("due date", "تاريخ الاستحقاق"),
        ["instalments"] = new("instalments", "الأقساط"),
        ["sectors"] = new("sectors", "القطاعات"),
        ["earmarking"] = new("earmarking", "التخصيص"),
    };

    /// <summary>What decides in which totals a pledge counts, as it is called in JSON.</summary>
    internal static readonly OrderedDictionary<string, LocalizedText> Classified = new()
    {
        ["fundId"] = new("fund", "الصندوق"),
        ["recipientId"] = new("recipient", "الجهة المستفيدة"),
        ["eventId"] = new("event", "الفعالية"),
        ["instrument"] = new("instrument", "نوع التمويل"),
        ["countries"] = new("countries", "البلدان"),
        ["shared"] = new("shared by its countries", "مشترك بين بلدانه"),
        ["usageYears"] = new("years that it is for", "السنوات المخصص لها"),
        ["restates"] = new("pledge that it restates", "التعهد الذي يعيد صياغته"),
        ["passedOnFrom"] = new("pledge whose money it passes on", "التعهد الذي يمرر أمواله"),
    };

    private static readonly LocalizedText Nothing = new("", "");

    private readonly ChangeRow _row;
    private readonly Content _content;
    private readonly Names _names;
    private readonly LocalizedText _donor, _payer, _fund, _to, _at, _money, _on, _announced, _under, _period, _name;

    private Sentence(ChangeRow row, Content content, IReadOnlyList<LocalizedText> donors, LocalizedText? fund, LocalizedText? @event, Names names)
    {
        (_row, _content, _names) = (row, content, names);
        var payer = names["organization", row.PaidBy];
        _donor = donors.Count == 0 ? new("a donor", "جهة مانحة") : Joined(donors);
        _payer = payer ?? _donor;
        _fund = fund ?? new("a fund", "صندوق");
        _to = To(names["organization", row.RecipientId], fund ?? (row.RecipientId is null ? Countries(row.Countries ?? []) : null));
        _at = @event is null ? Nothing : new($" at {@event.En}", $" خلال {@event.Ar}");
        _money = Money(row);
        _on = row.Day is { } day ? On(day, row.DayPrecision) : Nothing;
        _announced = row.AnnouncedOn is { } announced ? Dated(announced, row.AnnouncedPrecision) : Nothing;
        _under = row.Origin != "announced" ? Nothing : new($" under {(payer is null ? "its" : "the")} pledge of {_announced.En}", $"، ضمن تعهد {_announced.Ar}");
        _period = Period(row);
        _name = After.Text("name") ?? After.Text("title") ?? names[row.Entity, row.EntityId] ?? new("without a name", "بلا اسم");
    }

    private JsonElement? After => _content.After;

    public static LocalizedText Of(ChangeRow row, Content content, IReadOnlyList<LocalizedText> donors, LocalizedText? fund, LocalizedText? @event, Names names) =>
        new Sentence(row, content, donors, fund, @event, names).Told;

    private LocalizedText Told => (_row.Entity, _content.Action) switch
    {
        (_, "redacted") => new($"Texts of {The.En} were blanked{Why.En}", $"حجب نصوص {The.Ar}{Why.Ar}"),
        ("pledge", "created") when After.Word("reclassifies") is not null => new($"After a reclassification: the {Promise.En}{_at.En}", $"بعد إعادة التصنيف: {Promise.Ar}{_at.Ar}"),
        ("pledge", "created") => new($"{_donor.En} pledged {_money.En} {_on.En}{_to.En}{_at.En}{Besides.En}", $"تعهد: {_money.Ar} من {_donor.Ar}{_to.Ar} {_on.Ar}{_at.Ar}{Besides.Ar}"),
        ("pledge", "amended") => new($"The {Promise.En} was amended{Amended.En}", $"تعديل بيانات {Promise.Ar}{Amended.Ar}"),
        ("pledge", "reclassified") => new($"The {Promise.En}{_at.En} was reclassified{Moved.En}{Why.En}", $"إعادة تصنيف {Promise.Ar}{_at.Ar}{Moved.Ar}{Why.Ar}"),
        ("entry", "revised") when _row.AmountMinor < 0 => new($"{_donor.En} lowered its {Revised.En}", $"خفض {Revised.Ar}"),
        ("entry", "revised") => new($"{_donor.En} raised its {Revised.En}", $"زيادة {Revised.Ar}"),
        ("entry", "withdrawn") => new($"Withdrawal from the {Pledged.En}: {_money.En} {_on.En}{Lost.En}", $"سحب من {Pledged.Ar}: {_money.Ar} {_on.Ar}{Lost.Ar}"),
        ("entry", "reversed") => new($"The {Entry.En} was reversed{Why.En}", $"إلغاء {Entry.Ar}{Why.Ar}"),
        ("entry", "cited") => new($"Cited for the {Entry.En}: {Cited.En}", $"استشهاد بشأن {Entry.Ar}: {Cited.Ar}"),
        ("contribution", "created") => Contributed,
        ("contribution", "confirmed") => new($"{Party("organizationId").En} confirmed the {Entry.En}", $"تأكيد من {Party("organizationId").Ar}: {Entry.Ar}"),
        ("contribution", "verified") => new($"The {Entry.En} was verified{Found.En}", $"التحقق من {Entry.Ar}{Found.Ar}"),
        ("contribution", "disputed") => new($"The {Entry.En} was disputed{Found.En}", $"اعتراض على {Entry.Ar}{Found.Ar}"),
        ("shortfall", "created") => Stated(new("a shortfall", "عجز")),
        ("requirement", "created") => Stated(_row.Requirement == "revised" ? new("a revised requirement", "احتياج معدل") : new("a requirement", "احتياج")),
        ("indicator", "created") => Measured,
        ("exchange_rate", "created") => Rated,
        ("flow", "created") => new($"{Flow.En} is told: {Tells(After).En}", $"{Flow.Ar}: {Tells(After).Ar}"),
        ("flow", "amended") when After.Word("sourceState") == "dropped" => new($"{Flow.En} is not told any more", $"لم يعد يُذكر {Flow.Ar}"),
        ("flow", "amended") when _content.Before.Word("sourceState") == "dropped" => new($"{Flow.En} is told again: {Tells(After).En}", $"عاد ذكر {Flow.Ar}: {Tells(After).Ar}"),
        ("flow", "amended") when Tells(_content.Before) == Tells(After) => new($"{Flow.En} is told otherwise, with the same dollars: {Tells(After).En}", $"تغير ما يُذكر عن {Flow.Ar} وبقي مبلغه: {Tells(After).Ar}"),
        ("flow", "amended") => new($"{Flow.En} is told otherwise: {Tells(_content.Before).En}, now {Tells(After).En}", $"تغير ما يُذكر عن {Flow.Ar}: {Tells(_content.Before).Ar}، والآن {Tells(After).Ar}"),
        ("organization", "created") => new($"New organization: {_name.En}", $"جهة جديدة: {_name.Ar}"),
        ("organization", "merged") => new($"{_name.En} was merged into {Party("into").En}", $"دمج {_name.Ar} في {Party("into").Ar}"),
        ("fund", "created") => new($"New fund: {_name.En}", $"صندوق جديد: {_name.Ar}"),
        ("event", "created") => new($"New event: {_name.En}{Held.En}", $"فعالية جديدة: {_name.Ar}{Held.Ar}"),
        ("source", "created") => new($"New source: {_name.En}{Published.En}", $"مصدر جديد: {_name.Ar}{Published.Ar}"),
        (_, "amended") when Things.ContainsKey(_row.Entity) => Renamed ?? new($"The {Named.En} was amended{Amended.En}", $"تعديل بيانات {Named.Ar}{Amended.Ar}"),
        _ => new($"A change of {The.En}", $"تغيير {The.Ar}"),
    };

    // What has a name of its own.
    private LocalizedText Named => new($"{Things[_row.Entity].En} {_name.En}", $"{Things[_row.Entity].Ar} {_name.Ar}");

    // The thing that was changed, whatever it is.
    private LocalizedText The => Things.ContainsKey(_row.Entity) ? new($"the {Named.En}", Named.Ar)
        : _row.Kind is not null ? new($"the {Entry.En}", Entry.Ar)
        : _row.Entity == "pledge" ? new($"the {Promise.En}", Promise.Ar)
        : _row.Entity == "shortfall" ? new($"the shortfall of {_money.En} for {_fund.En}", $"عجز {_fund.Ar} بقيمة {_money.Ar}")
        : _row.Entity == "requirement" ? new($"the requirement of {_money.En} for {_fund.En}", $"احتياج {_fund.Ar} بقيمة {_money.Ar}")
        : _row.Entity == "indicator" ? new("an indicator", "مؤشر")
        : _row.Entity == "flow" ? new("a flow", "تدفق")
        : new("a record", "سجل");

    private LocalizedText Promise => new(
        $"{(_row.Origin == "direct" ? "contribution" : "pledge")}{(_row.AmountMinor is null ? "" : $" of {_money.En}")} by {_donor.En} {_on.En}{_to.En}",
        $"{(_row.Origin == "direct" ? "مساهمة" : "تعهد")}{(_row.AmountMinor is null ? "" : $" بقيمة {_money.Ar}")} من {_donor.Ar} {_on.Ar}{_to.Ar}");

    private LocalizedText Entry => new(
        $"{Entered(Stage, _money).En} by {_payer.En} {_on.En}{_to.En}", $"{Entered(Stage, _money).Ar} من {_payer.Ar} {_on.Ar}{_to.Ar}");

    private string Stage => StageOf(_row.Kind ?? "payment", _row.AmountMinor ?? 0);

    private static string StageOf(string kind, long amountMinor) => kind == "revision" ? amountMinor < 0 ? "reduction" : "increase" : Posting.StageOf(kind, amountMinor);

    private static LocalizedText Entered(string stage, LocalizedText money) =>
        new(string.Format(CultureInfo.InvariantCulture, Entries[stage].En!, money.En), string.Format(CultureInfo.InvariantCulture, Entries[stage].Ar!, money.Ar));

    /// <summary>What an entry of the ledger is, and when: `payment of 5,000,000 EUR (5,600,000 USD) on 2025-12-30`.</summary>
    internal static LocalizedText Entered(string kind, long minor, string currency, string qualifier, long cents, string? usdQualifier, DateOnly day, string precision, string? reason)
    {
        var (entered, on) = (Entered(StageOf(kind, minor), Money(kind, minor, currency, qualifier, cents, usdQualifier)), On(day, precision));
        var lost = Reasons.GetValueOrDefault(reason ?? "", Nothing);
        return new($"{entered.En} {on.En}{lost.En}", $"{entered.Ar} {on.Ar}{lost.Ar}");
    }

    private LocalizedText Pledged => new($"pledge of {_announced.En} by {_donor.En}{_to.En}", $"تعهد {_announced.Ar} من {_donor.Ar}{_to.Ar}");

    private LocalizedText Revised => new($"pledge of {_announced.En}{_to.En} by {_money.En} {_on.En}", $"{Pledged.Ar} بمقدار {_money.Ar} {_on.Ar}");

    private LocalizedText Contributed => Stage switch
    {
        "commitment" => new($"{_donor.En} committed {_money.En} {_on.En}{_under.En}{_to.En}{Besides.En}", $"التزام: {_money.Ar} من {_donor.Ar}{_to.Ar} {_on.Ar}{_under.Ar}{Besides.Ar}"),
        "release" => new($"{_money.En} committed by {_donor.En}{_under.En}{_to.En} was released {_on.En}{Besides.En}",
            $"تحرير التزام: {_money.Ar} من {_donor.Ar}{_to.Ar} {_on.Ar}{_under.Ar}{Besides.Ar}"),
        "refund" => new($"{_money.En} paid by {_payer.En}{_under.En}{_to.En} was refunded {_on.En}{Besides.En}",
            $"استرداد دفعة: {_money.Ar} من {_payer.Ar}{_to.Ar} {_on.Ar}{_under.Ar}{Besides.Ar}"),
        "adjustment" when Adjusted.TryGetValue(_row.Adjusts ?? "", out var adjusted) => new(
            $"Adjustment of {adjusted.En} by {_donor.En}{_to.En}: {_money.En} {_on.En}", $"تصحيح {adjusted.Ar} من {_donor.Ar}{_to.Ar}: {_money.Ar} {_on.Ar}"),
        _ => new($"{_payer.En} paid {_money.En} {_on.En}{(_payer == _donor ? "" : $" for {_donor.En}")}{_under.En}{_to.En}{Besides.En}",
            $"دفعة: {_money.Ar} من {_payer.Ar}{(_payer == _donor ? "" : $" باسم {_donor.Ar}")}{_to.Ar} {_on.Ar}{_under.Ar}{Besides.Ar}"),
    };

    // What keeps it out of totals, and in whose place it stands.
    private LocalizedText Besides => After.Word("restates") is not null ? new(", restating an earlier pledge", "، وهو إعادة صياغة لتعهد سابق")
        : After.Word("passedOnFrom") is not null ? new(", passing on the money of a pledge", "، من أموال تعهد آخر")
        : _row.ReplacesNo is not null ? new(", in place of an entry that was wrong", "، بدلا من قيد كان خطأ")
        : Nothing;

    private LocalizedText Lost => Reasons.GetValueOrDefault(_row.Reason ?? "", Nothing);

    private LocalizedText Why => After.Text("reason") is { } why ? new($"; reason: {Short(why.En)}", $"؛ السبب: {Short(why.Ar)}") : Nothing;

    private LocalizedText Found => After.Text("note") is { } note ? new($": {Short(note.En)}", $": {Short(note.Ar)}") : Nothing;

    private LocalizedText Cited
    {
        get
        {
            var titles = _content.Sources.Select(id => _names["source", id]).OfType<LocalizedText>().Distinct().ToList();
            return titles.Count == 0 ? new("a source", "مصدر") : new(string.Join("; ", titles.Select(t => t.En)), string.Join("؛ ", titles.Select(t => t.Ar)));
        }
    }

    // A flow as a dataset of another system tells it.
    private LocalizedText Flow => After.Member("flow").Word("id") is var id && After.Word("dataset") is var dataset ? new($"Flow {id} of {dataset}", $"التدفق {id} من {dataset}") : Nothing;

    private static LocalizedText Tells(JsonElement? told)
    {
        var status = told.Member("flow").Word("status") switch { "pledge" => new LocalizedText("pledge", "تعهد"), "paid" => new("paid", "مدفوع"), _ => new("commitment", "التزام") };
        var usd = told.Member("flow").Number("amountUsd")?.ToString("#,0.##", CultureInfo.InvariantCulture);
        return new($"{status.En}, {usd} USD", $"{status.Ar}، {usd} USD");
    }

    private LocalizedText Held => (After.Day("startsOn"), After.Day("endsOn")) switch
    {
        ({ } first, { } last) when last > first => new($", {Iso.Date(first)} to {Iso.Date(last)}", $"، من {Iso.Date(first)} إلى {Iso.Date(last)}"),
        ({ } day, _) => new($", {Iso.Date(day)}", $"، {Iso.Date(day)}"),
        _ => Nothing,
    };

    private LocalizedText Published
    {
        get
        {
            var day = After.Day("publishedOn") is { } on ? Dated(on, After.Word("dateQualifier")) : Nothing;
            return After.Text("publisher") is { } by ? new($" ({by.En}, {day.En})", $" ({by.Ar}، {day.Ar})") : new($" ({day.En})", $" ({day.Ar})");
        }
    }

    private LocalizedText Rated
    {
        get
        {
            var (currency, rate) = (After.Word("currency"), After.Number("usdPerUnit")?.ToString("0.############", CultureInfo.InvariantCulture));
            var day = After.Day("date") is { } on ? On(on, "day") : Nothing;
            return new($"Exchange rate: 1 {currency} = {rate} USD {day.En} ({After.Word("provider")})", $"سعر صرف: 1 {currency} = {rate} USD {day.Ar} ({After.Word("provider")})");
        }
    }

    private LocalizedText Measured
    {
        get
        {
            var value = After.Number("value")?.ToString("#,0.############################", CultureInfo.InvariantCulture);
            var unit = After.Text("unitName") ?? new(After.Word("unit"), After.Word("unit"));
            var qualifier = Qualifiers.GetValueOrDefault(After.Word("qualifier") ?? "", Nothing);
            var day = After.Day("date") is { } on ? On(on, After.Word("datePrecision")) : Nothing;
            return new($"{_name.En}: {qualifier.En}{value} {unit.En} {day.En}", $"{_name.Ar}: {qualifier.Ar}{value} {unit.Ar} {day.Ar}");
        }
    }

    // What a reclassification changed: each member, from what to what.
    private LocalizedText Moved
    {
        get
        {
            List<string> en = [], ar = [];
            foreach (var (member, called) in Classified)
            {
                var (was, now) = (Set(_content.Before.Member(member)), Set(_content.Reclassified.Member(member)));
                if ((was, now) is (null, null) || (was is { } then && now is { } today && JsonElement.DeepEquals(then, today)))
                {
                    continue;
                }

                var (from, to) = (Classification(member, was, new("a pledge", "تعهد")), Classification(member, now, was is null ? new("a pledge", "تعهد") : new("another pledge", "تعهد آخر")));
                en.Add($"{called.En} from {from.En} to {to.En}");
                ar.Add($"{called.Ar} من {from.Ar} إلى {to.Ar}");
            }

            return en.Count == 0 ? Nothing : new($": {string.Join("; ", en)}", $": {string.Join("؛ ", ar)}");
        }
    }

    // No, none and nothing are one.
    private static JsonElement? Set(JsonElement? value) => value is { ValueKind: JsonValueKind.False } || (value is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0) ? null : value;

    /// <param name="pledge">What another pledge is called: it has no name.</param>
    private LocalizedText Classification(string member, JsonElement? value, LocalizedText pledge) => (member, value) switch
    {
        ("shared", null) => new("no", "لا"),
        ("shared", _) => new("yes", "نعم"),
        (_, null) => new("none", "لا شيء"),
        ("restates" or "passedOnFrom", _) => pledge,
        ("usageYears", { } years) => Listed(years, year => new(year.GetRawText(), year.GetRawText())),
        ("countries", { } countries) => Listed(countries, ToCountry),
        ("instrument", { } word) => Labels.Instruments.GetValueOrDefault(word.GetString() ?? "", Nothing),
        (_, { } id) => _names[member switch { "fundId" => "fund", "eventId" => "event", _ => "organization" }, id.GetString()] ?? new("another", "آخر"),
    };

    private LocalizedText ToCountry(JsonElement country)
    {
        if (country.ValueKind == JsonValueKind.String)
        {
            return CalledCountry(country.GetString());
        }

        var (called, share) = (CalledCountry(country.Word("country")), country.Member("share")?.GetDecimal().ToString("0.####", CultureInfo.InvariantCulture));
        return new($"{called.En} {share}%", $"{called.Ar} {share}%");
    }

    private static LocalizedText Listed(JsonElement list, Func<JsonElement, LocalizedText> called)
    {
        var texts = list.EnumerateArray().Select(called).ToList();
        return new(string.Join(", ", texts.Select(t => t.En)), string.Join("، ", texts.Select(t => t.Ar)));
    }

    // The members that were amended, in words.
    private LocalizedText Amended => _content.Amended.Select(name => Members.GetValueOrDefault(name)).OfType<LocalizedText>().ToList() is { Count: > 0 } members
        ? new($": {string.Join(", ", members.Select(m => m.En))}", $": {string.Join("، ", members.Select(m => m.Ar))}") : Nothing;

    // Where nothing but the name was amended; in a language in which it is the same as before, it was amended.
    private LocalizedText? Renamed
    {
        get
        {
            if (_content.Amended is not [("name" or "title") and var member] || _content.Before.Text(member) is not { } old || After.Text(member) is not { } name)
            {
                return null;
            }

            var thing = Things[_row.Entity];
            return new(old.En == name.En ? $"The {Named.En} was amended{Amended.En}" : $"The {thing.En} {old.En} was renamed: {name.En}",
                old.Ar == name.Ar ? $"تعديل بيانات {Named.Ar}{Amended.Ar}" : $"تغيير اسم {thing.Ar}: من {old.Ar} إلى {name.Ar}");
        }
    }

    private LocalizedText Stated(LocalizedText what)
    {
        var (en, ar) = (_row.StatedByEn ?? _row.StatedByAr, _row.StatedByAr ?? _row.StatedByEn);
        return new(
            en is null ? $"{char.ToUpperInvariant(what.En![0])}{what.En[1..]} of {_money.En} for {_fund.En} was stated {_on.En}{_period.En}"
                : $"{en} stated {what.En} of {_money.En} for {_fund.En} {_on.En}{_period.En}",
            $"{what.Ar}: {_money.Ar} لدى {_fund.Ar}{(ar is null ? "" : $"، بحسب {ar}،")} {_on.Ar}{_period.Ar}");
    }

    private LocalizedText Party(string member) => _names["organization", After.Word(member)] ?? new("another organization", "جهة أخرى");

    /// <summary>Whom money goes to, and what for.</summary>
    internal static LocalizedText To(LocalizedText? recipient, LocalizedText? fund) => (recipient, fund) switch
    {
        ({ } who, { } what) => new($" to {who.En} for {what.En}", $" إلى {who.Ar} لصالح {what.Ar}"),
        (null, { } what) => new($" to {what.En}", $" إلى {what.Ar}"),
        ({ } who, null) => new($" to {who.En}", $" إلى {who.Ar}"),
        _ => Nothing,
    };

    /// <param name="others">What those are called in Arabic that are not named any more.</param>
    internal static LocalizedText Joined(IReadOnlyList<LocalizedText> named, string others = "جهات أخرى") => named switch
    {
        [var one] => one,
        { Count: > MostNamed } => new($"{string.Join(", ", named.Take(MostNamed).Select(n => n.En))} and others", $"{string.Join("، ", named.Take(MostNamed).Select(n => n.Ar))}، و{others}"),
        _ => new($"{string.Join(", ", named.SkipLast(1).Select(n => n.En))} and {named[^1].En}", $"{string.Join("، ", named.SkipLast(1).Select(n => n.Ar))} و{named[^1].Ar}"),
    };

    private LocalizedText? Countries(string[] codes) => codes.Length == 0 ? null : Joined([.. codes.Select(CalledCountry)], "بلدان أخرى");

    private LocalizedText CalledCountry(string? code) => _names["country", code] ?? new(code, code);

    private static LocalizedText Money(ChangeRow row) => row is { AmountMinor: { } minor, Currency: { } currency }
        ? Money(row.Kind, minor, currency, row.Qualifier, row.UsdMinor, row.UsdQualifier) : new("an amount", "مبلغ");

    private static LocalizedText Money(string? kind, long minor, string currency, string? qualifier, long? cents, string? usdQualifier)
    {
        // Words say which way it went; an adjustment says it itself.
        string Amount(long amount, string of) => Currency.Amount(kind == "adjustment" ? amount : Math.Abs(amount), of);
        var money = Qualified(qualifier, Amount(minor, currency));
        if (currency == "USD" || cents is null)
        {
            return money;
        }

        var usd = Qualified(usdQualifier == qualifier ? null : usdQualifier, Amount(cents.Value, "USD"));
        return new($"{money.En} ({usd.En})", $"{money.Ar} ({usd.Ar})");
    }

    /// <summary>An amount, with how exact its source was.</summary>
    internal static LocalizedText Qualified(string? qualifier, string amount)
    {
        var word = Qualifiers.GetValueOrDefault(qualifier ?? "", Nothing);
        return new(word.En + amount, word.Ar + amount);
    }

    internal static LocalizedText On(DateOnly day, string? precision)
    {
        var dated = Dated(day, precision);
        return precision switch
        {
            "approximate" => dated,
            "month" or "year" => new($"in {dated.En}", $"في {dated.Ar}"),
            _ => new($"on {dated.En}", $"في {dated.Ar}"),
        };
    }

    private static LocalizedText Dated(DateOnly day, string? precision)
    {
        var date = precision switch
        {
            "year" => day.ToString("yyyy", CultureInfo.InvariantCulture),
            "month" => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            _ => Iso.Date(day),
        };
        return precision == "approximate" ? new($"about {date}", $"نحو {date}") : new(date, date);
    }

    private static LocalizedText Period(ChangeRow row) => (row.PeriodStart, row.PeriodEnd) switch
    {
        ({ } start, { } end) => new($", for {Iso.Date(start)} to {Iso.Date(end)}", $"، للفترة من {Iso.Date(start)} إلى {Iso.Date(end)}"),
        (null, { } end) => new($", until {Iso.Date(end)}", $"، حتى {Iso.Date(end)}"),
        _ => Nothing,
    };

    /// <summary>The beginning of a text, on one line. What is cut off could have ended a change of direction.</summary>
    private static string Short(string? text)
    {
        var line = string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= LongestText)
        {
            return line;
        }

        var begun = new StringBuilder();
        foreach (var rune in line.EnumerateRunes().TakeWhile(rune => begun.Length + rune.Utf16SequenceLength < LongestText))
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
            {
                begun.Append(rune);
            }
        }

        return begun.Append('…').ToString();
    }
}
