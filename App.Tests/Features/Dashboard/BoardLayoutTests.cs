using System.Text.Json;
using BlazorAdmin.Features.Dashboard;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Tests.Features.Dashboard;

public sealed class BoardLayoutTests
{
    private static readonly DashboardWidget Widget = new("w", typeof(DashboardTexts), "Dashboard", typeof(AttentionWidget), null, 3, 0)
    {
        Settings =
        [
            WidgetSetting.Choice("minutes", "Name", new("1", "Name"), new("5", "Name")),
            WidgetSetting.Number("rows", "Name", 3, 20, 6),
            WidgetSetting.Toggle("failures", "Name"),
        ],
    };

    [Fact]
    public void Json_RoundTrip_KeepsEverything()
    {
        var layout = new BoardLayout([new("1", "monitor.cpu", new(0, 1, 3, 4), new Dictionary<string, string> { ["minutes"] = "5" }), new("2", "audit.recent", new(3, 0, 8, 6))]);
        var json = layout.ToJson();
        json.ShouldBe("""{"items":[{"k":"1","w":"monitor.cpu","p":[0,1,3,4],"s":{"minutes":"5"}},{"k":"2","w":"audit.recent","p":[3,0,8,6]}]}""");
        BoardLayout.FromJson(json).ToJson().ShouldBe(json);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1,2]")]
    [InlineData("{\"items\":[null]}")]
    [InlineData("{\"items\":[{\"k\":\"1\",\"w\":\"x\",\"p\":[0,0,1]}]}")]
    [InlineData("{\"items\":[{\"k\":\"\",\"w\":\"x\",\"p\":[0,0,1,1]}]}")]
    [InlineData("{\"items\":[{\"k\":\"1\",\"p\":[0,0,1,1]}]}")]
    [InlineData("{\"items\":[{\"k\":\"1\",\"w\":\"x\",\"p\":[0,0,1,1]},{\"k\":\"1\",\"w\":\"y\",\"p\":[0,0,1,1]}]}")]
    [InlineData("{\"items\":[{\"k\":\"1\",\"w\":\"x\",\"p\":[0,0,1,99999999999]}]}")]
    public void FromJson_SomethingElse_IsRefused(string json) => Should.Throw<JsonException>(() => BoardLayout.FromJson(json));

    [Fact]
    public void FromJson_TooManyCards_IsRefused() =>
        Should.Throw<JsonException>(() => BoardLayout.FromJson(new BoardLayout([.. Enumerable.Range(0, BoardLayout.MostItems + 1).Select(i => new BoardItem($"{i}", "x", default))]).ToJson()));

    [Fact]
    public void NewKey_AfterAGap_FillsIt() => BoardLayout.NewKey([new("1", "x", default), new("3", "x", default)]).ShouldBe("2");

    [Fact]
    public void Settings_StoredNonsense_FallsBackToDefaults()
    {
        var settings = WidgetSettings.Of(Widget, new Dictionary<string, string> { ["minutes"] = "7", ["rows"] = "9999", ["failures"] = "yes", ["other"] = "x" });
        settings.Chosen.ShouldBeEmpty();
        (settings.Number("minutes"), settings.Number("rows"), settings.IsOn("failures")).ShouldBe((1, 6, false));
        settings.ShouldBe(WidgetSettings.Of(Widget, null));
        Should.Throw<KeyNotFoundException>(() => settings["other"]);
    }

    [Fact]
    public void Settings_AllowedValues_AreKept()
    {
        var settings = WidgetSettings.Of(Widget, new Dictionary<string, string> { ["minutes"] = "5", ["rows"] = " 20 ", ["failures"] = "true" });
        (settings.Number("minutes"), settings["rows"], settings.IsOn("failures")).ShouldBe((5, "20", true));
        settings.ShouldNotBe(WidgetSettings.Of(Widget, null));
    }

    [Theory]
    [InlineData("3", "3")]
    [InlineData("2", null)]
    [InlineData("21", null)]
    [InlineData("six", null)]
    [InlineData("6.5", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Accept_Number_OnlyWholeOnesWithinBounds(string? value, string? expected) => Widget.Settings[1].Accept(value).ShouldBe(expected);
}
