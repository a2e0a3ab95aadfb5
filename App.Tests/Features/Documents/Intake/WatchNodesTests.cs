using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Intake;

/// <summary>Several nodes look at the same folder at the same time: each file becomes one document.</summary>
public sealed class WatchNodesTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private const int Files = 24;
    private readonly IntakeBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(AfterTaking.Keep)]
    [InlineData(AfterTaking.Move)]
    public async Task Look_TwoNodesOnOneFolder_TakeEachFileOnce(AfterTaking after)
    {
        var owner = await Folder(after);

        var taken = await LookTogether(Watch(), Watch());

        taken.ShouldBe(Files);
        await ExpectEachOnce(owner, after);
        (await LookTogether(Watch(), Watch())).ShouldBe(0);
    }

    [Theory]
    [InlineData(AfterTaking.Keep)]
    [InlineData(AfterTaking.Move)]
    public async Task Look_TwoNodesOfWhichOneHasLostTheLock_TakeEachFileOnce(AfterTaking after)
    {
        var owner = await Folder(after);
        var folder = _bench.Options.CurrentValue.WatchedFolders[0];
        Func<Task<int>> unlocked = () => _bench.Look().Look(folder, WatchFault.None, default);

        await Task.WhenAll(Task.Run(unlocked), Task.Run(unlocked));
        // Files that each has marked are seen alike by both from now on; one that the other moved away is a file less.
        for (var look = 0; look < 3; look++)
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(11));
            await Task.WhenAll(Task.Run(unlocked), Task.Run(unlocked));
        }

        await ExpectEachOnce(owner, after);
    }

    private async Task ExpectEachOnce(Person owner, AfterTaking after)
    {
        var documents = await _bench.Documents.Query(db => db.Set<Document>().AsNoTracking().Where(d => d.OwnerId == owner.Id).ToListAsync());
        documents.Select(d => d.OriginPath).Order().ShouldBe(Enumerable.Range(0, Files).Select(i => $"scan {i:00}.txt"));
        foreach (var document in documents) _bench.Store.Contains(document.Sha256).ShouldBeTrue();
        Directory.EnumerateFiles(after == AfterTaking.Move ? Path.Combine(_bench.Inbox, WatchedFolders.Done) : _bench.Inbox).Count().ShouldBe(Files);
        documents.Select(d => d.JobId.ShouldNotBeNull()).ShouldBeUnique();
    }

    private async Task<int> LookTogether(FolderWatch one, FolderWatch two)
    {
        await Task.WhenAll(Task.Run(() => one.LookAsync(default)), Task.Run(() => two.LookAsync(default)));
        _bench.Time.Advance(TimeSpan.FromSeconds(11));
        return (await Task.WhenAll(Task.Run(() => one.LookAsync(default)), Task.Run(() => two.LookAsync(default)))).Sum();
    }

    private FolderWatch Watch() => new(_bench.Databases, TestDatabases.Dialect, null!, _bench.Look(), _bench.Options, _bench.Time, NullLogger<FolderWatch>.Instance);

    private async Task<Person> Folder(AfterTaking after)
    {
        var owner = await _bench.Documents.Person(DocumentsBench.Member);
        _bench.Options.CurrentValue.WatchedFolders = [new WatchedFolder { Name = $"in-{Guid.NewGuid():n}", Path = _bench.Inbox, Owner = await _bench.MailOf(owner), AfterTaking = after }];
        for (var i = 0; i < Files; i++) await File.WriteAllTextAsync(Path.Combine(_bench.Inbox, $"scan {i:00}.txt"), $"scan {i} {Guid.NewGuid()}");
        return owner;
    }
}
