using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>
/// Files that come in piece by piece and can be gone on with: announced, appended to, finished. Everybody sees their own alone.
/// Bytes count when they are on disk and the row says so, in this order.
/// </summary>
public sealed class UploadService(Guard guard, IDbContextFactory<AppDbContext> databases, IncomingFiles files, UploadFinisher finisher, IOptionsMonitor<ReadingOptions> options, FeatureFlags flags, TimeProvider time)
{
    private const int BufferBytes = 128 << 10;

    /// <summary>A request of any length becomes safe in steps of so many bytes.</summary>
    private const long StepBytes = 16 << 20;

    /// <exception cref="UploadRefusedException"/>
    /// <exception cref="FeatureOffException">Uploads are switched off.</exception>
    /// <exception cref="ForbiddenException"/>
    public async Task<UploadState> Announce(UploadAnnouncement wanted, CancellationToken cancel)
    {
        var caller = await RequireUpload(cancel);
        var limits = options.CurrentValue;
        if (wanted.Size is not (>= 0 and var size)) throw new UploadRefusedException(UploadRefusal.SizeMissing);
        if (size > limits.MaxFileBytes) throw new UploadRefusedException(UploadRefusal.FileTooLarge);
        if (!HasRoom(size)) throw new UploadRefusedException(UploadRefusal.DiskFull);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var open = await db.Set<UploadSession>().Where(s => s.OwnerId == caller.PersonId && s.DocumentId == null).GroupBy(_ => 1)
            .Select(all => new { Count = all.Count(), Bytes = all.Sum(s => s.Size) }).SingleOrDefaultAsync(cancel);
        if (open?.Count >= limits.MaxOpenUploads) throw new UploadRefusedException(UploadRefusal.TooManyOpen);
        if ((open?.Bytes ?? 0) + size > limits.MaxOpenUploadBytes) throw new UploadRefusedException(UploadRefusal.TooManyBytes);
        await RequireTarget(db, caller, wanted.CollectionId, wanted.SeriesId, cancel);
        var now = time.GetUtcNow();
        var session = new UploadSession
        {
            Id = Guid.CreateVersion7(now),
            TenantId = caller.TenantId,
            OwnerId = caller.PersonId,
            Name = DocumentName.Clean(wanted.Name),
            Size = size,
            CollectionId = wanted.CollectionId,
            SeriesId = wanted.SeriesId,
            CreatedAt = now,
            TouchedAt = now,
        };
        db.Add(session);
        await db.SaveChangesAsync(cancel);
        if (size > 0) return new UploadState(session.Id, session.Name, size, 0, null);
        return await Append(session.Id, 0, 0, Stream.Null, cancel);
    }

    /// <summary>The caller's own that are not finished, the latest first.</summary>
    public async Task<IReadOnlyList<UploadState>> Unfinished(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var sessions = await Own(db, caller).AsNoTracking().Where(s => s.DocumentId == null).OrderByDescending(s => s.TouchedAt).ToListAsync(cancel);
        return [.. sessions.Select(s => new UploadState(s.Id, s.Name, s.Size, Math.Min(s.Received, files.Length(s.Id)), null))];
    }

