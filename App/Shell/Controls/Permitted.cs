using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;

namespace BlazorAdmin.Shell.Controls;

/// <summary>Shows its content to those who hold a permission. What is shown stays while the question is asked again.</summary>
public sealed class Permitted : ComponentBase
{
    private Task<AuthenticationState>? _asked;
    private bool _allowed;

    [Parameter, EditorRequired] public required string Permission { get; set; }

    [Parameter] public RenderFragment? ChildContent { get; set; }

    // A new task means that rights changed.
    [CascadingParameter] private Task<AuthenticationState>? Person { get; set; }

    [Inject] private Guard Guard { get; init; } = null!;

    protected override async Task OnParametersSetAsync()
    {
        if (_asked is not null && _asked == Person) return;
        _asked = Person;
        _allowed = await Guard.Allows(Permission);
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (_allowed) builder.AddContent(0, ChildContent);
    }
}
