using System.Reflection;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Monitor.Otlp;
using BlazorAdmin.Features.Settings;
using static BlazorAdmin.Tests.Features.Settings.SettingsNodes;

namespace BlazorAdmin.Tests.Features.Settings;

/// <summary>A secret that nobody can read does not go to a place that somebody else chose.</summary>
public sealed class SecretTargetsTests : IAsyncLifetime
{
    private readonly SettingsNodes _nodes = new();

    public Task InitializeAsync() => _nodes.InitializeAsync();

    public Task DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task Apply_TargetOfASecret_WantsTheSecretAnewOrGone()
    {
        var node = await _nodes.StartAsync("node");
        (await ApplyAsync(node, new SettingEdit("Probe:Target", "good.example.org"), new SettingEdit("Probe:Token", "s3cret"))).IsDone.ShouldBeTrue();

        foreach (var value in new[] { "evil.example.org", null })
        {
            var issue = (await ApplyAsync(node, new SettingEdit("probe:target", value), new SettingEdit("Probe:Size", "20"))).Issues.ShouldHaveSingleItem();
            (issue.Key, issue.Fault, issue.Arguments[0]).ShouldBe(("Probe:Target", SettingFault.SecretStays, "Probe:Token"));
        }

        (Options(node).Target, Options(node).Token).ShouldBe(("good.example.org", "s3cret"));
        var (edits, plan) = await ManageAsync(node, s => s.PlanImportAsync("a.json", """{ "Probe": { "Target": "evil.example.org" } }"""u8.ToArray()));
        (edits.Count, plan.CanApply).ShouldBe((1, false));
        (await SetAsync(node, "Probe:Color", "red")).IsDone.ShouldBeTrue("another setting says nothing about the secret");
        (await ApplyAsync(node, new SettingEdit("Probe:Target", "new.example.org"), new SettingEdit("Probe:Token", "anew"))).IsDone.ShouldBeTrue();
        (await ApplyAsync(node, new SettingEdit("Probe:Target", "other.example.org"), new SettingEdit("Probe:Token", null))).IsDone.ShouldBeTrue();
        (await SetAsync(node, "Probe:Target", "free.example.org")).IsDone.ShouldBeTrue("there is no secret to lose");
    }

    [Fact]
    public async Task Rollback_OldSecret_DoesNotGoToANewPlace()
    {
        var node = await _nodes.StartAsync("node");
        await ApplyAsync(node, new SettingEdit("Probe:Target", "good.example.org"), new SettingEdit("Probe:Token", "s3cret"));
        var replaced = (await SetAsync(node, "Probe:Token", "other")).Batch!.Value;
        var moved = (await ApplyAsync(node, new SettingEdit("Probe:Target", "evil.example.org"), new SettingEdit("Probe:Token", "mine"))).Batch!.Value;

        var issue = (await ManageAsync(node, s => s.RollbackAsync(replaced, "back"))).Issues.ShouldHaveSingleItem();
        (issue.Key, issue.Fault, issue.Arguments[0]).ShouldBe(("Probe:Token", SettingFault.SecretMoved, "Probe:Target"));
        (await ManageAsync(node, s => s.PlanRollbackAsync(replaced))).CanApply.ShouldBeFalse();
        Options(node).Token.ShouldBe("mine");
        (await ManageAsync(node, s => s.RollbackAsync(moved, "back"))).IsDone.ShouldBeTrue("both go back together");
        (Options(node).Target, Options(node).Token).ShouldBe(("good.example.org", "other"));
    }

    [Fact]
    public void Declared_Secrets_NameSettingsThatExist()
    {
        Declared<MailOptions>(MailOptions.Section, nameof(MailOptions.Password)).ShouldBe(["Mail:Host", "Mail:Port", "Mail:Security", "Mail:AuthorityFile"]);
        Declared<OtlpOptions>(OtlpOptions.Section, nameof(OtlpOptions.Headers)).ShouldBe(["Otlp:Endpoint"]);
        var all = typeof(SentToAttribute).Assembly.GetTypes().SelectMany(type => type.GetProperties()).Where(p => p.IsDefined(typeof(SentToAttribute))).ToList();
        all.ShouldAllBe(p => p.IsDefined(typeof(SecretAttribute)) && p.GetCustomAttribute<SentToAttribute>()!.Targets.All(target => p.DeclaringType!.GetProperty(target) != null));
    }

    private static IReadOnlyList<string> Declared<TOptions>(string section, string secret) where TOptions : class =>
        SettingKeys.Declared(new SettingsSection<TOptions>(section)).Single(key => key.Name == $"{section}:{secret}").SentTo;
}
