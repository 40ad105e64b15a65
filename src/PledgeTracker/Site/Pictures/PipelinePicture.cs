using System.Globalization;
using System.Xml.Linq;
using PledgeTracker.Events;

namespace PledgeTracker.Site;

/// <summary>What became of promises, as a picture for articles: a bar of the stages with its key. It needs nothing else: no style sheet, no font, no script.</summary>
/// <param name="name">Whose promises they are.</param>
/// <param name="lead">What is to be said of them.</param>
/// <param name="page">The address of the page that shows more.</param>
internal sealed class PipelinePicture(Edition edition, string name, IReadOnlyList<Said> lead, TotalSet figures, ReportedTotal? reported, Uri page)
{
    private const int Width = 720;
    private const int Margin = 24;
    private const int Inside = Width - (2 * Margin);

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly string Fonts = "'Noto Sans Arabic','Segoe UI','Helvetica Neue','Noto Sans','Geeza Pro',Tahoma,Arial,sans-serif";

    // Outlines are seen against the paper at least as well as WCAG asks for.
    private const string Ink = "#14212b", Soft = "#4d5a64", Accent = "#0b4f57", Ghost = "#7a8790", Rule = "#c8d0d4";

    private readonly List<XElement> _drawn = [];

    public string Draw()
    {
        var y = 44;
        foreach (var line in Lines(name, 62, 2))
        {
            Write(Margin, y, line, 19, isBold: true);
            y += 27;
        }

        y += 3;
        var said = string.Join(' ', lead.Select(sentence => sentence.Plain(edition)));
        // It may begin with "about".
        said = char.ToUpperInvariant(said[0]) + said[1..];
        foreach (var line in Lines(said, 86, 4))
        {
            Write(Margin, y, line, 15.5m);
            y += 23;
        }

        y += 6;
        Bar(y);
        y += 48 + 20;
        var rows = Rows();
        for (var i = 0; i < rows.Count; i++)
        {
            Key(i % 2 * (Inside / 2), y + (i / 2 * 28), rows[i]);
        }

        y += ((rows.Count + 1) / 2 * 28) + 16;
        _drawn.Add(new XElement(Svg + "line", new XAttribute("x1", Margin), new XAttribute("x2", Width - Margin), new XAttribute("y1", y), new XAttribute("y2", y), new XAttribute("stroke", Rule)));
        Write(Margin, y + 26, $"{edition.Say(Texts.AsOf)} {edition.Date(edition.Day)} · {edition.Say(Texts.DataVersion)} {edition.Sequence}", 12.5m, fill: Soft);
        Write(Width - Margin, y + 26, $"{edition.Say(Texts.Name)} · {Isolated(page.Host)}", 12.5m, isEnd: true, fill: Soft);
        var height = y + 50;
        return new XElement(Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Width} {height.ToString(CultureInfo.InvariantCulture)}"), new XAttribute("width", Width), new XAttribute("height", height),
            new XAttribute("role", "img"), new XAttribute("aria-labelledby", "t d"), new XAttribute(XNamespace.Xml + "lang", edition.Language.Code()), new XAttribute("font-family", Fonts),
            new XElement(Svg + "title", new XAttribute("id", "t"), Text(name)),
            new XElement(Svg + "desc", new XAttribute("id", "d"), Text($"{said} {string.Join(edition.IsArabic ? "؛ " : "; ", rows.Select(row => $"{row.Name}: {row.Figure}"))}")),
            Patterns(),
            new XElement(Svg + "rect", new XAttribute("width", Width), new XAttribute("height", height), new XAttribute("fill", "#fff")),
            new XElement(Svg + "rect", new XAttribute("width", Width), new XAttribute("height", 4), new XAttribute("fill", Accent)),
            _drawn).ToString().ReplaceLineEndings("\n") + "\n";
    }

    private static XElement Patterns()
    {
        return new XElement(Svg + "defs",
            Pattern("c", 6, new XAttribute("patternTransform", "rotate(45)"), Ground(6, "#d4e6e6"), new XElement(Svg + "rect", new XAttribute("width", 2.6m), new XAttribute("height", 6), new XAttribute("fill", "#2b7f86"))),
            Pattern("p", 7, Ground(7, "#eef5f4"), new XElement(Svg + "circle", new XAttribute("cx", 3.5m), new XAttribute("cy", 3.5m), new XAttribute("r", 0.9m), new XAttribute("fill", "#2b7f86"))),
            Pattern("w", 7, Ground(7, "#fff"), new XElement(Svg + "path", new XAttribute("d", "M0 0L7 7M7 0L0 7"), new XAttribute("stroke", Ghost), new XAttribute("stroke-width", 0.9m))));

        static XElement Pattern(string id, int size, params object[] content) =>
            new(Svg + "pattern", new XAttribute("id", id), new XAttribute("width", size), new XAttribute("height", size), new XAttribute("patternUnits", "userSpaceOnUse"), content);

        static XElement Ground(int size, string fill) => new(Svg + "rect", new XAttribute("width", size), new XAttribute("height", size), new XAttribute("fill", fill));
    }

    private decimal? NotItemised => reported.BeyondPledged(figures);

    private List<(string Fill, string Stroke, string? Dashes, string Name, string Figure, decimal Usd)> Rows()
    {
        var stages = figures.Stages;
        List<(string, string, string?, LocalizedText, decimal, string)> rows =
        [
            (Accent, Accent, null, Texts.Paid, stages.Paid, figures.QualifierOf(stages.Paid)),
            ("url(#c)", Accent, null, Texts.CommittedUnpaid, stages.CommittedUnpaid, figures.QualifierOf(stages.CommittedUnpaid)),
            ("url(#p)", Accent, null, Texts.PromisedOnly, stages.PromisedOnly, figures.QualifierOf(stages.PromisedOnly)),
            ("url(#w)", Ghost, "4 3", Texts.Withdrawn, stages.Withdrawn, figures.QualifierOf(stages.Withdrawn)),
        ];
        if (NotItemised is { } rest)
        {
            rows.Add(("none", Ghost, "5 4", Texts.NotItemised, rest, reported!.Qualifier));
        }

        return rows.ConvertAll(row => (row.Item1, row.Item2, row.Item3, edition.Say(row.Item4),
            row.Item5 == 0 ? edition.Say(Texts.NoneOnRecord) : new Told { Amount = row.Item5, Qualifier = row.Item6 }.Plain(edition), row.Item5));
    }

    private void Bar(int y)
    {
        var whole = Math.Max(figures.Pledged + (NotItemised ?? 0), 0.01m);
        var x = (decimal)Margin;
        foreach (var (fill, stroke, dashes, _, _, usd) in Rows().Where(row => row.Usd > 0))
        {
            var width = Math.Max(2, usd / whole * Inside);
            width = Math.Min(width, Width - Margin - x);
            Box(x, y, width, 48, fill, stroke, dashes);
            x += width;
        }

        if (figures.Pledged == 0 && NotItemised is null)
        {
            Box(Margin, y, Inside, 48, "none", Ghost, "5 4");
        }
    }

    private void Key(int start, int y, (string Fill, string Stroke, string? Dashes, string Name, string Figure, decimal Usd) row)
    {
        Box(Margin + start, y, 22, 14, row.Fill, row.Stroke, row.Dashes);
        Write(Margin + start + 30, y + 12, row.Name, 14);
        Write(Margin + start + (Inside / 2) - (start == 0 ? 20 : 0), y + 12, row.Figure, 14, isEnd: true, isBold: row.Usd != 0, fill: row.Usd == 0 ? Soft : Ink);
    }

    private void Box(decimal start, int y, decimal width, int height, string fill, string stroke, string? dashes) => _drawn.Add(new XElement(Svg + "rect",
        new XAttribute("x", Plain(edition.IsArabic ? Width - start - width : start)), new XAttribute("y", y), new XAttribute("width", Plain(width)), new XAttribute("height", height),
        new XAttribute("fill", fill), new XAttribute("stroke", stroke), dashes is null ? null : new XAttribute("stroke-dasharray", dashes)));

    // From the start of the line, or up to its end: where that is depends on the direction.
    private void Write(int start, int y, string text, decimal size, bool isEnd = false, bool isBold = false, string fill = Ink) => _drawn.Add(new XElement(Svg + "text",
        new XAttribute("x", edition.IsArabic ? Width - start : start), new XAttribute("y", y), edition.IsArabic ? new XAttribute("direction", "rtl") : null,
        new XAttribute("text-anchor", isEnd ? "end" : "start"), new XAttribute("font-size", Plain(size)), isBold ? new XAttribute("font-weight", 600) : null, new XAttribute("fill", fill), Text(text)));

    /// <summary>A text in lines of about so many characters; what is more than the lines hold is left out.</summary>
    private static List<string> Lines(string text, int length, int most)
    {
        List<string> lines = [];
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(word => word.Chunk(length).Select(part => new string(part))))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= length)
            {
                lines[^1] += " " + word;
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines.Count <= most ? lines : [.. lines.Take(most - 1), lines[most - 1] + " …"];
    }

    // A host name runs from left to right, whatever is around it.
    private static string Isolated(string text) => $"\u2068{text}\u2069";

    private static string Text(string text) => Words.Text.InXml(text);

    private static string Plain(decimal number) => Components.Draw.Plain(number);
}
