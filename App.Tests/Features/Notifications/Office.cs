using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Notifications;

/// <summary>People with roles on a test database, and the notifications as each of them sees them.</summary>
internal sealed class Office : IDisposable
{
    private readonly ServiceProvider _services;

    public Office(string connectionString, TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        var services = new ServiceCollection();
        services.AddLogging().AddLocalization();
        services.AddSingleton(Time);
        services.AddSingleton(new Topic<NotificationsChanged>("notifications", new RecordingBus(), NullLogger<Topic<NotificationsChanged>>.Instance));
        _services = services.BuildServiceProvider();
        Databases = new TestDatabases(connectionString, new CommitInterceptor(NullLogger<CommitInterceptor>.Instance), new NotificationInterceptor(Time, _services));
        Topic = _services.GetRequiredService<Topic<NotificationsChanged>>();
        Topic.Subscribe(Published.Add);
    }

    public TimeProvider Time { get; }

    public IDbContextFactory<AppDbContext> Databases { get; }

    public Topic<NotificationsChanged> Topic { get; }

    public List<NotificationsChanged> Published { get; } = [];

    public async Task<Caller> AddPersonAsync(string name, params string[] roles)
    {
        await using var db = Databases.CreateDbContext();
        using var engine = AuditScope.EngineOwn();
        var user = new User { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, UserName = name, NormalizedUserName = name.ToUpperInvariant(), DisplayName = name, CreatedAt = Time.GetUtcNow() };
        db.Add(user);
        foreach (var roleName in roles)
        {
            var role = await db.Roles.SingleOrDefaultAsync(r => r.Name == roleName);
            if (role is null) db.Add(role = new Role { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Name = roleName, NormalizedName = roleName.ToUpperInvariant() });
            db.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id });
        }

        await db.SaveChangesAsync();
        return new Caller(user.Id, Guid.NewGuid(), name, AppDbContext.DefaultTenant, null, FrozenSet<string>.Empty);
    }

    public CurrentCaller Current(Caller caller)
    {
        var current = new CurrentCaller(null!, _services);
        current.Use(caller);
        return current;
    }

    public BlazorAdmin.Features.Notifications.Notifications Of(Caller caller) => new(Databases, new Guard(Current(caller), Databases), Topic, _services.GetRequiredService<Microsoft.Extensions.Localization.IStringLocalizerFactory>(), Time);

    public async Task<long> NotifyAsync(Audience audience, string title, NotificationLevel level = NotificationLevel.Info)
    {
        await using var db = Databases.CreateDbContext();
        var notification = db.Notify(Caller.Portal, audience, "test.event", level, NotificationText.Plain(title));
        await db.SaveChangesAsync();
        return notification.Id;
    }

    public void Dispose() => _services.Dispose();
}
