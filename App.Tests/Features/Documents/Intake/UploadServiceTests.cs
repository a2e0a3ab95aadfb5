using System.Security.Cryptography;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Documents.Intake;

/// <summary>Pieces of files: what counts, what is refused, what survives.</summary>
public sealed class UploadServiceTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly IntakeBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Append_InPieces_BecomesADocumentWithJobAndAudit()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Member);
        var uploads = _bench.Uploads(person);
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        var id = (await uploads.Announce(new UploadAnnouncement("../../Bericht.txt", bytes.Length, null, null), default)).Id;

        (await uploads.Append(id, 0, 200_000, new MemoryStream(bytes[..200_000]), default)).ShouldSatisfyAllConditions(s => s.Offset.ShouldBe(200_000), s => s.Document.ShouldBeNull());
        var done = await uploads.Append(id, 200_000, null, new MemoryStream(bytes[200_000..]), default);

        var document = await _bench.Documents.Load(done.Document!.Id);
        (document.Name, document.Size, document.Sha256, document.SeriesId, document.Edition).ShouldBe(("Bericht.txt", bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), document.Id, 1));
        File.ReadAllBytes(_bench.Store.PathOf(document.Sha256)).ShouldBe(bytes);
        File.Exists(_bench.FileOf(id)).ShouldBeFalse();
        (await _bench.Documents.Query(db => db.Set<Job>().CountAsync(j => j.Id == document.JobId))).ShouldBe(1);
        (await _bench.Documents.Query(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "documents.upload" && e.SubjectId == document.Id.ToString()))).ShouldBe(1);
        (await uploads.Unfinished(default)).ShouldBeEmpty();

        // The answer was lost, the last piece comes again.
        var again = await uploads.Append(id, 200_000, null, new MemoryStream(bytes[200_000..]), default);
        again.Document!.Id.ShouldBe(document.Id);
        (await _bench.Documents.Query(db => db.Set<Document>().CountAsync(d => d.OwnerId == person.Id))).ShouldBe(1);
    }

    [Fact]
    public async Task Append_BreaksOff_KeepsWhatWasSafelyWritten()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Member);
        var uploads = _bench.Uploads(person);
        var id = (await uploads.Announce(new UploadAnnouncement("a.txt", 500_000, null, null), default)).Id;

        await Should.ThrowAsync<IOException>(() => uploads.Append(id, 0, null, new BreakingStream(250_000), default));

        (await uploads.Find(id, default)).Offset.ShouldBe(250_000);
        (await uploads.Append(id, 250_000, null, new MemoryStream(new byte[250_000]), default)).Document.ShouldNotBeNull();
    }

    [Fact]
    public async Task Append_TwoAtOnce_OneIsRefused()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Member);
        var uploads = _bench.Uploads(person);
        var id = (await uploads.Announce(new UploadAnnouncement("a.txt", 10, null, null), default)).Id;
        var slow = new HeldStream([1, 2, 3, 4, 5]);
        var first = uploads.Append(id, 0, null, slow, default);
        await slow.Reached;

        (await Should.ThrowAsync<UploadRefusedException>(() => uploads.Append(id, 0, null, new MemoryStream(new byte[5]), default))).Refusal.ShouldBe(UploadRefusal.Busy);

        slow.Release();
        (await first).Offset.ShouldBe(5);
    }

    [Fact]
    public async Task Append_RowAndFileDisagree_TheSmallerCountsAndTheTailIsCut()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Member);
        var uploads = _bench.Uploads(person);
        var id = (await uploads.Announce(new UploadAnnouncement("a.txt", 10, null, null), default)).Id;
        await uploads.Append(id, 0, null, new MemoryStream("abcd"u8.ToArray()), default);
        // Killed between the write and the row.
        await File.AppendAllTextAsync(_bench.FileOf(id), "XXX");
        (await uploads.Find(id, default)).Offset.ShouldBe(4);
        await uploads.Append(id, 4, null, new MemoryStream("ef"u8.ToArray()), default);
        (await File.ReadAllTextAsync(_bench.FileOf(id))).ShouldBe("abcdef");

        // The disk lost something that the row believes in.
        await File.WriteAllTextAsync(_bench.FileOf(id), "abc");
        (await uploads.Find(id, default)).Offset.ShouldBe(3);
        (await Should.ThrowAsync<UploadRefusedException>(() => uploads.Append(id, 6, null, new MemoryStream(new byte[4]), default))).Offset.ShouldBe(3);

        var done = await uploads.Append(id, 3, null, new MemoryStream("defghij"u8.ToArray()), default);
        (await File.ReadAllTextAsync(_bench.Store.PathOf((await _bench.Documents.Load(done.Document!.Id)).Sha256))).ShouldBe("abcdefghij");
    }

    [Fact]
    public async Task Append_KilledBeforeTheCommit_IsFinishedByTheNextRequest()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Member);
        var uploads = _bench.Uploads(person);
        var id = (await uploads.Announce(new UploadAnnouncement("a.txt", 3, null, null), default)).Id;
        // All bytes are there, the row says so, and then the process went.
        await File.WriteAllTextAsync(_bench.FileOf(id), "abc");
        await _bench.Documents.Query(db => db.Set<UploadSession>().Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.Received, 3)));

        (await uploads.Find(id, default)).ShouldSatisfyAllConditions(s => s.Offset.ShouldBe(3), s => s.Document.ShouldBeNull());
        (await uploads.Append(id, 3, 0, Stream.Null, default)).Document.ShouldNotBeNull();
    }

    [Fact]
    public async Task Announce_LimitsReached_IsRefused()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Member);
        var uploads = _bench.Uploads(person);
        var limits = _bench.Options.CurrentValue;
        (limits.MaxFileBytes, limits.MaxOpenUploads, limits.MaxOpenUploadBytes) = (100, 2, 150);

        (await Refused(uploads, 101)).ShouldBe(UploadRefusal.FileTooLarge);
        (await Refused(uploads, null)).ShouldBe(UploadRefusal.SizeMissing);
        (await Refused(uploads, -1)).ShouldBe(UploadRefusal.SizeMissing);
        await uploads.Announce(new UploadAnnouncement("a", 100, null, null), default);
        (await Refused(uploads, 60)).ShouldBe(UploadRefusal.TooManyBytes);
        var second = await uploads.Announce(new UploadAnnouncement("b", 40, null, null), default);
        (await Refused(uploads, 1)).ShouldBe(UploadRefusal.TooManyOpen);
        await uploads.Drop(second.Id, default);
        await uploads.Announce(new UploadAnnouncement("c", 1, null, null), default);

        limits.MaxOpenUploads = 10;
        limits.DiskReserveMegabytes = 1 << 30;
        (await Refused(uploads, 1)).ShouldBe(UploadRefusal.DiskFull);
    }

    [Fact]
    public async Task EveryMethod_OfSomebodyElse_FindsNothing()
    {
        var owner = await _bench.Documents.Person(DocumentsBench.Member);
        var id = (await _bench.Uploads(owner).Announce(new UploadAnnouncement("a", 10, null, null), default)).Id;
        foreach (var permissions in new[] { DocumentsBench.Member, DocumentsBench.Editor })
        {
            var other = _bench.Uploads(await _bench.Documents.Person(permissions));
            foreach (var attempt in new Func<Task>[] { () => other.Find(id, default), () => other.Append(id, 0, null, new MemoryStream([1]), default), () => other.Drop(id, default) })
                (await Should.ThrowAsync<UploadRefusedException>(attempt)).Refusal.ShouldBe(UploadRefusal.NotFound);
            (await other.Unfinished(default)).ShouldBeEmpty();
        }
        var auditor = _bench.Uploads(await _bench.Documents.Person(DocumentsBench.Auditor));
        foreach (var attempt in new Func<Task>[] { () => auditor.Announce(new UploadAnnouncement("a", 1, null, null), default), () => auditor.Find(id, default), () => auditor.Append(id, 0, null, Stream.Null, default), () => auditor.Drop(id, default), () => auditor.Unfinished(default) })
            await Should.ThrowAsync<ForbiddenException>(attempt);
        (await _bench.Uploads(owner).Find(id, default)).Offset.ShouldBe(0);
    }

    [Fact]
    public async Task Collection_OnlyTheRightToEdit_LetsDocumentsIn()
    {
        var writer = await _bench.Documents.Person(DocumentsBench.Member);
        var reader = await _bench.Documents.Person(DocumentsBench.Member);
        var editor = await _bench.Documents.Person(DocumentsBench.Editor);
        var closed = await _bench.Collection($"closed {Guid.NewGuid():n}", restricted: true, (writer, CollectionRight.Edit), (reader, CollectionRight.Read));
        var open = await _bench.Collection($"open {Guid.NewGuid():n}", restricted: false);

        var done = await _bench.Uploads(writer).Announce(new UploadAnnouncement("a", 0, closed, null), default);
        (await _bench.Documents.Load(done.Document!.Id)).CollectionId.ShouldBe(closed);
        (await Refused(_bench.Uploads(reader), 1, closed)).ShouldBe(UploadRefusal.CollectionClosed);
        (await Refused(_bench.Uploads(editor), 1, closed)).ShouldBe(UploadRefusal.CollectionClosed);
        (await Refused(_bench.Uploads(writer), 1, open)).ShouldBe(UploadRefusal.CollectionClosed);
        await _bench.Uploads(editor).Announce(new UploadAnnouncement("a", 1, open, null), default);
        (await Refused(_bench.Uploads(editor), 1, Guid.NewGuid())).ShouldBe(UploadRefusal.CollectionClosed);

        // The right goes while the file comes in: it does not go elsewhere, and is not lost.
        var id = (await _bench.Uploads(writer).Announce(new UploadAnnouncement("b", 3, closed, null), default)).Id;
        await _bench.Documents.Query(db => db.Set<CollectionGrant>().Where(g => g.UserId == writer.Id).ExecuteDeleteAsync());
        (await Should.ThrowAsync<UploadRefusedException>(() => _bench.Uploads(writer).Append(id, 0, null, new MemoryStream([1, 2, 3]), default))).Refusal.ShouldBe(UploadRefusal.CollectionClosed);
        (await _bench.Uploads(writer).Find(id, default)).ShouldSatisfyAllConditions(s => s.Offset.ShouldBe(3), s => s.Document.ShouldBeNull());
    }

    [Fact]
    public async Task Duplicate_NamedOnlyToThoseWhoSeeIt_AndCanBecomeAVersionOrGo()
    {
        var bytes = RandomNumberGenerator.GetBytes(100);
        var one = await _bench.Documents.Person(DocumentsBench.Member);
        var other = await _bench.Documents.Person(DocumentsBench.Member);
        var first = await Upload(one, "first.txt", bytes);
        (await Upload(other, "copy.txt", bytes)).Document!.Same.ShouldBeNull();

        var second = await Upload(one, "second.txt", bytes);
        second.Document!.Same.ShouldSatisfyAllConditions(s => s!.Id.ShouldBe(first.Document!.Id), s => s!.Name.ShouldBe("first.txt"), s => s!.MayJoin.ShouldBeTrue());
        (await _bench.Finisher(other).Choose(second.Id, DuplicateChoice.Version, first.Document!.Id, default)).ShouldBeFalse();
        (await _bench.Finisher(one).Choose(second.Id, DuplicateChoice.Version, first.Document!.Id, default)).ShouldBeTrue();
        var (old, latest) = (await _bench.Documents.Load(first.Document.Id), await _bench.Documents.Load(second.Document.Id));
        (old.IsLatest, latest.IsLatest, latest.SeriesId, latest.Edition).ShouldBe((false, true, old.SeriesId, 2));

        var third = await Upload(one, "third.txt", bytes);
        (await _bench.Finisher(one).Choose(third.Id, DuplicateChoice.Bin, first.Document.Id, default)).ShouldBeTrue();
        (await _bench.Documents.Load(third.Document!.Id)).DeletedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Announce_ForASeries_BecomesItsNewestVersion()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Member);
        var first = await Upload(person, "a.txt", [1]);
        var series = (await _bench.Documents.Load(first.Document!.Id)).SeriesId;

        var second = await Upload(person, "b.txt", [2], series);

        (await _bench.Documents.Load(second.Document!.Id)).ShouldSatisfyAllConditions(d => d.SeriesId.ShouldBe(series), d => d.Edition.ShouldBe(2), d => d.IsLatest.ShouldBeTrue());
        (await _bench.Documents.Load(first.Document.Id)).IsLatest.ShouldBeFalse();
        var stranger = await _bench.Documents.Person(DocumentsBench.Member);
        (await Should.ThrowAsync<UploadRefusedException>(() => _bench.Uploads(stranger).Announce(new UploadAnnouncement("c", 1, null, series), default))).Refusal.ShouldBe(UploadRefusal.SeriesClosed);
    }

    [Fact]
    public async Task CleanUp_OldUploads_AreRemovedAndYoungOnesStay()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Member);
        var uploads = _bench.Uploads(person);
        var old = (await uploads.Announce(new UploadAnnouncement("old", 10, null, null), default)).Id;
        await uploads.Append(old, 0, null, new MemoryStream([1]), default);
        var orphan = Guid.NewGuid();
        await File.WriteAllTextAsync(_bench.FileOf(orphan), "left");
        _bench.Time.Advance(TimeSpan.FromHours(25));
        var young = (await uploads.Announce(new UploadAnnouncement("young", 10, null, null), default)).Id;
        await uploads.Append(young, 0, null, new MemoryStream([1]), default);

        (await _bench.CleanUp().RemoveAsync(default)).ShouldBeGreaterThanOrEqualTo(2);

        (File.Exists(_bench.FileOf(old)), File.Exists(_bench.FileOf(orphan)), File.Exists(_bench.FileOf(young))).ShouldBe((false, false, true));
        (await Should.ThrowAsync<UploadRefusedException>(() => uploads.Find(old, default))).Refusal.ShouldBe(UploadRefusal.NotFound);
        (await uploads.Find(young, default)).Offset.ShouldBe(1);
    }

    private async Task<UploadState> Upload(Person person, string name, byte[] bytes, Guid? series = null)
    {
        var uploads = _bench.Uploads(person);
        var id = (await uploads.Announce(new UploadAnnouncement(name, bytes.Length, null, series), default)).Id;
        return await uploads.Append(id, 0, bytes.Length, new MemoryStream(bytes), default);
    }

    private static async Task<UploadRefusal> Refused(UploadService uploads, long? size, Guid? collection = null) =>
        (await Should.ThrowAsync<UploadRefusedException>(() => uploads.Announce(new UploadAnnouncement("x", size, collection, null), default))).Refusal;

    /// <summary>A body whose connection breaks after so many bytes.</summary>
    private sealed class BreakingStream(int bytes) : MemoryStream(new byte[bytes])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The connection broke.");
    }

    /// <summary>A body that stops after its bytes until released.</summary>
    private sealed class HeldStream(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously), _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Release() => _released.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is > 0 and var read) return read;
            _reached.TrySetResult();
            await _released.Task;
            return 0;
        }
    }
}
