using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Tests.Shell;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Tests.Features.Monitor;

public sealed class CollectorStatementTests
{
    [Theory]
    [InlineData("en", "HostRoot")]
    [InlineData("de", "HostRoot")]
    public void Text_FolderWithoutProc_NamesFolderAndSetting(string culture, string setting)
    {
        using var host = new HostFolder();
        var text = Text(culture, host.Root).ShouldNotBeNull();
        if (!OperatingSystem.IsLinux()) return;
        text.ShouldContain(host.Root);
        text.ShouldContain(setting);
    }

    [Fact]
    public void Text_ReadableMachine_IsSilent()
    {
        using var host = new HostFolder();
        host.Write("proc/stat", "cpu  1 2 3 4\n");
        Text("en", host.Root).ShouldBeNull();
    }

    private static string? Text(string culture, string root)
    {
        using var context = new ShellContext(culture);
        return new CollectorStatement(root).Text(context.Services.GetRequiredService<IStringLocalizer<MonitorTexts>>());
    }
}
