using System.Security.Cryptography;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.Pictures;

/// <summary>The pictures that people show. One's own is changed; everybody signed in sees those of their tenant.</summary>
public sealed class PictureService(IDbContextFactory<AppDbContext> databases, Guard guard, Topic<AccessChanged> changes, TimeProvider time)
{
    /// <summary>Takes the caller's new picture, after it was checked and stripped.</summary>
    public async Task<PictureFault> SaveAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        var (fault, read) = PictureFile.Read(file.Span);
        if (read is null) return fault;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var picture = await db.Set<UserPicture>().FindAsync([caller.PersonId], cancellation);
        var hash = Convert.ToHexStringLower(SHA256.HashData(read.Data));
        if (picture is null) db.Add(picture = new UserPicture { UserId = caller.PersonId, Data = [], ContentType = "", Hash = "" });
        (picture.Data, picture.ContentType, picture.Hash, picture.ChangedAt) = (read.Data, read.ContentType, hash, time.GetUtcNow());
        db.Audit(caller, "account.picture", "user", caller.PersonId, detail: new { hash, bytes = read.Data.Length });
        await db.SaveChangesAsync(cancellation);
        changes.Publish(new AccessChanged(caller.PersonId));
        return PictureFault.None;
    }

    public async Task RemoveAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<UserPicture>().FindAsync([caller.PersonId], cancellation) is not { } picture) return;
        db.Remove(picture);
        db.Audit(caller, "account.picture_removed", "user", caller.PersonId);
        await db.SaveChangesAsync(cancellation);
        changes.Publish(new AccessChanged(caller.PersonId));
    }

    /// <returns>Null if the person has no such picture (any more), or belongs to another tenant.</returns>
    public async Task<(byte[] Data, string ContentType)?> FindAsync(Guid userId, string hash, CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = await db.Set<UserPicture>().AsNoTracking().Where(p => p.UserId == userId && p.Hash == hash && db.Users.Any(u => u.Id == userId && u.TenantId == caller.TenantId))
            .Select(p => new { p.Data, p.ContentType }).SingleOrDefaultAsync(cancellation);
        return found is null ? null : (found.Data, found.ContentType);
    }
}
