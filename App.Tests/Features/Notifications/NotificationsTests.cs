using System.Collections.Frozen;
using System.Globalization;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Notifications;

public sealed class NotificationsTests(DatabaseFixture postgres) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly Office _office = new(postgres.ConnectionString);

    [Fact]
    public async Task ListAsync_PersonRoleAndEverybody_EachSeesExactlyTheirs()
    {
        var anna = await _office.AddPersonAsync("Anna", "Operator");
        var ben = await _office.AddPersonAsync("Ben");
        await _office.NotifyAsync(Audience.Person(anna.PersonId), "only for Anna");
        await _office.NotifyAsync(Audience.OfRole("Operator"), "for operators");
        await _office.NotifyAsync(Audience.Everybody, "for all");
        (await TitlesAsync(anna)).ShouldBe(["for all", "for operators", "only for Anna"]);
        (await TitlesAsync(ben)).ShouldBe(["for all"]);
        (await _office.Of(anna).CountUnreadAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task ListAsync_SaidToEverybodyBeforeSomebodyCame_IsNotNewsToThem()
    {
        await _office.NotifyAsync(Audience.Everybody, "old news");
        var late = await _office.AddPersonAsync("Late");
        (await TitlesAsync(late)).ShouldBeEmpty();
        (await _office.Of(late).CountUnreadAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task ListAsync_PageAfterPage_GivesEveryOneOnce()
    {
        var carl = await _office.AddPersonAsync("Carl", "Pagers");
        for (var i = 0; i < 20; i++)
            await _office.NotifyAsync(i % 3 == 0 ? Audience.Everybody : i % 3 == 1 ? Audience.OfRole("Pagers") : Audience.Person(carl.PersonId), $"n{i}");
        var read = new List<NotificationItem>();
        while (await _office.Of(carl).ListAsync(7, read.Count == 0 ? null : read[^1].Id) is { Count: > 0 } page) read.AddRange(page);
        read.Select(n => n.Title).ShouldBe(Enumerable.Range(0, 20).Reverse().Select(i => $"n{i}"));
    }

    [Fact]
    public async Task MarkReadAsync_One_IsReadForThatPersonOnly()
    {
        var dora = await _office.AddPersonAsync("Dora");
        var emil = await _office.AddPersonAsync("Emil");
        var id = await _office.NotifyAsync(Audience.Everybody, "both");
        await _office.NotifyAsync(Audience.Everybody, "both too");
        await _office.Of(dora).MarkReadAsync(id);
        await _office.Of(dora).MarkReadAsync(id);
        (await _office.Of(dora).CountUnreadAsync()).ShouldBe(1);
        (await _office.Of(dora).ListAsync(10, unreadOnly: true)).Select(n => n.Title).ShouldBe(["both too"]);
        (await _office.Of(dora).ListAsync(10)).Single(n => n.Id == id).IsRead.ShouldBeTrue();
        (await _office.Of(emil).CountUnreadAsync()).ShouldBe(2);
        _office.Published.ShouldContain(new NotificationsChanged(null, dora.TenantId, dora.PersonId, null));
    }

    [Fact]
    public async Task MarkReadAsync_SomebodyElses_ChangesNothing()
    {
        var frida = await _office.AddPersonAsync("Frida");
        var gustav = await _office.AddPersonAsync("Gustav");
        var id = await _office.NotifyAsync(Audience.Person(frida.PersonId), "private");
        await _office.Of(gustav).MarkReadAsync(id);
        await using var db = _office.Databases.CreateDbContext();
        (await db.Set<NotificationRead>().AnyAsync(r => r.NotificationId == id)).ShouldBeFalse();
    }

    [Fact]
    public async Task MarkAllReadAsync_TwoWindowsAtOnce_AllAreReadOnce()
    {
        var hanna = await _office.AddPersonAsync("Hanna");
        for (var i = 0; i < 40; i++) await _office.NotifyAsync(Audience.Person(hanna.PersonId), $"n{i}");
        await Task.WhenAll(_office.Of(hanna).MarkAllReadAsync(), _office.Of(hanna).MarkAllReadAsync());
        (await _office.Of(hanna).CountUnreadAsync()).ShouldBe(0);
        await using var db = _office.Databases.CreateDbContext();
        (await db.Set<NotificationRead>().CountAsync(r => r.UserId == hanna.PersonId)).ShouldBe(40);
    }

    [Fact]
    public async Task CountUnreadAsync_VeryMany_StopsAtTheLimit()
    {
        var ida = await _office.AddPersonAsync("Ida");
        await using var db = _office.Databases.CreateDbContext();
        for (var i = 0; i < 120; i++) db.Notify(Caller.Portal, Audience.Person(ida.PersonId), "test.event", NotificationLevel.Info, NotificationText.Plain("n"));
        await db.SaveChangesAsync();
        (await _office.Of(ida).CountUnreadAsync()).ShouldBe(BlazorAdmin.Features.Notifications.Notifications.CountLimit);
    }

    [Fact]
    public async Task Notify_InTransaction_IsPublishedWithItsIdAfterTheCommitOnly()
    {
        var jan = await _office.AddPersonAsync("Jan");
        await using var db = _office.Databases.CreateDbContext();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            db.Notify(Caller.Portal, Audience.Person(jan.PersonId), "test.event", NotificationLevel.Info, NotificationText.Plain("rolled back"));
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
        }

        _office.Published.ShouldBeEmpty();
        db.ChangeTracker.Clear();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            db.Notify(Caller.Portal, Audience.Person(jan.PersonId), "test.event", NotificationLevel.Info, NotificationText.Plain("kept"));
            await db.SaveChangesAsync();
            _office.Published.ShouldBeEmpty();
            await transaction.CommitAsync();
        }

        var published = _office.Published.ShouldHaveSingleItem();
        published.UserId.ShouldBe(jan.PersonId);
        (await _office.Of(jan).ListAsync(10)).ShouldHaveSingleItem().Id.ShouldBe(published.Id!.Value);
    }

    [Theory]
    [InlineData("en", "Message sent", "from Köln")]
    [InlineData("de", "Nachricht gesendet", "von Köln")]
    public async Task Notify_TextOfASlice_IsReadInTheReadersLanguage(string language, string title, string body)
    {
        var kim = await _office.AddPersonAsync($"Kim {language}");
        await using var db = _office.Databases.CreateDbContext();
        db.Notify(Caller.Portal, Audience.Person(kim.PersonId), "test.event", NotificationLevel.Ok, NotificationText.Of<NotificationsTexts>("Sent", "From", "Köln"), "/documents");
        await db.SaveChangesAsync();
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = new CultureInfo(language);
            var item = (await _office.Of(kim).ListAsync(10)).ShouldHaveSingleItem();
            (item.Title, item.Body, item.Url).ShouldBe((title, body, "/documents"));
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public void Notify_UrlOfAnotherPlace_IsRefused()
    {
        using var db = _office.Databases.CreateDbContext();
        Should.Throw<ArgumentException>(() => db.Notify(Caller.Portal, Audience.Everybody, "test.event", NotificationLevel.Info, NotificationText.Plain("x"), "https://example.org/"));
    }

    [Fact]
    public async Task SendMessageAsync_WithoutPermission_IsRefusedAndAudited()
    {
        var lena = await _office.AddPersonAsync("Lena");
        await Should.ThrowAsync<ForbiddenException>(() => _office.Of(lena).SendMessageAsync(Audience.Everybody, NotificationLevel.Info, "hello", null));
        await using var db = _office.Databases.CreateDbContext();
        (await db.Set<AuditEntry>().AnyAsync(a => a.ActorId == lena.UserId && a.Outcome == AuditOutcome.Denied)).ShouldBeTrue();
    }

    [Fact]
    public async Task SendMessageAsync_Allowed_ArrivesWithTheSendersNameAndIsAudited()
    {
        var mia = (await _office.AddPersonAsync("Mia")) with { Permissions = new[] { NotificationsPermissions.Send }.ToFrozenSet() };
        var nils = await _office.AddPersonAsync("Nils");
        await _office.Of(mia).SendMessageAsync(Audience.Person(nils.PersonId), NotificationLevel.Warning, "  Restart at noon ", "Please save.");
        var item = (await _office.Of(nils).ListAsync(10)).ShouldHaveSingleItem();
        (item.Title, item.Body, item.Sender, item.Level).ShouldBe(("Restart at noon", "Please save.", "Mia", NotificationLevel.Warning));
        await using var db = _office.Databases.CreateDbContext();
        (await db.Set<AuditEntry>().CountAsync(a => a.ActorId == mia.UserId && a.Action == "messages.send")).ShouldBe(1);
    }

    [Fact]
    public async Task CleanUp_OldOnes_AreDeletedWithTheirReadState()
    {
        var olga = await _office.AddPersonAsync("Olga");
        var id = await _office.NotifyAsync(Audience.Person(olga.PersonId), "old");
        var kept = await _office.NotifyAsync(Audience.Person(olga.PersonId), "new");
        await _office.Of(olga).MarkReadAsync(id);
        await using var db = _office.Databases.CreateDbContext();
        await db.Set<Notification>().Where(n => n.Id == id).ExecuteUpdateAsync(set => set.SetProperty(n => n.CreatedAt, DateTimeOffset.UtcNow.AddDays(-91)));
        using var cleanUp = new NotificationCleanUp(_office.Databases, new BlazorAdmin.Data.DatabaseState(), new Monitor(), TimeProvider.System, NullLogger<NotificationCleanUp>.Instance);
        (await cleanUp.DeleteAsync(CancellationToken.None)).ShouldBe(1);
        (await db.Set<Notification>().Where(n => n.UserId == olga.UserId).Select(n => n.Id).ToListAsync()).ShouldBe([kept]);
        (await db.Set<NotificationRead>().AnyAsync(r => r.NotificationId == id)).ShouldBeFalse();
    }

    public void Dispose() => _office.Dispose();

    private async Task<List<string>> TitlesAsync(Caller caller) => [.. (await _office.Of(caller).ListAsync(50)).Select(n => n.Title)];

    private sealed class Monitor : IOptionsMonitor<NotificationsOptions>
    {
        public NotificationsOptions CurrentValue { get; } = new();

        public NotificationsOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<NotificationsOptions, string?> listener) => null;
    }
}
