using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace PledgeTracker.Site;

/// <summary>Components as text.</summary>
internal static class Html
{
    /// <summary>A whole page.</summary>
    public static async Task<string> WriteAsync(IServiceProvider services, Edition edition, Shown shown)
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<Layout>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Layout.Edition)] = edition, [nameof(Layout.Shown)] = shown }));
            return "<!DOCTYPE html>" + root.ToHtmlString() + "\n";
        });
    }
}
