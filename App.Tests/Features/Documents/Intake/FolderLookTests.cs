using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;

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

    private Task<WatchFault> Fault(WatchedFolder folder) => _bench.Documents.Query(async db => (await WatchStatus.Read(db, folder.Name, default)).Fault);

    private Task<int> Notices() => _bench.Documents.Query(db => db.Set<Notification>().CountAsync(n => n.Kind == "documents.folder" && n.Title.Contains(_name)));
}
