using System.Data.Common;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Storage;

/// <summary>Rows that go for good leave an order to erase their bytes, in the same transaction, and nothing else behind.</summary>
public sealed class ErasureTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Erase_EndsBeforeTheCommit_ChangesNothingAndTheNextAttemptDoesAll()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var (id, other) = (await person.Upload("a.txt", Zips.Bytes($"a {Guid.NewGuid()}")), await person.Upload("b.txt", Zips.Bytes("b")));
        await Keep(other, id);
        await person.Service.Delete([id], default);
        var document = await _bench.Load(id);
        var told = new List<string>();
        using var following = _bench.Erased.Subscribe(content => told.Add(content.Sha256));
        var broken = new TestDatabases(fixture.ConnectionString, new CommitInterceptor(NullLogger<CommitInterceptor>.Instance), new BrokenCommit());

        await Should.ThrowAsync<IOException>(() => Erase(broken, document));

        (await _bench.Query(db => db.Set<Document>().AnyAsync(d => d.Id == id))).ShouldBeTrue();
        ((await _bench.IsErasureOrdered(document.Sha256)), told.Count).ShouldBe((false, 0));

        await Erase(_bench.Databases, document);

        (await _bench.Query(db => db.Set<Document>().AnyAsync(d => d.Id == id))).ShouldBeFalse();
        (await _bench.Query(db => db.Set<KeptDuplicate>().AnyAsync(kept => kept.OtherId == id))).ShouldBeFalse();
        ((await _bench.IsErasureOrdered(document.Sha256)), told.ShouldHaveSingleItem()).ShouldBe((true, document.Sha256));
        _bench.Store.Contains(document.Sha256).ShouldBeTrue("an upload of the same bytes may be about to commit");
        File.SetLastWriteTimeUtc(_bench.Store.PathOf(document.Sha256), DateTime.UtcNow.AddHours(-2));
        await _bench.EraseContents(document.Sha256);
        _bench.Store.Contains(document.Sha256).ShouldBeFalse();
    }

    [Fact]
    public async Task EraseContents_OfCollectedData_KeepsWhatWaitsToBeFetched()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var stored = await _bench.Store.Save(new MemoryStream(Guid.NewGuid().ToByteArray()), 100, default);
        File.SetLastWriteTimeUtc(_bench.Store.PathOf(stored.Sha256), DateTime.UtcNow.AddHours(-2));
        await using var db = _bench.Databases.CreateDbContext();
        var record = new BlazorAdmin.Features.Settings.SystemValue { Key = ExportRecord.KeyOf(person.Id), Value = new ExportRecord(stored.Sha256, stored.Size, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow).Write() };
        db.Add(record);
        await db.SaveChangesAsync();

        await _bench.EraseContents(stored.Sha256);
        _bench.Store.Contains(stored.Sha256).ShouldBeTrue();

        db.Remove(record);
        await db.SaveChangesAsync();
        await _bench.EraseContents(stored.Sha256);
        _bench.Store.Contains(stored.Sha256).ShouldBeFalse();
    }

    [Fact]
    public async Task EraseAccount_DocumentsThatWereComparedWithOthers_LeaveNoDecision()
    {
        var (leaving, staying) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member));
        var (theirs, kept) = (await leaving.Upload("a.txt", Zips.Bytes($"a {Guid.NewGuid()}")), await staying.Upload("b.txt", Zips.Bytes("b")));
        await Keep(kept, theirs);
        var sha256 = (await _bench.Load(theirs)).Sha256;
        await using (var db = _bench.Databases.CreateDbContext())
        {
            var caller = Caller.Portal with { TenantId = AppDbContext.DefaultTenant };
            await using var transaction = await db.Database.BeginTransactionAsync();
            await new DocumentsPersonalData(_bench.Erased).EraseAsync(db, new PersonalErasure(caller, leaving.Id, null, DateTimeOffset.UtcNow), default);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }

        (await _bench.Query(db => db.Set<Document>().AnyAsync(d => d.Id == theirs))).ShouldBeFalse();
        (await _bench.Query(db => db.Set<KeptDuplicate>().AnyAsync(one => one.OtherId == theirs))).ShouldBeFalse();
        (await _bench.IsErasureOrdered(sha256)).ShouldBeTrue();
    }

    private Task Erase(TestDatabases databases, Document document) =>
        new EraseDocumentHandler(databases, TimeProvider.System, _bench.Erased).RunAsync(new EraseDocument(document.Id, document.DeletedAt), new TestJob(1, null), default);

    private Task<int> Keep(Guid document, Guid other) => _bench.Query(db =>
    {
        db.Add(new KeptDuplicate { DocumentId = document, OtherId = other, TenantId = AppDbContext.DefaultTenant, KeptAt = DateTimeOffset.UtcNow });
        return db.SaveChangesAsync();
    });

    /// <summary>Stands for a process that ends in the last moment before the commit.</summary>
    private sealed class BrokenCommit : DbTransactionInterceptor
    {
        public override ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            throw new IOException("The process ended.");
    }
}
