using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <summary>The account itself: name, address, roles, sign-ins, second factors, picture, topics. Goes last; the database takes what hangs on it along.</summary>
public sealed class AccountPersonalData : IPersonalData
{
    public string Name => "account";

    public int Order => 1_000;

    public IReadOnlyCollection<Type> Entities { get; } =
    [
        typeof(User), typeof(IdentityUserRole<Guid>), typeof(IdentityUserClaim<Guid>), typeof(IdentityUserLogin<Guid>), typeof(IdentityUserToken<Guid>), typeof(IdentityUserPasskey<Guid>),
        typeof(RecoveryCode), typeof(SignInSession), typeof(SignInLink), typeof(UserPicture), typeof(UserTopic),
    ];

    public Task<int> CountAsync(AppDbContext db, Guid userId, CancellationToken cancellation) => Task.FromResult(0);

    public async Task ExportAsync(AppDbContext db, Guid userId, PersonalArchive archive, CancellationToken cancellation)
    {
        await archive.WriteAsync(Name, db.Users.AsNoTracking().Where(u => u.Id == userId).Select(u => new
        {
            u.Id, Name = u.DisplayName, u.Email, u.Language, u.TimeZone, u.Theme, u.Density, u.DirectoryName, u.CreatedAt, u.InvitedAt, u.LastSignInAt, u.AuthenticatorSince,
            Roles = db.UserRoles.Where(link => link.UserId == u.Id).Join(db.Roles, link => link.RoleId, role => role.Id, (_, role) => role.Name).ToList(),
            Topics = db.Set<UserTopic>().Where(t => t.UserId == u.Id).Select(t => t.Topic).ToList(),
            Picture = db.Set<UserPicture>().Where(p => p.UserId == u.Id).Select(p => new { p.ContentType, p.ChangedAt, p.Data }).FirstOrDefault(),
            RecoveryCodesLeft = db.Set<RecoveryCode>().Count(c => c.UserId == u.Id && c.UsedAt == null),
        }).AsAsyncEnumerable(), cancellation);
        var passkeys = await db.UserPasskeys.AsNoTracking().Where(p => p.UserId == userId).ToListAsync(cancellation);
        await archive.WriteAsync("passkeys", passkeys.Select(p => new { p.Data.Name, p.Data.CreatedAt }).ToAsyncEnumerable(), cancellation);
        await archive.WriteAsync("sign-ins", db.Set<SignInSession>().AsNoTracking().Where(s => s.UserId == userId).OrderBy(s => s.CreatedAt)
            .Select(s => new { s.CreatedAt, s.LastSeenAt, s.EndedAt, s.EndReason, s.Method, s.Address, s.UserAgent, ByAnAdministrator = s.ImpersonatorId != null }).AsAsyncEnumerable(), cancellation);
        await archive.WriteAsync("sign-in-links", db.Set<SignInLink>().AsNoTracking().Where(l => l.UserId == userId).OrderBy(l => l.CreatedAt)
            .Select(l => new { l.Kind, l.NewEmail, l.CreatedAt, l.ExpiresAt, l.UsedAt }).AsAsyncEnumerable(), cancellation);
    }

    public async Task EraseAsync(AppDbContext db, PersonalErasure erasure, CancellationToken cancellation)
    {
        var id = erasure.UserId;
        await db.Set<SignInSession>().Where(s => s.UserId == id || s.ImpersonatorId == id).ExecuteDeleteAsync(cancellation);
        await db.Set<SignInLink>().Where(l => l.UserId == id).ExecuteDeleteAsync(cancellation);
        if (await db.Set<SystemValue>().FindAsync([ExportRecord.KeyOf(id)], cancellation) is { } kept)
        {
            if (ExportRecord.Read(kept.Value) is { } export) db.Enqueue(new ExpireExport(id, export.Sha256), Caller.Portal with { TenantId = erasure.Caller.TenantId }, erasure.Now);
            db.Remove(kept);
        }

        if (await db.Users.SingleOrDefaultAsync(u => u.Id == id, cancellation) is not { } user) return;
        db.Remove(user);
        db.Audit(erasure.Caller, "users.erased", "user", id);
    }
}
