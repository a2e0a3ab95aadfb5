using BlazorAdmin.Live;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;

namespace BlazorAdmin.Tests.Live;

public sealed class VisibilityWatcherTests : BunitContext
{
    private readonly PageVisibility _visibility = new();

    public VisibilityWatcherTests() => Services.AddSingleton(_visibility);

    [Fact]
    public async Task SetHidden_FromTheBrowser_ThePageIsHiddenUntilShown()
    {
        var module = JSInterop.SetupModule("./js/visibility.js");
        var watch = module.SetupModule("watch", _ => true);
        watch.SetupVoid("stop").SetVoidResult();
        var cut = Render<VisibilityWatcher>();
        module.VerifyInvoke("watch");
        cut.Instance.SetHidden(true);
        _visibility.IsHidden.ShouldBeTrue();
        cut.Instance.SetHidden(false);
        _visibility.IsHidden.ShouldBeFalse();
        await DisposeComponentsAsync();
        watch.VerifyInvoke("stop");
    }

    [Fact]
    public void Render_ModuleCannotBeLoaded_ThePageCountsAsSeen()
    {
        Services.AddSingleton<IJSRuntime>(new BrokenBrowser());
        Render<VisibilityWatcher>();
        _visibility.IsHidden.ShouldBeFalse();
    }

    private sealed class BrokenBrowser : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => throw new JSException("no such file");

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => throw new JSException("no such file");
    }
}
