using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Intake;

/// <summary>Watched folders: what is taken, when, how often, and what a fault costs.</summary>
public sealed class FolderLookTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly IntakeBench _bench = new(fixture.ConnectionString);
    private readonly string _name = $"in-{Guid.NewGuid():n}";

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Look_StableFile_IsTakenOnceAndTheSourceStays()
    {
        var folder = await Folder();
        var file = Put("invoice 1.txt", "first");

        (await Look(folder)).ShouldBe(0, "it must be seen twice");
        (await Look(folder)).ShouldBe(0, "and stay the same long enough");
        _bench.Time.Advance(TimeSpan.FromSeconds(11));
        (await Look(folder)).ShouldBe(1);

        var document = await Single();
        (document.Name, document.Origin, document.OriginPath, document.Edition).ShouldBe(("invoice 1.txt", DocumentOrigin.Folder, "invoice 1.txt", 1));
        (await File.ReadAllTextAsync(_bench.Store.PathOf(document.Sha256))).ShouldBe("first");
        File.Exists(file).ShouldBeTrue();
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await Look(folder)).ShouldBe(0, "it is known");
        // Another date, the same content.
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(1));
        (await LookUntilSettled(folder)).ShouldBe(0);
        (await Documents()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Look_GrowingFile_WaitsUntilItRests()
    {
        var folder = await Folder();
        Put("scan.txt", "a");
        await Look(folder);
        for (var i = 0; i < 3; i++)
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(11));
            Put("scan.txt", new string('a', i + 2));
            (await Look(folder)).ShouldBe(0);
        }
        _bench.Time.Advance(TimeSpan.FromSeconds(11));
        (await Look(folder)).ShouldBe(1);
    }

    [Fact]
    public async Task Look_ChangedFile_BecomesANewVersion()
    {
        var folder = await Folder();
        Put("plan.txt", "one");
        await LookUntilSettled(folder);
        Put("plan.txt", "two, longer");
        (await LookUntilSettled(folder)).ShouldBe(1);

        var versions = (await Documents()).OrderBy(d => d.Edition).ToList();
        versions.Select(d => (d.Edition, d.IsLatest)).ShouldBe([(1, false), (2, true)]);
        versions.Select(d => d.SeriesId).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Look_WhatIsNoDocumentOfTheFolder_IsLeftAlone()
    {
        var folder = await Folder(one => one.Patterns = "*.txt; *.pdf");
        var secret = Path.Combine(_bench.Outside, "secret.txt");
        await File.WriteAllTextAsync(secret, "outside");
        File.CreateSymbolicLink(Path.Combine(_bench.Inbox, "link.txt"), secret);
        Directory.CreateSymbolicLink(Path.Combine(_bench.Inbox, "linked"), _bench.Outside);
        foreach (var name in new[] { ".hidden.txt", "~$letter.txt", "half.txt.part", "old.txt~", "picture.jpg", "done/before.txt", "open.txt", ".~lock.open.txt#", "word.pdf", "~$rd.pdf" }) Put(name, "x");
        Put("sub/deep.txt", "taken");

        await LookUntilSettled(folder);

        (await Documents()).Select(d => d.OriginPath).ShouldBe(["sub/deep.txt"]);
        File.Delete(Path.Combine(_bench.Inbox, ".~lock.open.txt#"));
        await LookUntilSettled(folder);
        (await Documents()).Select(d => d.OriginPath).ShouldBe(["sub/deep.txt", "open.txt"], ignoreOrder: true);
    }

    [Fact]
    public async Task Look_FileBecameALinkAfterItWasSeen_IsRefused()
    {
        var folder = await Folder();
        var path = Put("a.txt", "xx");
        var seen = FolderFiles.List(folder).Single();
        var secret = Path.Combine(_bench.Outside, "secret.txt");
        await File.WriteAllTextAsync(secret, "yy");
        File.Delete(path);
        File.CreateSymbolicLink(path, secret);

        Should.Throw<IOException>(() => FolderFiles.Open(folder, seen).Dispose());
    }

    [Fact]
    public async Task Look_FilesThatMove_MoveOnlyAfterTheCommit()
    {
        var folder = await Folder(one => one.AfterTaking = AfterTaking.Move);
        var first = Put("scan.txt", "one");
        await LookUntilSettled(folder);
        File.Exists(first).ShouldBeFalse();
        File.ReadAllText(Path.Combine(_bench.Inbox, "done", "scan.txt")).ShouldBe("one");

        // The next one of the same name is another document.
        Put("scan.txt", "another");
        await LookUntilSettled(folder);
        File.ReadAllText(Path.Combine(_bench.Inbox, "done", "scan (2).txt")).ShouldBe("another");
        (await Documents()).Select(d => d.SeriesId).Distinct().Count().ShouldBe(2);

        // Killed between the commit and the move: it is moved by the next look, and not taken again.
        var left = Put("late.txt", "late");
        await LookUntilSettled(folder);
        File.Move(Path.Combine(_bench.Inbox, "done", "late.txt"), left);
        (await Look(folder)).ShouldBe(0);
        File.Exists(left).ShouldBeFalse();
        (await Documents()).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Look_DroppedAgainAfterItsDocumentWent_BecomesADocument(bool isErased)
    {
        var folder = await Folder(one => one.AfterTaking = AfterTaking.Move);
        var file = Put("scan.txt", "the same bytes");
        var date = File.GetLastWriteTimeUtc(file);
        await LookUntilSettled(folder);
        foreach (var sameDate in new[] { false, true })
        {
            var earlier = await Latest();
            await _owner!.Service.Delete([earlier.Id], default);
            if (isErased) await _bench.Documents.Erase(earlier.Id);

            Put("scan.txt", "the same bytes");
            File.SetLastWriteTimeUtc(file, sameDate ? date : date = date.AddHours(1));
            (await LookUntilSettled(folder)).ShouldBe(1, "it was put there to become a document");

            File.Exists(file).ShouldBeFalse();
            var again = await Latest();
            (again.Id == earlier.Id, again.DeletedAt, again.Edition).ShouldBe((false, null, 1));
        }
        // What stays in its folder does not come back by itself when its document goes.
        folder.AfterTaking = AfterTaking.Keep;
        Put("kept.txt", "kept");
        (await LookUntilSettled(folder)).ShouldBe(1);
        await _owner!.Service.Delete([(await Latest()).Id], default);
        (await LookUntilSettled(folder)).ShouldBe(0);
    }

    [Fact]
    public async Task Take_TwoNodesAtOnce_OneTakesIt()
    {
        var folder = await Folder();
        Put("scan.txt", "one");
        await Look(folder);
        // Both have read the marks: the connection of the first, which holds the lock of the folders, has dropped.
        var (file, target) = (FolderFiles.List(folder).Single(), await Target(folder));
        var (first, second, third) = (await Mark(), await Mark(), await Mark());
        _bench.Time.Advance(TimeSpan.FromSeconds(11));

        (await _bench.Taking().Take(folder, target, file, first, default)).ShouldBeTrue();
        (await _bench.Taking().Take(folder, target, file, second, default)).ShouldBeFalse();
        // The first has moved it meanwhile: that is no refusal.
        await _bench.Taking().Refuse(third, "WatchUnreadable", [], default);

        var document = await Single();
        var mark = await Mark();
        (mark.State, mark.DocumentId).ShouldBe((WatchedFileState.TakenIn, document.Id));
    }

    [Fact]
    public async Task Look_AnotherNodeMarksTheFileInThatMoment_LeavesItToTheNextLook()
    {
        var folder = await Folder();
        Put("scan.txt", "one");
        var other = new OtherNode(fixture.ConnectionString);

        await _bench.Look(new TestDatabases(fixture.ConnectionString, new CommitInterceptor(NullLogger<CommitInterceptor>.Instance), other)).Look(folder, WatchFault.None, default);

        (await Mark()).Id.ShouldBe(other.Marked!.Value);
        _bench.Time.Advance(TimeSpan.FromSeconds(11));
        (await Look(folder)).ShouldBe(1);
        (await Mark()).DocumentId.ShouldBe((await Single()).Id);
    }

    [Fact]
    public async Task Take_ChangedWhileItWasCopied_HasTheBytesErased()
    {
        var folder = await Folder();
        Put("scan.txt", $"half {Guid.NewGuid()}");
        await Look(folder);
        var file = FolderFiles.List(folder).Single();

        (await _bench.Taking().Take(folder, await Target(folder), file with { Size = file.Size + 1 }, await Mark(), default)).ShouldBeFalse();

        var stored = _bench.Store.List("").ShouldHaveSingleItem();
        (await _bench.Documents.IsErasureOrdered(stored.Sha256)).ShouldBeTrue();
    }

    [Fact]
    public async Task CleanUp_FileAndDocumentGone_RemovesTheMark()
    {
        var folder = await Folder();
        foreach (var name in new[] { "both gone", "file gone", "document gone", "never taken" }) Put(name, name);
        await LookUntilSettled(folder);
        foreach (var document in await Documents())
        {
            if (document.Name == "file gone") continue;
            await _owner!.Service.Delete([document.Id], default);
            await _bench.Documents.Erase(document.Id);
        }
        foreach (var name in new[] { "both gone", "file gone", "never taken" }) File.Delete(Path.Combine(_bench.Inbox, name));

        (await _bench.CleanUp().RemoveMarksAsync(default)).ShouldBe(0, "they are too young");
        _bench.Time.Advance(TimeSpan.FromDays(2));
        (await _bench.CleanUp().RemoveMarksAsync(default)).ShouldBe(2);

        (await _bench.Documents.Query(db => db.Set<WatchedFile>().Where(f => f.Folder == _name).OrderBy(f => f.Path).Select(f => f.Path).ToListAsync())).ShouldBe(["document gone", "file gone"]);
        File.Delete(Path.Combine(_bench.Inbox, "document gone"));
        (await _bench.CleanUp().RemoveMarksAsync(default)).ShouldBe(0, "an empty folder may be one that is not mounted");
    }

    [Fact]
    public async Task Look_TooLargeFile_IsRefusedWithItsReasonAndTakenOnRetry()
    {
        var folder = await Folder();
        _bench.Options.CurrentValue.MaxFileBytes = 3;
        var file = Put("large.txt", "12345");
        (await LookUntilSettled(folder)).ShouldBe(0);
        File.Exists(file).ShouldBeTrue();
        var editor = await _bench.Documents.Person(DocumentsBench.Editor);
        var row = (await _bench.Watched(editor).Files(new ListQuery(), default)).Rows.ShouldHaveSingleItem();
        (row.State, row.Reason!.Key).ShouldBe((WatchedFileState.Refused, "WatchTooLarge"));

        _bench.Options.CurrentValue.MaxFileBytes = 100;
        (await LookUntilSettled(folder)).ShouldBe(0, "nobody asked for it");
        (await _bench.Watched(editor).Retry([row.Id], default)).ShouldBe(1);
        (await LookUntilSettled(folder)).ShouldBe(1);
        await Should.ThrowAsync<ForbiddenException>(async () => await _bench.Watched(await _bench.Documents.Person(DocumentsBench.Member)).Retry([row.Id], default));
    }

    [Fact]
    public async Task Look_FolderOrOwnerMissing_IsToldOnceAndEndsByItself()
    {
        var folder = await Folder(one => one.Path = Path.Combine(_bench.Outside, "unplugged"));
        await Look(folder);
        await Look(folder);
        (await Fault(folder)).ShouldBe(WatchFault.Missing);
        (await Notices()).ShouldBe(2, "one for each role that is told, once");

        Directory.CreateDirectory(folder.Path);
        await Look(folder);
        (await Fault(folder)).ShouldBe(WatchFault.None);

        folder.Owner = "nobody@example.org";
        await Look(folder);
        (await Fault(folder)).ShouldBe(WatchFault.NoOwner);
        folder.Collection = "no such";
        folder.Owner = _mail;
        await Look(folder);
        (await Fault(folder)).ShouldBe(WatchFault.NoCollection);
    }

    [Fact]
    public async Task Look_NoRoomOrMaintenance_TakesNothingAndLosesNothing()
    {
        var folder = await Folder();
        var file = Put("a.txt", "abc");
        _bench.Options.CurrentValue.DiskReserveMegabytes = 1 << 30;
        await LookUntilSettled(folder);
        ((await Fault(folder)), File.Exists(file), (await Documents()).Count).ShouldBe((WatchFault.DiskFull, true, 0));

        _bench.Options.CurrentValue.DiskReserveMegabytes = 0;
        _bench.Maintenance.Set(new MaintenanceOptions { ReadOnly = true });
        await Look(folder);
        ((await Fault(folder)), (await Documents()).Count).ShouldBe((WatchFault.Off, 0));

        _bench.Maintenance.Set(new MaintenanceOptions());
        (await Look(folder)).ShouldBe(1);
    }

    [Fact]
    public async Task Folders_OfACollectionWithoutARight_AreNotThere()
    {
        var insider = await _bench.Documents.Person(DocumentsBench.Editor);
        var collection = $"board {Guid.NewGuid():n}";
        var id = await _bench.Collection(collection, restricted: true, (insider, CollectionRight.Edit));
        var folder = await Folder(one => one.Collection = collection.ToUpperInvariant());
        Put("minutes.txt", "secret");
        await LookUntilSettled(folder);
        (await Single()).CollectionId.ShouldBe(id);

        var outsider = await _bench.Documents.Person(DocumentsBench.Editor);
        (await _bench.Watched(outsider).Folders(default)).ShouldBeEmpty();
        (await _bench.Watched(outsider).Files(new ListQuery(), default)).Rows.ShouldBeEmpty();
        (await _bench.Watched(insider).Folders(default)).ShouldHaveSingleItem().Taken.ShouldBe(1);
        await Should.ThrowAsync<ForbiddenException>(async () => await _bench.Watched(await _bench.Documents.Person(DocumentsBench.Member)).Folders(default));
        await Should.ThrowAsync<ForbiddenException>(async () => await _bench.Watched(await _bench.Documents.Person(DocumentsBench.Auditor)).Files(new ListQuery(), default));
    }

    [Fact]
    public void Read_IncompleteOrDoubleFolders_AreNamed()
    {
        WatchedFolder One(string name, string path = "/in", string owner = "a@b.c", string patterns = "*") => new() { Name = name, Path = path, Owner = owner, Patterns = patterns };
        var read = WatchedFolders.Read(new BlazorAdmin.Features.Documents.Reading.ReadingOptions { WatchedFolders = [One("a"), One("A"), One(""), One("b", "relative"), One("c", owner: ""), One("d", patterns: ";")] });
        read.Select(one => one.Fault == WatchFault.None).ShouldBe([true, false, false, false, false, false]);
    }

    private Person? _owner;
    private string _mail = "";

    private async Task<WatchedFolder> Folder(Action<WatchedFolder>? change = null)
    {
        _owner = await _bench.Documents.Person(DocumentsBench.Member);
        _mail = await _bench.MailOf(_owner);
        var folder = new WatchedFolder { Name = _name, Path = _bench.Inbox, Owner = _mail };
        change?.Invoke(folder);
        _bench.Options.CurrentValue.WatchedFolders = [folder];
        return folder;
    }

    private string Put(string name, string text)
    {
        var path = Path.Combine(_bench.Inbox, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private Task<int> Look(WatchedFolder folder) => _bench.Look().Look(folder, WatchFault.None, default);

    private async Task<int> LookUntilSettled(WatchedFolder folder)
    {
        var taken = await Look(folder);
        _bench.Time.Advance(TimeSpan.FromSeconds(11));
        return taken + await Look(folder);
    }

    private async Task<Document> Single() => (await Documents()).ShouldHaveSingleItem();

    private Task<List<Document>> Documents() => _bench.Documents.Query(db => db.Set<Document>().AsNoTracking().Where(d => d.OwnerId == _owner!.Id).ToListAsync());

    private async Task<Document> Latest() => (await Documents()).MaxBy(d => d.CreatedAt)!;

    private Task<WatchedFile> Mark() => _bench.Documents.Query(db => db.Set<WatchedFile>().AsNoTracking().SingleAsync(f => f.Folder == _name));

    private Task<FileTaking.Target> Target(WatchedFolder folder) => _bench.Documents.Query(async db => (await FileTaking.Find(db, folder, default)).Target!);

    private Task<WatchFault> Fault(WatchedFolder folder) => _bench.Documents.Query(async db => (await WatchStatus.Read(db, folder.Name, default)).Fault);

    private Task<int> Notices() => _bench.Documents.Query(db => db.Set<Notification>().CountAsync(n => n.Kind == "documents.folder" && n.Title.Contains(_name)));

    /// <summary>Marks the file that is about to be marked, a moment before.</summary>
    private sealed class OtherNode(string connectionString) : SaveChangesInterceptor
    {
        public Guid? Marked { get; private set; }

        public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (Marked is not null || eventData.Context!.ChangeTracker.Entries<WatchedFile>().SingleOrDefault(entry => entry.State == EntityState.Added)?.Entity is not { } mark) return result;
            Marked = Guid.CreateVersion7();
            await using var db = new TestDatabases(connectionString).CreateDbContext();
            db.Add(new WatchedFile { Id = Marked.Value, TenantId = mark.TenantId, Folder = mark.Folder, Path = mark.Path, Size = mark.Size, ModifiedAt = mark.ModifiedAt, SeenAt = mark.SeenAt });
            await db.SaveChangesAsync(cancellationToken);
            return result;
        }
    }
}
