using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Rendering;

namespace BlazorAdmin.Shell.Controls;

/// <summary>An <see cref="InputFile"/> that cannot be used before the browser listens to it: a file chosen earlier would be lost without a word.</summary>
public sealed class FilePick : InputFile
{
    private bool _listens;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        AdditionalAttributes = new Dictionary<string, object>(AdditionalAttributes ?? new Dictionary<string, object>(), StringComparer.Ordinal) { ["disabled"] = !_listens };
        base.BuildRenderTree(builder);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        await base.OnAfterRenderAsync(firstRender);
        if (_listens) return;
        _listens = true;
        StateHasChanged();
    }
}
