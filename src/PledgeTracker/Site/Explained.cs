using System.Text.Json;

namespace PledgeTracker.Site;

/// <summary>
/// Figures and measures as they are explained to people. What a member is, in English, is what the OpenAPI document says of it; beside it stands the same in Arabic.
/// </summary>
internal static class Explained
{
    /// <param name="Id">Where it stands on the page.</param>
    /// <param name="Shape">The schema whose description opens it; null where nothing has to be said.</param>
    public sealed record Section(string Id, LocalizedText Title, string? Shape, IReadOnlyList<Member> Members);

    /// <param name="Shape">The schema that it is a member of.</param>
    /// <param name="Name">As JSON calls it.</param>
    /// <param name="Called">As people do.</param>
    /// <param name="Arabic">What the document says of it, in Arabic.</param>
    public sealed record Member(string Shape, string Name, LocalizedText Called, string Arabic);

    /// <summary>What opens a section, in Arabic, by the schema.</summary>
    public static readonly IReadOnlyDictionary<string, string> Openings = new Dictionary<string, string>
    {
        ["TotalSet"] = "أموال جهة مانحة أو صندوق أو فعالية أو صف من ملخص: مجاميع بنودها.",
        ["Stages"] = "التعهدات بسعر صرفها هي: مجموع هذه الأجزاء هو `pledged`.",
        ["WithdrawnBy"] = "ما سُحب، بحسب السبب.",
        ["MeasureSet"] = "مقاييس لمجموعة أموال، على تعهداتها المحتسبة وكما هي في اليوم المطلوب، بالدولار الأمريكي وبسعر صرف كل تعهد. لا يظهر منها إلا ما طُلب. والمدفوع هو ما دُفع من التعهد: لا تدخل الزيادة في أي مقياس.",
        ["Coverage"] = "ما جاء مقابل عجز، بالدولار الأمريكي. للعجز المبلغ عنه: الأموال الجديدة ضمن فترته، أي بعد يوم التصريح وحتى الأسبق من نهاية المدة والتصريح التالي. وما يقع في فترات عدة تصريحات سارية لصندوق واحد يغطي واحدا منها: الذي تضم مدته سنوات الاستخدام، وإلا تاريخ الأموال، وإلا الذي ينتهي أولا. وللعجز المحسوب: الأموال التي تخص مدة الاحتياج، أي أموال التعهدات والمساهمات المباشرة التي تضم المدة سنوات استخدامها إذا كانت المدة سنوات تقويمية كاملة، والأموال المؤرخة ضمن المدة إذا لم تُذكر سنوات استخدام، أو إذا لم تكن المدة سنوات كاملة ولم يضمها احتياج آخر من سنوات كاملة. وإذا لم تكن للاحتياج مدة فكل ما هناك. وما استُرد يُخصم من آخر الأموال أولا. وتُحتسب الأموال من كل طرق التمويل، القروض والمنح على السواء، ويفصلها `byInstrument`. ولا تُحتسب التعهدات المعاد صياغتها ولا الأموال الممررة.",
    };

