using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Tests.Features.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Documents.Intake;

/// <summary>Which folders are watched is for the server's configuration to say, never for the portal.</summary>
public sealed class WatchedFoldersSettingTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData("Documents:WatchedFolders:0", "x")]
    [InlineData("Documents:WatchedFolders:0:Path", "/etc")]
    [InlineData("Documents:WatchedFolders", "x")]
    public async Task Set_InThePortal_IsRefused(string key, string value)
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<SettingsService>().SetAsync(key, value)).IsDone.ShouldBeFalse();
        fixture.Services.GetRequiredService<IOptionsMonitor<ReadingOptions>>().CurrentValue.WatchedFolders.ShouldBeEmpty();
    }
}
