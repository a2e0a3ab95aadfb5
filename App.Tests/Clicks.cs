using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Tests;

internal static class Clicks
{
    /// <summary>Finds and clicks in one turn of the renderer: a live view may draw itself anew between the two.</summary>
    public static Task ClickOnAsync<TComponent>(this IRenderedComponent<TComponent> view, Func<IRenderedComponent<TComponent>, IElement> find) where TComponent : IComponent =>
        view.InvokeAsync(() => find(view).ClickAsync());
}