    /// <summary>How far an upload is: what both the row and the file say.</summary>
    /// <exception cref="UploadRefusedException"/>
    public async Task<UploadState> Find(Guid id, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Own, cancel);
        var session = await Load(caller, id, cancel);
        if (session.DocumentId is not null) return await Finished(caller, session, cancel);
        return new UploadState(id, session.Name, session.Size, Math.Min(session.Received, files.Length(id)), null);
    }

    /// <summary>Appends what comes; with the last byte the upload becomes a document. Repeated after that, it answers with the same document.</summary>
    /// <param name="offset">Where the bytes begin, as the sender believes.</param>
    /// <param name="length">Bytes of the body, where the sender says it.</param>
    /// <exception cref="UploadRefusedException">What came before the fault and was made safe stays.</exception>
    /// <exception cref="FeatureOffException">Uploads are switched off.</exception>
    /// <exception cref="ForbiddenException"/>
    public async Task<UploadState> Append(Guid id, long offset, long? length, Stream body, CancellationToken cancel)
    {
        var caller = await RequireUpload(cancel);
        if ((await Load(caller, id, cancel)) is { DocumentId: not null } done) return await Finished(caller, done, cancel);
        await using var file = Open(id);
        // Read again under the lock: the one before may just have ended.
        var session = await Load(caller, id, cancel);
        if (session.DocumentId is not null) return await Finished(caller, session, cancel);
        var there = Math.Min(session.Received, file.Length);
        if (there < session.Received) await Move(session, there);
        if (file.Length > there) file.SetLength(there);
        if (offset != there) throw new UploadRefusedException(UploadRefusal.WrongOffset, there);
        if (length > session.Size - offset) throw new UploadRefusedException(UploadRefusal.TooLong, there);
        if (!HasRoom(length ?? 0)) throw new UploadRefusedException(UploadRefusal.DiskFull, there);
        await Receive(session, file, body, cancel);
        if (session.Received < session.Size) return new UploadState(id, session.Name, session.Size, session.Received, null);
        if (await finisher.Finish(caller, session, file, cancel)) files.Remove(id);
        return await Finished(caller, await Load(caller, id, cancel), cancel);
    }

    /// <summary>Ends an upload; of a finished one, the document stays.</summary>
    /// <exception cref="UploadRefusedException"/>
    public async Task Drop(Guid id, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await Own(db, caller).Where(s => s.Id == id).ExecuteDeleteAsync(cancel) == 0) throw new UploadRefusedException(UploadRefusal.NotFound);
        files.Remove(id);
    }

    private async Task Receive(UploadSession session, FileStream file, Stream body, CancellationToken cancel)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferBytes);
        var written = session.Received;
        file.Position = written;
        try
        {
            int read;
            while ((read = await body.ReadAsync(buffer.AsMemory(0, BufferBytes), cancel)) > 0)
            {
                if (written + read > session.Size)
                {
                    // Whoever sends more than they announced sends another file: nothing of this step counts.
                    written = session.Received;
                    throw new UploadRefusedException(UploadRefusal.TooLong, session.Received);
                }
                await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
                written += read;
                if (written - session.Received < StepBytes) continue;
                await MakeSafe(session, file, written);
                if (!HasRoom(0)) throw new UploadRefusedException(UploadRefusal.DiskFull, session.Received);
            }
        }
        catch (IOException fault) when (DiskFaults.IsFull(fault))
        {
            throw new UploadRefusedException(UploadRefusal.DiskFull, session.Received);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
            // Also when the connection broke: what has come need not come again.
            if (written > session.Received) await MakeSafe(session, file, written);
        }
    }

    private async Task MakeSafe(UploadSession session, FileStream file, long written)
    {
        try
        {
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        catch (IOException fault) when (DiskFaults.IsFull(fault))
        {
            throw new UploadRefusedException(UploadRefusal.DiskFull, session.Received);
        }
        await Move(session, written);
    }

    private async Task Move(UploadSession session, long received)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        var now = time.GetUtcNow();
        var moved = await db.Set<UploadSession>().Where(s => s.Id == session.Id && s.Received == session.Received && s.DocumentId == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Received, received).SetProperty(s => s.TouchedAt, now), CancellationToken.None);
        if (moved == 0) throw new UploadRefusedException(UploadRefusal.NotFound);
        session.Received = received;
    }

    private FileStream Open(Guid id)
    {
        try
        {
            return files.Open(id) ?? throw new UploadRefusedException(UploadRefusal.Busy);
        }
        catch (IOException fault) when (DiskFaults.IsFull(fault))
        {
            throw new UploadRefusedException(UploadRefusal.DiskFull);
        }
    }

    private async Task<Caller> RequireUpload(CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        flags.Require(caller, DocumentsFlags.Upload);
        return caller;
    }

    private static async Task RequireTarget(AppDbContext db, Caller caller, Guid? collection, Guid? series, CancellationToken cancel)
    {
        if (collection is { } wanted && !await db.OpenCollections(caller).AnyAsync(c => c.Id == wanted, cancel)) throw new UploadRefusedException(UploadRefusal.CollectionClosed);
        if (series is { } of && !await db.Changeable(caller).AnyAsync(d => d.SeriesId == of && d.DeletedAt == null, cancel)) throw new UploadRefusedException(UploadRefusal.SeriesClosed);
    }

    private bool HasRoom(long bytes) => files.Free() - bytes >= (long)options.CurrentValue.DiskReserveMegabytes << 20;

    private static IQueryable<UploadSession> Own(AppDbContext db, Caller caller) => db.Set<UploadSession>().Where(s => s.TenantId == caller.TenantId && s.OwnerId == caller.PersonId);

    private async Task<UploadSession> Load(Caller caller, Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Own(db, caller).AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancel) ?? throw new UploadRefusedException(UploadRefusal.NotFound);
    }

    private async Task<UploadState> Finished(Caller caller, UploadSession session, CancellationToken cancel) =>
        new(session.Id, session.Name, session.Size, session.Size, await finisher.Describe(caller, session.DocumentId!.Value, cancel));
}
