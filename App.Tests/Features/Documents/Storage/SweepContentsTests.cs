using System.Security.Cryptography;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Storage;

/// <summary>What the sweep takes, what it leaves, and how it goes on.</summary>
public sealed class SweepContentsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);
    private readonly FakeTime _time = new(DateTimeOffset.UtcNow);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Sweep_WhatSomethingHas_IsLeftAndTheRestIsRemoved()
    {
        await Came(DateTimeOffset.UtcNow.AddYears(-1));
        var person = await _bench.Person(DocumentsBench.Member);
        var document = await _bench.Load(await person.Upload("a.txt", Zips.Bytes($"kept {Guid.NewGuid()}")));
        var (searchable, model, export, young, lost) = (await Store(), await Store(), await Store(), await Store(), await Store());
        await _bench.Query(db => db.Set<Document>().Where(d => d.Id == document.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.SearchableSha256, searchable)));
        await using (var db = _bench.Databases.CreateDbContext())
        {
            db.Add(new ClassifierModel { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Number = Random.Shared.Next(), State = ModelState.Ready, Threshold = 1, CreatedAt = DateTimeOffset.UtcNow, Sha256 = model });
            db.Add(new SystemValue { Key = ExportRecord.KeyOf(person.Id), Value = new ExportRecord(export, 1, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow).Write(), ChangedAt = DateTimeOffset.UtcNow });
            await db.SaveChangesAsync();
        }
        foreach (var one in new[] { document.Sha256, searchable, model, export, lost }) Age(one, days: 2);
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(_bench.Store.PathOf(lost))!, "README"), "not ours");
        var job = new PlacedJob();

        await Sweep(job);

        new[] { document.Sha256, searchable, model, export, young }.ShouldAllBe(one => _bench.Store.Contains(one));
        _bench.Store.Contains(lost).ShouldBeFalse();
        job.Lines.ShouldHaveSingleItem().ShouldStartWith("6 files looked at, 1 removed");
        (job.Percent, job.Message).ShouldBe((100, "SweepProgress(6, 1)"));
        Directory.EnumerateFiles(_bench.Store.Incoming).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sweep_CutOff_GoesOnBehindThePartThatIsDone()
    {
        await Came(DateTimeOffset.UtcNow.AddYears(-1));
        for (var i = 0; i < 1_100; i++) Put(Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(i))));
        var all = _bench.Store.List("").Select(file => file.Sha256).ToList();
        all.ShouldBe(all.Order(StringComparer.Ordinal));
        using var stop = new CancellationTokenSource();
        var job = new PlacedJob { OnSaved = stop.Cancel };

        await Should.ThrowAsync<OperationCanceledException>(() => Sweep(job, stop.Token));

        var left = _bench.Store.List("").Select(file => file.Sha256).ToList();
        left.ShouldBe(all[500..]);
        // What comes in behind the place is the next night's.
        Put(all[0]);
        job.OnSaved = null;
        await Sweep(job);
        _bench.Store.List("").Select(file => file.Sha256).ShouldBe([all[0]]);
        job.Lines[^1].ShouldStartWith("1100 files looked at, 1100 removed");
    }

    [Fact]
    public async Task Sweep_AfterARestore_LeavesWhatTheDatabaseOfBeforeMayHave()
    {
        await Came(DateTimeOffset.UtcNow.AddDays(-3));
        var (before, since) = (await Store(), await Store());
        Age(before, days: 4);
        Age(since, days: 2);

        await Sweep(new PlacedJob());
        (_bench.Store.Contains(before), _bench.Store.Contains(since)).ShouldBe((true, false));

        _time.Advance(TimeSpan.FromDays(28));
        await Sweep(new PlacedJob());
        _bench.Store.Contains(before).ShouldBeFalse();
    }

    [Fact]
    public async Task Delete_SavedInThatMoment_NeverLosesTheBytes()
    {
        byte[] bytes = [1, 2, 3];
        var stored = await _bench.Store.Save(new MemoryStream(bytes), 10, default);
        for (var i = 0; i < 300; i++)
        {
            Age(stored.Sha256, days: 2);
            using var start = new Barrier(2);
            await Task.WhenAll(
                Task.Run(async () =>
                {
                    start.SignalAndWait();
                    await _bench.Store.Save(new MemoryStream(bytes), 10, default);
                }),
                Task.Run(() =>
                {
                    start.SignalAndWait();
                    _bench.Store.Delete(stored.Sha256, TimeSpan.FromDays(1));
                }));
            _bench.Store.Contains(stored.Sha256).ShouldBeTrue($"round {i}: whoever saved them counts on them");
        }
    }

    private Task Sweep(PlacedJob job, CancellationToken cancel = default) =>
        new SweepContentsHandler(_bench.Databases, _bench.Store, _time, NullLogger<SweepContentsHandler>.Instance).RunAsync(new SweepContents(), job, cancel);

    private async Task<string> Store() => (await _bench.Store.Save(new MemoryStream(RandomNumberGenerator.GetBytes(100)), 1_000, default)).Sha256;

    private void Put(string sha256)
    {
        var path = _bench.Store.PathOf(sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, [1]);
        Age(sha256, days: 2);
    }

    private void Age(string sha256, int days) => File.SetLastWriteTimeUtc(_bench.Store.PathOf(sha256), DateTime.UtcNow.AddDays(-days));

    /// <summary>Since when this database belongs to the store: its first start, or a restore.</summary>
    private Task<int> Came(DateTimeOffset at) => _bench.Query(async db =>
    {
        var mark = await db.Set<SystemValue>().FindAsync(FileStoreSeed.Key);
        if (mark is null) db.Add(mark = new SystemValue { Key = FileStoreSeed.Key });
        mark.ChangedAt = at;
        return await db.SaveChangesAsync();
    });

    /// <summary>Keeps its place, as the engine does.</summary>
    private sealed class PlacedJob : JobContext
    {
        private object? _place;

        public Action? OnSaved { get; set; }

        public List<string> Lines { get; } = [];

        public double Percent { get; private set; }

        public string? Message { get; private set; }

        public override long JobId => 1;

        public override int Attempt => 1;

        public override string IdempotencyKey => "test";

        public override void Progress(double percent, string? message = null) => (Percent, Message) = (percent, message);

        public override void Log(LogLevel level, string message) => Lines.Add(message);

        public override T? Cursor<T>() where T : default => (T?)_place;

        public override Task SaveCursorAsync<T>(T cursor, CancellationToken cancellation)
        {
            _place = cursor;
            OnSaved?.Invoke();
            return Task.CompletedTask;
        }
    }
}
