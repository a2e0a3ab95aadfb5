using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Logs;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Security;

namespace BlazorAdmin.Tests.Features.Settings;

public sealed class SettingShapeTests
{
    [Theory]
    [InlineData(typeof(LogsOptions), nameof(LogsOptions.Level), "warning", null)]
    [InlineData(typeof(LogsOptions), nameof(LogsOptions.Level), "loud", SettingFault.NotOffered)]
    [InlineData(typeof(LogsOptions), nameof(LogsOptions.TraceShare), "0.5", null)]
    [InlineData(typeof(LogsOptions), nameof(LogsOptions.TraceShare), "0,5", SettingFault.NotNumber)]
    [InlineData(typeof(LogsOptions), nameof(LogsOptions.TraceShare), "NaN", SettingFault.NotNumber)]
    [InlineData(typeof(LogsOptions), nameof(LogsOptions.TraceShare), "1.5", SettingFault.OutOfRange)]
    [InlineData(typeof(LogsOptions), nameof(LogsOptions.MostRows), "1000000000000000000000", SettingFault.NotWhole)]
    [InlineData(typeof(LogsOptions), nameof(LogsOptions.MostRows), "", SettingFault.NotWhole)]
    [InlineData(typeof(SecurityOptions), nameof(SecurityOptions.PublicUrl), "https://portal.example.org", null)]
    [InlineData(typeof(SecurityOptions), nameof(SecurityOptions.PublicUrl), "portal", SettingFault.NotAddress)]
    [InlineData(typeof(MonitorOptions), nameof(MonitorOptions.Families), "maybe", SettingFault.NotToggle)]
    [InlineData(typeof(MonitorOptions), nameof(MonitorOptions.HostRoot), " ", SettingFault.Missing)]
    [InlineData(typeof(BlazorAdmin.Features.Documents.Reading.ReadingOptions), "Languages", "deu+eng", null)]
    [InlineData(typeof(BlazorAdmin.Features.Documents.Reading.ReadingOptions), "Languages", "deu eng", SettingFault.Malformed)]
    public void Check_Value_SaysWhatIsWrong(Type options, string property, string value, SettingFault? fault) =>
        (SettingShape.Of(options.GetProperty(property)!).Check("Key", value)?.Fault).ShouldBe(fault);

    [Fact]
    public void Of_Properties_KnowKindAndRestart()
    {
        SettingShape.Of(typeof(SecurityOptions).GetProperty(nameof(SecurityOptions.KnownProxies))!).ShouldSatisfyAllConditions(s => s.Kind.ShouldBe(SettingKind.List), s => s.NeedsRestart.ShouldBeFalse());
        SettingShape.Of(typeof(MonitorOptions).GetProperty(nameof(MonitorOptions.KeptSamples))!).NeedsRestart.ShouldBeTrue();
        SettingShape.Of(typeof(MonitorOptions).GetProperty(nameof(MonitorOptions.HostRoot))!).NeedsRestart.ShouldBeTrue();
        SettingShape.Of(typeof(MonitorOptions).GetProperty(nameof(MonitorOptions.Families))!).ShouldSatisfyAllConditions(s => s.Kind.ShouldBe(SettingKind.Map), s => s.Entry!.Kind.ShouldBe(SettingKind.Toggle));
        SettingShape.Of(typeof(ProbeOptions).GetProperty(nameof(ProbeOptions.Size))!).NeedsRestart.ShouldBeFalse();
    }

    [Theory]
    [InlineData("x", "Key:0=x")]
    [InlineData("b\na\nc", "Key:0=b|Key:1=a|Key:2=c")]
    [InlineData(" a \n\n b ", "Key:1=b")]
    [InlineData("a", "")]
    public void Lines_OfAList_AreEditsOfWhatDiffers(string text, string expected)
    {
        var setting = new SettingValue
        {
            Section = "S", Key = "Key", Shape = SettingShape.Of(typeof(ProbeOptions).GetProperty(nameof(ProbeOptions.Names))!), Value = "a",
            Items = [new SettingItem("Key:0", "a", SettingSource.Database, null, true, false, 3)],
        };
        var (edits, issues) = SettingLines.Read(setting, text);
        issues.ShouldBeEmpty();
        string.Join('|', edits.Select(e => $"{e.Key}={e.Value}")).ShouldBe(expected);
        edits.ShouldAllBe(e => e.Version == (e.Key == "Key:0" ? 3 : 0));
    }

    [Fact]
    public void Lines_OfAMap_NameWhatIsNoPair()
    {
        var setting = new SettingValue { Section = "S", Key = "Key", Shape = SettingShape.Of(typeof(MonitorOptions).GetProperty(nameof(MonitorOptions.Families))!) };
        var (edits, issues) = SettingLines.Read(setting, "Disk = false\nNetwork\nDISK=true\nA:B=1");
        edits.Select(e => (e.Key, e.Value)).ShouldBe([("Key:Disk", "false")]);
        issues.Select(i => i.Fault).ShouldBe([SettingFault.NotAPair, SettingFault.Twice, SettingFault.NotAPair]);
    }

    [Fact]
    public void Place_ToLinkAndBack_IsTheSame()
    {
        SettingsPlace.Of(null, null).Link.ShouldBe("/admin/system");
        SettingsPlace.Of("Jobs:Signals", " a&b ").Link.ShouldBe("/admin/system?section=Jobs%3ASignals&q=a%26b");
    }
}
