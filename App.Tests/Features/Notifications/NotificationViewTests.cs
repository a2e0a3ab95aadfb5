using System.Collections.Frozen;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Notifications;

public sealed class NotificationViewTests(DatabaseFixture postgres) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly Office _office = new(postgres.ConnectionString);
    private readonly ShellContext _page = new();
    private readonly Topic<AccessChanged> _access = new("access", new RecordingBus(), NullLogger<Topic<AccessChanged>>.Instance);
    private Caller _anna = null!;

    public async Task InitializeAsync()
    {
        _anna = await _office.AddPersonAsync($"Anna {Guid.NewGuid():N}", $"Role {Guid.NewGuid():N}");
        _page.Services.AddScoped<PageVisibility>();
        _page.Services.AddSingleton(_office.Topic);
        _page.Services.AddSingleton(_access);
        _page.Services.AddSingleton(_ => _office.Current(_anna));
        _page.Services.AddSingleton(_ => _office.Of(_anna));
        _page.Services.AddSingleton(_ => new Guard(_office.Current(_anna), _office.Databases));
        _page.Services.AddOptions<NotificationsOptions>();
    }

    public async Task DisposeAsync()
    {
        await _page.DisposeComponentsAsync();
        _office.Topic.SubscriberCount.ShouldBe(1, "only the office itself listens on");
        _access.SubscriberCount.ShouldBe(0);
        await _page.DisposeAsync();
        _office.Dispose();
    }

    [Fact]
    public async Task Bell_NewNotification_CountsItLive()
    {
        var bell = _page.Render<NotificationBell>();
        bell.WaitForAssertion(() => bell.Find("summary").GetAttribute("aria-label").ShouldBe("Notifications, none unread"));
        bell.FindAll(".badge").ShouldBeEmpty();
        await _office.NotifyAsync(Audience.Person(_anna.PersonId), "Your file is ready");
        bell.WaitForAssertion(() => bell.Find(".badge").TextContent.ShouldBe("1"));
        bell.Find("summary").GetAttribute("aria-label").ShouldBe("Notifications, 1 unread");
        bell.Find(".sr[role=status]").TextContent.ShouldBe("Notifications, 1 unread");
    }

    [Fact]
    public async Task Bell_NotificationOfSomebodyElse_DoesNotReadAgain()
    {
        await _office.NotifyAsync(Audience.Person(_anna.PersonId), "mine");
        var bell = _page.Render<NotificationBell>();
        bell.WaitForAssertion(() => bell.Find(".badge").TextContent.ShouldBe("1"));
        // The first reading may still be drawn once more when it ends; one for a message is drawn once.
        await _office.NotifyAsync(Audience.Person(_anna.PersonId), "mine too");
        bell.WaitForAssertion(() => bell.Find(".badge").TextContent.ShouldBe("2"));
        var renders = bell.RenderCount;
        await _office.NotifyAsync(Audience.Person(Guid.NewGuid()), "private");
        await _office.NotifyAsync(Audience.OfRole("Nobody here"), "role");
        bell.RenderCount.ShouldBe(renders);
    }

    [Fact]
    public async Task Bell_Opened_ShowsTheLatestAndMarksAllRead()
    {
        await _office.NotifyAsync(Audience.Person(_anna.PersonId), "First");
        await _office.NotifyAsync(Audience.Person(_anna.PersonId), "Second", NotificationLevel.Bad);
        var bell = _page.Render<NotificationBell>();
        bell.WaitForAssertion(() => bell.Find(".badge").TextContent.ShouldBe("2"));
        bell.Find("details").TriggerEvent("ontoggle", EventArgs.Empty);
        bell.WaitForAssertion(() => bell.FindAll("article.unread").Count.ShouldBe(2));
        bell.FindAll("article")[0].TextContent.ShouldContain("Problem");
        bell.Act(() => bell.FindAll("button").Single(b => b.TextContent == "Mark all as read").Click());
        bell.WaitForAssertion(() => bell.FindAll("article.unread").ShouldBeEmpty());
        bell.FindAll(".badge").ShouldBeEmpty();
        bell.FindAll("article").Count.ShouldBe(2);
    }

    [Fact]
    public async Task Bell_WarningArrives_ShowsAToast()
    {
        var toasts = _page.Services.GetRequiredService<Toasts>();
        await _office.NotifyAsync(Audience.Person(_anna.PersonId), "before");
        var bell = _page.Render<NotificationBell>();
        bell.WaitForAssertion(() => bell.Find(".badge").TextContent.ShouldBe("1"));
        toasts.Shown.ShouldBeEmpty();
        await _office.NotifyAsync(Audience.Person(_anna.PersonId), "Disk is full", NotificationLevel.Warning);
        await Eventually.Holds(() => toasts.Shown.Count == 1);
        toasts.Shown[0].Text.ShouldBe("Disk is full");
    }

    [Fact]
    public async Task Page_List_MarksReadFollowsLiveAndHidesTheFormWithoutPermission()
    {
        await _office.NotifyAsync(Audience.Person(_anna.PersonId), "One");
        var page = _page.Render<NotificationsPage>();
        page.WaitForAssertion(() => page.FindAll("article.unread").Count.ShouldBe(1));
        page.FindAll("form").ShouldBeEmpty();
        page.Act(() => page.Find("article button").Click());
        page.WaitForAssertion(() => page.FindAll("article.unread").ShouldBeEmpty());
        await _office.NotifyAsync(Audience.Everybody, "Two");
        page.WaitForAssertion(() => page.FindAll("article").Count.ShouldBe(2));
    }

    [Fact]
    public void Page_Nothing_SaysWhatComesHere()
    {
        var page = _page.Render<NotificationsPage>();
        page.WaitForAssertion(() => page.Find(".state h2").TextContent.ShouldBe("Nothing yet"));
    }

    [Fact]
    public async Task Page_MayWrite_SendsToARole()
    {
        _anna = _anna with { Permissions = new[] { NotificationsPermissions.Send }.ToFrozenSet() };
        var ben = await _office.AddPersonAsync($"Ben {Guid.NewGuid():N}", "Readers");
        var page = _page.Render<NotificationsPage>();
        page.WaitForAssertion(() => page.FindAll("#message-to option").Count.ShouldBeGreaterThan(1));
        page.Act(() => page.Find("form").Submit());
        page.WaitForAssertion(() => page.Find("#message-error").TextContent.ShouldBe("A message needs a title."));
        page.Act(() => page.Find("#message-to").Change("Readers"));
        page.Act(() => page.Find("#message-title").Change("Hello readers"));
        page.Act(() => page.Find("form").Submit());
        await Eventually.Holds(async () => (await _office.Of(ben).ListAsync(5)).Any(n => n is { Title: "Hello readers", Role: "Readers" }));
    }

    [Fact]
    public async Task Widget_OnlyUnread_IsShown()
    {
        var widget = _page.Render<NotificationsWidget>();
        widget.WaitForAssertion(() => widget.Find("p.muted").TextContent.ShouldBe("Everything is read"));
        await _office.NotifyAsync(Audience.Person(_anna.PersonId), "Look here");
        widget.WaitForAssertion(() => widget.Find("article").TextContent.ShouldContain("Look here"));
    }
}
