using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Mail;

public sealed class MailTemplatePageTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly ShellContext _context = new();
    private readonly Topic<MailChanged> _topic;

    public MailTemplatePageTests(DatabaseFixture fixture)
    {
        var services = _context.Services;
        services.AddSingleton<INodeBus>(new BlazorAdmin.Tests.Live.RecordingBus());
        services.AddSingleton(provider => new Topic<MailChanged>("mail", provider.GetRequiredService<INodeBus>(), provider.GetRequiredService<ILogger<Topic<MailChanged>>>()));
        services.AddSingleton(provider => new Topic<AccessChanged>("access", provider.GetRequiredService<INodeBus>(), provider.GetRequiredService<ILogger<Topic<AccessChanged>>>()));
        services.AddSingleton<IDbContextFactory<AppDbContext>>(new TestDatabases(fixture.ConnectionString, new CommitInterceptor(Microsoft.Extensions.Logging.Abstractions.NullLogger<CommitInterceptor>.Instance)));
        services.AddSingleton(TestDatabases.Dialect).AddSingleton<AccessRegistry>().AddSingleton<PermissionCatalog>().AddScoped<CurrentCaller>().AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<BlazorAdmin.Shell.CurrentPage>();
        services.AddSingleton(MailSite.MakeBox()).AddSingleton<IOptionsMonitor<MailOptions>>(new SetOptions<MailOptions>(new MailOptions())).AddSingleton<IOptionsMonitor<SecurityOptions>>(new SetOptions<SecurityOptions>(new SecurityOptions()));
        MailSetup.AddServices(services);
        _topic = services.GetRequiredService<Topic<MailChanged>>();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _context.DisposeAsync();

    [Fact]
    public void Typing_WrongThenRight_ShowsLineAndThenThePreview()
    {
        var page = Open(MailPermissions.Manage);

        page.Act(() => page.Find("#mail-subject").Input("Hello {{nobody}}"));
        page.WaitForAssertion(() => page.Find("#mail-subject-error").TextContent.ShouldContain("Line 1: there is no variable nobody here"));
        page.Act(() => page.Find("#mail-subject").Input("Hello {{name}}, <b>now</b>"));

        page.WaitForAssertion(() => page.Find("[data-preview=subject]").TextContent.ShouldBe("Hello Grace Hopper, <b>now</b>"));
        page.Find("#mail-subject-error").TextContent.ShouldBeEmpty();
        var frame = page.Find("iframe");
        frame.GetAttribute("sandbox").ShouldBe("", "nothing is allowed inside");
        frame.GetAttribute("srcdoc").ShouldNotBeNull().ShouldContain("Choose new password");
    }

    [Fact]
    public async Task Save_ThenRestore_MakesVersions()
    {
        var page = Open(MailPermissions.Manage, "jobs.finished");
        page.Act(() => page.Find("#mail-subject").Input("Done: {{job}}"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForAssertion(() => page.Find("button.main").TextContent.ShouldBe("Save version 2"));
        page.WaitForAssertion(() => page.FindAll(".versions > li").Count.ShouldBe(2));
        page.Find("button.main").HasAttribute("disabled").ShouldBeTrue("nothing is changed");
    }

    [Fact]
    public async Task Open_StoredTemplateCannotBeFilledIn_SaysSoAndCanBeRestored()
    {
        await using (var db = await _context.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync())
        {
            db.Add(new MailTemplateVersion { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Template = "account.lockout", Language = "en", Version = 1, Subject = "Locked", Text = "{{time}}}", Html = "\\{{#if time}}x{{/if}}" });
            await db.SaveChangesAsync();
        }

        var page = Open(MailPermissions.Manage, "account.lockout");

        page.WaitForAssertion(() => page.Find("#mail-text-error").TextContent.ShouldContain("Line 1: time} is not allowed"));
        page.Find("#mail-html-error").TextContent.ShouldContain("\\{{#if time}} is not allowed");
        page.Act(() => page.Find("#mail-text").Input("{{#if time}}a{{else}}b{{else}}c{{/if}}"));
        page.Act(() => page.Find("#mail-html").Input("x"));
        page.WaitForAssertion(() => page.Find("#mail-text-error").TextContent.ShouldContain("it cannot be filled in with the sample values"));
        page.Act(() => page.Find("#mail-text").Input("{{time}} }"));
        page.WaitForAssertion(() => page.Find("#mail-text-error").TextContent.ShouldBeEmpty());
        page.WaitForElement("button[aria-label='Restore version 0']");
    }

    [Fact]
    public void Diff_RenderedAgainWithTheSameTexts_ComparesNothing()
    {
        var (before, after) = (new MailParts("a", "b", "c"), new MailParts("a", "x", "c"));
        var diff = _context.Render<MailDiff>(parameters => parameters.Add(d => d.Before, before).Add(d => d.After, after));
        diff.Find(".diff .ok").TextContent.ShouldContain("x");

        diff.Render(parameters => parameters.Add(d => d.Before, before).Add(d => d.After, after with { }));
        diff.RenderCount.ShouldBe(1);
        diff.Render(parameters => parameters.Add(d => d.Before, before).Add(d => d.After, after with { Text = "y" }));
        diff.Find(".diff .ok").TextContent.ShouldContain("y");
    }

    [Fact]
    public void Reader_SeesTextsAndCannotChange()
    {
        var page = Open(MailPermissions.Read, "account.setup");
        page.Find("#mail-text").HasAttribute("readonly").ShouldBeTrue();
        page.FindAll("button.main").ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispose_Open_LeavesNoSubscriber()
    {
        var page = Open(MailPermissions.Manage, "mail.test");
        page.WaitForAssertion(() => _topic.SubscriberCount.ShouldBe(1));
        await page.InvokeAsync(() => _context.DisposeComponentsAsync());
        _topic.SubscriberCount.ShouldBe(0);
    }

    private IRenderedComponent<MailTemplatePage> Open(string permission, string key = "account.reset")
    {
        _context.Services.GetRequiredService<CurrentCaller>().Use(new Caller(null, null, "Ada", AppDbContext.DefaultTenant, null, new[] { MailPermissions.Read, permission }.ToFrozenSet()));
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo($"/admin/mail/templates/{key}?lang=en");
        var page = _context.Render<MailTemplatePage>(parameters => parameters.Add(p => p.Key, key));
        page.WaitForElement("#mail-subject");
        return page;
    }
}
