using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace PledgeTracker.Site.Components;

/// <summary>A text in a picture. (In a component's markup <c>text</c> is a word of the language that components are written in.)</summary>
public sealed class Label : ComponentBase
{
    [CascadingParameter]
    public required Edition Edition { get; set; }

    /// <summary>Percent of the width, or pixels where <see cref="InPixels"/> is set.</summary>
    [Parameter, EditorRequired]
    public required decimal X { get; set; }

    /// <summary>Pixels.</summary>
    [Parameter, EditorRequired]
    public required decimal Y { get; set; }

    [Parameter, EditorRequired]
    public required string Text { get; set; }

    [Parameter]
    public bool InPixels { get; set; }

    /// <summary>`start`, `middle` or `end` of the line from left to right.</summary>
    [Parameter]
    public string Anchor { get; set; } = "start";

    [Parameter]
    public string Class { get; set; } = "t";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", Class);
        builder.AddAttribute(2, "x", InPixels ? Draw.Plain(X) : Draw.Percent(X));
        builder.AddAttribute(3, "y", Draw.Plain(Y));
        // In a text from right to left the start is on the right.
        builder.AddAttribute(4, "text-anchor", !Edition.IsArabic ? Anchor : Anchor switch { "start" => "end", "end" => "start", _ => Anchor });
        builder.AddAttribute(5, "direction", Edition.IsArabic ? "rtl" : null);
        builder.AddContent(6, Text);
        builder.CloseElement();
    }
}
