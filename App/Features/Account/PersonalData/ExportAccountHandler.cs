using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <summary>Writes the ZIP file of everything that the portal holds about a person, and tells them.</summary>
public sealed class ExportAccountHandler(IDbContextFactory<AppDbContext> databases, IEnumerable<IPersonalData> parts, IContentStore store, DataDirectory data, TimeProvider time)
    : IJobHandler<ExportAccount>, IJobHandler<ExpireExport>
{
    private const long MostBytes = 4L << 30;

    public async Task RunAsync(ExportAccount arguments, JobContext job, CancellationToken cancellation)
    {
        Directory.CreateDirectory(data.Work);
        // Gone with its handle, whatever happens to the process.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(Path.Combine(data.Work, $"export-{Guid.NewGuid():N}.zip"), options);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == arguments.UserId && u.DeactivatedAt == null, cancellation) is not { } user)
            throw new JobFailedException("The account is closed or gone.");
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            var archive = new PersonalArchive(zip);
            var all = parts.OrderByDescending(p => p.Order).ThenBy(p => p.Name, StringComparer.Ordinal).ToList();
            for (var i = 0; i < all.Count; i++)
            {
                job.Progress(100.0 * i / all.Count, all[i].Name);
                await all[i].ExportAsync(db, arguments.UserId, archive, cancellation);
            }

            await archive.WriteTextAsync("README.txt", ReadMe(archive, job.JobId), cancellation);
        }

        var now = time.GetUtcNow();
        var caller = Caller.Portal with { TenantId = user.TenantId };
        file.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        // Before the bytes: a crash in between must not leave what nothing removes.
        db.Enqueue(new ExpireExport(user.Id, sha256), caller, now, new EnqueueOptions { DueAt = now + ExportRecord.Lifetime });
        await db.SaveChangesAsync(cancellation);
        file.Position = 0;
        var stored = await store.Save(file, MostBytes, cancellation);
        await KeepAsync(db, caller, user.Id, stored, now, cancellation);
        job.Info($"{stored.Size.ToString(CultureInfo.InvariantCulture)} bytes collected.");
    }

    public async Task RunAsync(ExpireExport arguments, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<SystemValue>().FindAsync([ExportRecord.KeyOf(arguments.UserId)], cancellation) is { } kept && ExportRecord.Read(kept.Value)?.Sha256 == arguments.Sha256) db.Remove(kept);
        await db.SaveChangesAsync(cancellation);
        await EraseContentsHandler.DeleteUnusedAsync(db, store, arguments.Sha256, TimeSpan.Zero, cancellation);
    }

    private async Task KeepAsync(AppDbContext db, Caller caller, Guid userId, StoredContent stored, DateTimeOffset now, CancellationToken cancellation)
    {
        var record = new ExportRecord(stored.Sha256, stored.Size, now, now + ExportRecord.Lifetime);
        var kept = await db.Set<SystemValue>().FindAsync([ExportRecord.KeyOf(userId)], cancellation);
        if (kept is null) db.Add(kept = new SystemValue { Key = ExportRecord.KeyOf(userId) });
        else if (ExportRecord.Read(kept.Value) is { } earlier) db.Enqueue(new ExpireExport(userId, earlier.Sha256), caller, now);
        (kept.Value, kept.ChangedAt) = (record.Write(), now);
        db.Notify(caller, Audience.Person(userId), "account.export", NotificationLevel.Ok, NotificationText.Of<AccountTexts>("ExportReadyTitle", "ExportReadyBody"), AccountExport.Page);
        await db.SaveChangesAsync(cancellation);
    }

    private string ReadMe(PersonalArchive archive, long job) => string.Join('\n',
    [
        "What this portal holds about you / Was dieses Portal über Sie gespeichert hat",
        string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():u} (UTC), job {job}"),
        "",
        .. archive.Files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name}.json: {file.Rows}")),
        "",
        "Each file is a JSON array; times are UTC. Passwords, keys and codes are stored as hashes or sealed and are not included.",
        "The files that you uploaded are listed in documents.json with their SHA-256; fetch them under /documents.",
        "",
    ]);
}
