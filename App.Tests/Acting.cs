using Bunit;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Tests;

/// <summary>Finds an element and acts on it in one turn of the renderer: between the two, a page that follows what happens may be drawn anew.</summary>
public static class Acting
{
    public static void Act<TComponent>(this IRenderedComponent<TComponent> view, Action act) where TComponent : IComponent => view.InvokeAsync(act).GetAwaiter().GetResult();
}
