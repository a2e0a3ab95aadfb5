using System.Diagnostics;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Documents.Intake;

/// <summary>A disk that is full and a process that is killed: what was sent stays, what was not taken stays where it was.</summary>
public sealed class IntakeFaultsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task Append_ProcessKilledInTheMiddle_GoesOnFromWhatIsSafe()
    {
        using var files = new TestFolder();
        using var bench = new IntakeBench(fixture.ConnectionString, files.Path);
        var person = await bench.Documents.Person(DocumentsBench.Member);
        var uploads = bench.Uploads(person);
        var content = UploadWorker.Content();
        var id = (await uploads.Announce(new UploadAnnouncement("a.bin", content.Length + 1, null, null), default)).Id;
        using (var worker = UploadWorker.Start(fixture.ConnectionString, files.Path, person.Id, id))
        {
            (await worker.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60))).ShouldBe("ready");
            worker.Kill();
            await worker.WaitForExitAsync();
        }

        var offset = (await uploads.Find(id, default)).Offset;

        offset.ShouldBe(16 << 20, "the step that was flushed and noted");
        bench.Incoming.Length(id).ShouldBe(content.Length, "more was written, and does not count");
        var done = await uploads.Append(id, offset, null, new MemoryStream([.. content[(int)offset..], 9]), default);
        var document = await bench.Documents.Load(done.Document!.Id);
        byte[] whole = [.. content, 9];
        (await File.ReadAllBytesAsync(bench.Store.PathOf(document.Sha256))).SequenceEqual(whole).ShouldBeTrue();
    }

    [SmallDiskFact]
    public async Task Append_DiskFull_KeepsWhatFitsAndGoesOnWhenThereIsRoom()
    {
        using var disk = SmallDisk.Mount(4);
        using var bench = new IntakeBench(fixture.ConnectionString, disk.Path);
        var person = await bench.Documents.Person(DocumentsBench.Member);
        var uploads = bench.Uploads(person);
        var content = new byte[3 << 20];
        new Random(3).NextBytes(content);
        (await Should.ThrowAsync<UploadRefusedException>(() => uploads.Announce(new UploadAnnouncement("b", 100 << 20, null, null), default))).Refusal.ShouldBe(UploadRefusal.DiskFull);
        var id = (await uploads.Announce(new UploadAnnouncement("a.bin", content.Length, null, null), default)).Id;
        var filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[2 << 20]);

        // Without a length nobody can know before that it does not fit.
        var refused = await Should.ThrowAsync<UploadRefusedException>(() => uploads.Append(id, 0, null, new MemoryStream(content), default));

        refused.Refusal.ShouldBe(UploadRefusal.DiskFull);
        var offset = (await uploads.Find(id, default)).Offset;
        offset.ShouldBeInRange(1, content.Length - 1);
        File.Delete(filler);
        var done = await uploads.Append(id, offset, null, new MemoryStream(content[(int)offset..]), default);
        (await File.ReadAllBytesAsync(bench.Store.PathOf((await bench.Documents.Load(done.Document!.Id)).Sha256))).SequenceEqual(content).ShouldBeTrue();
    }

    [SmallDiskFact]
    public async Task Look_DiskFull_LeavesTheSourceAndTakesItWhenThereIsRoom()
    {
        using var disk = SmallDisk.Mount(4);
        using var bench = new IntakeBench(fixture.ConnectionString, disk.Path);
        var owner = await bench.Documents.Person(DocumentsBench.Member);
        var folder = new WatchedFolder { Name = $"full-{Guid.NewGuid():n}", Path = bench.Inbox, Owner = await bench.MailOf(owner), AfterTaking = AfterTaking.Move };
        bench.Options.CurrentValue.WatchedFolders = [folder];
        var source = Path.Combine(bench.Inbox, "a.bin");
        await File.WriteAllBytesAsync(source, new byte[2 << 20]);
        var filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[3 << 20]);
        await bench.Look().Look(folder, WatchFault.None, default);
        bench.Time.Advance(TimeSpan.FromSeconds(11));

        (await bench.Look().Look(folder, WatchFault.None, default)).ShouldBe(0);

        File.Exists(source).ShouldBeTrue();
        (await bench.Documents.Query(db => db.Set<Document>().CountAsync(d => d.OwnerId == owner.Id))).ShouldBe(0);
        File.Delete(filler);
        (await bench.Look().Look(folder, WatchFault.None, default)).ShouldBe(1);
        File.Exists(source).ShouldBeFalse();
    }
}