    public static readonly IReadOnlyList<Section> Sections =
    [
        new("figures", new("The figures", "الأرقام"), "TotalSet",
        [
            new("TotalSet", "pledged", new("Promised", "المتعهد به"), "التعهدات وتعديلاتها."),
            new("TotalSet", "revisedDown", new("Taken off by revisions", "المخفض بالتعديل"), "ما خفضته الجهات المانحة من تعهداتها بتعديلها: وهو محسوب في `pledged`."),
            new("TotalSet", "withdrawn", new("Withdrawn", "المسحوب"), "ما لن يأتي: سحبته الجهة المانحة، أو انقضى أجله، أو شُطب، أو لا يذكر أحد السبب."),
            new("TotalSet", "committed", new("Committed", "الملتزم به"), "الالتزامات، والدفعات التي لم يعلنها أحد التزاما: فما وصل من مال كان ملتزما به."),
            new("TotalSet", "paid", new("Paid", "المدفوع"), "الدفعات ناقصا المسترد: الدولارات التي انتقلت."),
            new("TotalSet", "outstanding", new("Still open", "ما لم يُدفع بعد"), "ما جرى التعهد به ولم يُدفع بعد، تعهدا تعهدا وبعملته: فزيادة جهة مانحة لا تفي بتعهد غيرها."),
            new("TotalSet", "paidShare", new("Share paid", "نسبة المدفوع"), "‏stages.paid ÷ (pledged − withdrawn)، إلى ست منازل؛ null إذا كان المقسوم عليه 0. ولا تتجاوز 1 أبدا: فما دُفع زيادة هو `excess`."),
            new("TotalSet", "excess", new("Paid beyond the promise", "المدفوع زيادة على التعهد"), "ما دُفع زيادة على التعهدات."),
            new("TotalSet", "direct", new("Without a pledge", "دون تعهد"), "من `committed` و`paid`، ما لم يسبقه تعهد."),
            new("TotalSet", "adjustments", new("Corrections by sources", "تصحيحات المصادر"), "تصحيحات أوردتها المصادر دون بيان ما تخصه. تدخل تصحيحات الالتزامات والدفعات في الأرقام، ولا تدخل تصحيحات التعهدات في أي منها."),
            new("TotalSet", "qualifier", new("How exact", "مدى الدقة"), "‏`exact` إذا كان كل جزء دقيقا، أو الكلمة الواحدة التي تشترك فيها كل الأجزاء غير الدقيقة، أو `mixed`."),
            new("TotalSet", "inexact", new("Inexact amounts", "المبالغ غير الدقيقة"), "عدد القيود غير الدقيقة التي تقوم عليها الأرقام."),
        ]),
        new("stages", new("The stages", "المراحل"), "Stages",
        [
            new("Stages", "paid", new("Paid", "مدفوع"), "ما دُفع من التعهد، بسعر صرف التعهد؛ أما الدولارات التي انتقلت ففي `paid` إلى جانبه."),
            new("Stages", "committedUnpaid", new("Committed, not paid", "ملتزم به ولم يُدفع"), "ملتزم به ولم يُدفع بعد."),
            new("Stages", "promisedOnly", new("Promised only", "وعد فقط"), "لا التزام به ولا دفع."),
            new("Stages", "withdrawn", new("Withdrawn", "مسحوب"), "ما لن يأتي منه."),
        ]),
        new("withdrawals", new("Why something was withdrawn", "لماذا سُحب شيء"), "WithdrawnBy",
        [
            new("WithdrawnBy", "donor", new("By the donor", "من الجهة المانحة"), "ما سحبته الجهة المانحة."),
            new("WithdrawnBy", "lapsed", new("Lapsed", "انقضى أجله"), "ما انقضى أجله."),
            new("WithdrawnBy", "writtenOff", new("Written off", "شُطب"), "ما شُطب."),
            new("WithdrawnBy", "unspecified", new("No reason given", "بلا سبب مذكور"), "لا يذكر أحد السبب: ولا يُتهم أحد بما لم يُقل."),
        ]),
        new("measures", new("The measures", "المقاييس"), "MeasureSet",
        [
            new("MeasureSet", "conversionRate", new("Conversion rate", "نسبة ما دُفع من التعهدات"), "ما دُفع من التعهدات: Σ stages.paid ÷ Σ (pledged − withdrawn)."),
            new("MeasureSet", "undisbursed", new("Committed and not paid", "ملتزم به غير مدفوع"), "ما اتُفق عليه ولم يصل: Σ max(0, committed − paid)، تعهدا تعهدا وبعملته. وقد يتجاوز ما جرى التعهد به."),
            new("MeasureSet", "ageing", new("Age of what is open", "عمر ما لم يُدفع"), "منذ متى جرى التعهد بما لم يُدفع، أو منذ متى تأخر مع `basis=due`. التعديل الذي يزيد تعهدا يُحسب عمره من يومه، والدفعات والسحوبات والتعديلات التي تخفضه تأخذ من أقدم الأموال أولا. وتُدفع الأقساط بترتيب أيامها، وبعدها ما لا تاريخ له."),
            new("Ageing", "meanAgeDays", new("Mean age in days", "متوسط العمر بالأيام"), "Σ outstanding × العمر ÷ Σ outstanding، على ما له عمر: ومع `basis=due` على ما حل موعده."),
            new("Ageing", "silent", new("Silent", "الصامت"), "من `outstanding`، ما هو على تعهدات لم يُدرج عليها شيء منذ 365 يوما."),
            new("MeasureSet", "timeliness", new("Timeliness", "سرعة الدفع"), "ما سرعة دفع التعهدات. تُعد الأيام من التعهد، والدفعة التي تسبقه لم تستغرق يوما. ولا يُحسب ما دُفع زيادة على التعهد، والمسترد يأخذ من آخر الأموال الموجودة في يومه."),
            new("Timeliness", "meanDays", new("Mean days to payment", "متوسط أيام الدفع"), "Σ الدفعة × الأيام منذ التعهد ÷ Σ الدفعة."),
            new("Timeliness", "within365Days", new("Paid within a year", "المدفوع خلال سنة"), "ما دُفع خلال 365 يوما ÷ (pledged − withdrawn)، على التعهدات التي مضى عليها 365 يوما على الأقل."),
            new("MeasureSet", "schedule", new("Schedule", "الجدول الزمني"), "ما دُفع مقابل ما حل موعده، بحسب الأقساط ومواعيد الاستحقاق: تعهدا تعهدا وبعملته. وإذا تعهدت جهات معا فلكل منها حصتها من الموعد بقدر ما تعهدت به. وما لا موعد له ليس مستحقا، ويظهر على حدة في `undated`."),
            new("Schedule", "dueToDate", new("Due so far", "المستحق حتى الآن"), "Σ max(0, (pledged − withdrawn) − ما يستحق لاحقا): القسط مستحق في يومه. ويُترك ما لا موعد له."),
            new("Schedule", "arrears", new("Arrears", "المتأخرات"), "Σ max(0, dueToDate − paid): فزيادة أحد لا تفي بدين غيره."),
            new("Schedule", "beyond", new("Paid ahead", "المدفوع قبل موعده"), "Σ max(0, paid − dueToDate)، على التعهدات التي لها موعد استحقاق: ما جاء قبل يومه."),
            new("Schedule", "undated", new("Without a date", "بلا موعد"), "ما ليس له موعد استحقاق من pledged − withdrawn، دُفع أو لم يُدفع."),
            new("MeasureSet", "concentration", new("Concentration", "التركز"), "على كم جهة مانحة تقوم التعهدات، pledged − withdrawn. والشركاء الذين يتعهدون مجموعة جهة واحدة."),
            new("Concentration", "fiveLargest", new("The five largest", "أكبر خمس جهات"), "ما تتعهد به أكبر خمس جهات مانحة ÷ ما يتعهد به الجميع."),
            new("Concentration", "donorsOf80Percent", new("Donors of 80 %", "جهات الـ80%"), "أقل عدد من الجهات المانحة، الأكبر أولا، يتعهد بما لا يقل عن 80% من الكل؛ null إذا لم يُتعهد بشيء."),
            new("Concentration", "herfindahl", new("Herfindahl index", "مؤشر هيرفندال"), "مؤشر هيرفندال: Σ (ما تتعهد به جهة ÷ ما يتعهد به الجميع)²، إلى ست منازل: 1 إذا كانت جهة مانحة واحدة، وقريب من 0 إذا كانت كثيرة ومتساوية؛ null إذا لم يُتعهد بشيء."),
            new("MeasureSet", "dataQuality", new("Quality of the data", "جودة البيانات"), "كم يُعرف عن الأموال التي لم تُدفع."),
            new("DataQuality", "dueDate", new("With a due date", "له موعد استحقاق"), "ما يستحق منها في يوم محدد ÷ outstanding."),
            new("DataQuality", "recipient", new("With a recipient", "له جهة مستفيدة"), "ما له منها جهة مستفيدة مسماة ÷ outstanding."),
            new("DataQuality", "verification", new("With something verified", "جرى التحقق من بعضه"), "ما لم يُدفع منها من تعهدات جرى التحقق من التزام أو دفعة لها ÷ outstanding."),
        ]),
        new("missing", new("What is missing", "ما هو ناقص"), "Coverage",
        [
            new("Coverage", "windowEnd", new("End of the window", "نهاية الفترة"), "آخر يوم من الفترة، أو مما يتحدث عنه الاحتياج: الأسبق من نهاية المدة والتصريح التالي؛ null ما دام لا هذا ولا ذاك."),
            new("Coverage", "pledgedSince", new("Promised since", "المتعهد به منذ ذلك"), "المبلغ عنه: التعهدات المقطوعة ضمن الفترة، صافية من تعديلاتها وسحوباتها. المحسوب: كل تعهدات المدة، صافية كذلك."),
            new("Coverage", "committedSince", new("Committed since", "الملتزم به منذ ذلك"), "المبلغ عنه: الالتزامات ضمن الفترة، أيا كان ما تفي به. المحسوب: كل التزامات المدة، ما كان منها على تعهدات وما لم يسبقه تعهد."),
            new("Coverage", "paidSince", new("Paid since", "المدفوع منذ ذلك"), "المبلغ عنه: الدفعات ضمن الفترة، أيا كان ما تفي به. المحسوب: كل دفعات المدة."),
            new("Coverage", "covered", new("Covered", "المغطى"), "المبلغ عنه: pledgedSince + الالتزامات ضمن الفترة التي لم يسبقها تعهد. المحسوب: committedSince، لأن الوعود لا تسد احتياجا حتى تصبح ملزمة."),
            new("Coverage", "remaining", new("Still missing", "العجز المتبقي"), "ما لا يزال ناقصا؛ ولا يقل عن 0 أبدا."),
            new("Coverage", "coveredShare", new("Share covered", "نسبة المغطى"), "covered ÷ المبلغ، إلى ست منازل؛ وقد تتجاوز 1."),
            new("Coverage", "urgency", new("Urgency", "الإلحاح"), "remaining ÷ الأيام الباقية من المدة. null إذا لم تُذكر نهاية، أو مضت، أو حل محله تصريح لاحق."),
            new("Coverage", "acrossPeriods", new("Across periods", "عبر المدد"), "المحسوب: التزامات لعدة سنوات معا لا تضمها مدة واحدة من احتياجات الصندوق. تظهر هنا للصندوق مرة واحدة، ولا تدخل في أي من `covered`."),
            new("Coverage", "related", new("Related money", "أموال ذات صلة"), "أموال في الفترة نفسها لبرنامج يعلو الصندوق. تُعرض ولا تُجمع أبدا: فالمصادر لا تقول إنها تصل إلى هذا الصندوق."),
            new("PaceGap", "gap", new("Pace", "الوتيرة"), "conversionRate.share − elapsed: أقل من 0 إذا تأخرت الأموال؛ null إذا لم يُتعهد بشيء."),
        ]),
        new("conferences", new("Conferences and donors", "المؤتمرات والمانحون"), null,
        [
            new("Event", "reportedTotal", new("Reported total", "المجموع المعلن"), "ما أُعلن مجموعا للفعالية، نُشرت أجزاؤه أم لم تُنشر. يقف إلى جانب الأرقام المفصلة، وليس جزءا منها."),
            new("Event", "itemisedShare", new("Share itemised", "نسبة المفصل"), "figures.pledged ÷ reportedTotal.amount: كم مما أُعلن تفسره التعهدات المسجلة هنا."),
            new("Event", "newMoneyShare", new("Share of new money", "نسبة الأموال الجديدة"), "ما جرى التعهد به ولا يعيد صياغة تعهد سابق ÷ كل ما جرى التعهد به هنا، ومنه التعهدات المعاد صياغتها. ولا تدخل الأموال الممررة في أي منهما."),
            new("Event", "changeOnRound", new("Change on the last round", "التغير عن الدورة السابقة"), "ما تعهدت به كل جهة مانحة هنا، pledged − withdrawn، إلى جانب ما كانت قد تعهدت به في الفعالية السابقة؛ null إذا لم تُذكر سابقة في `precededBy`."),
            new("OverdueMoney", "outstanding", new("Overdue", "المتأخر عن موعده"), "كل ما لم يُدفع من حصة هذه الجهة المانحة منها، بالدولار الأمريكي."),
            new("DonorRecord", "paidForGroups", new("Paid for groups", "المدفوع عن مجموعات"), "ما دفعته هذه الجهة المانحة من تعهدات مجموعات هي عضو فيها، بالدولار الأمريكي. يُحسب في أرقام المجموعات ولا يُحسب في أي من هذه."),
        ]),
    ];

    /// <summary>What the document says of shapes (`Stages`) and of their members (`Stages.paid`).</summary>
    public static Dictionary<string, string> Read(byte[] document)
    {
        using var parsed = JsonDocument.Parse(document);
        var said = new Dictionary<string, string>();
        foreach (var shape in parsed.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            Say(shape.Name, shape.Value);
            foreach (var member in shape.Value.TryGetProperty("properties", out var members) ? members.EnumerateObject() : default)
            {
                Say($"{shape.Name}.{member.Name}", member.Value);
            }
        }

        return said;

        void Say(string name, JsonElement schema)
        {
            if (schema.TryGetProperty("description", out var text))
            {
                said[name] = text.GetString()!.ReplaceLineEndings(" ");
            }
        }
    }
}
