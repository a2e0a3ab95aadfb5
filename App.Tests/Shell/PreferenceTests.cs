using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Shell;

public sealed class PreferenceTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task SetTheme_Person_IsStoredAuditedAndTold()
    {
        var databases = new TestDatabases(database.ConnectionString);
        var user = new User { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, UserName = "mira", NormalizedUserName = "MIRA", DisplayName = "Mira", CreatedAt = DateTimeOffset.UtcNow };
        await using (var db = databases.CreateDbContext())
        using (AuditScope.EngineOwn())
        {
            db.Add(user);
            await db.SaveChangesAsync();
        }

        var topic = new Topic<AccessChanged>("access", new RecordingBus(), NullLogger<Topic<AccessChanged>>.Instance);
        var told = new List<AccessChanged>();
        using var subscription = topic.Subscribe(told.Add);
        await using var services = new ServiceCollection().BuildServiceProvider();
        var current = new CurrentCaller(null!, services);
        current.Use(new Caller(user.Id, null, "Mira", AppDbContext.DefaultTenant, null, FrozenSet<string>.Empty));
        var store = new PreferenceStore(databases, current, new Guard(current, databases), topic);

        await store.SetThemeAsync(Theme.Dark);
        await store.SetThemeAsync(Theme.Dark);
        await store.SetLanguageAsync("de");
        await store.SetTimeZoneAsync("Europe/Berlin");

        (await store.ReadAsync()).ShouldBe(new Preferences(Theme.Dark, Density.Normal, "de", "Europe/Berlin"));
        told.Count.ShouldBe(3);
        await using var check = databases.CreateDbContext();
        (await check.Set<AuditEntry>().CountAsync(entry => entry.Action == "account.prefer" && entry.ActorId == user.Id)).ShouldBe(3);
        await Should.ThrowAsync<ArgumentException>(() => store.SetLanguageAsync("tlh"));
        await Should.ThrowAsync<ArgumentException>(() => store.SetTimeZoneAsync("Mars/Olympus"));
    }

    [Theory]
    [InlineData("theme=dark; density=compact; tz=Europe%2FBerlin", Theme.Dark, Density.Compact, "Europe/Berlin")]
    [InlineData("theme=77; density=<b>; tz=Nowhere", Theme.System, Density.Normal, null)]
    [InlineData("", Theme.System, Density.Normal, null)]
    public void Read_Cookies_NonsenseCountsAsNothing(string cookies, Theme theme, Density density, string? zone)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = cookies;
        PreferenceCookies.Read(http.Request.Cookies).ShouldBe(new Preferences(theme, density, null, zone));
    }

    [Fact]
    public void Write_OtherThanStored_SetsTheCookiesOnce()
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = "theme=dark";
        PreferenceCookies.Write(http, new Preferences(Theme.Dark, Density.Compact, null, null));
        http.Response.Headers.SetCookie.Count.ShouldBe(1);
        http.Response.Headers.SetCookie.ToString().ShouldContain("density=compact");
    }
}
