using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Documents.Library;

/// <summary>Nothing goes into the bin that did not stand in the preview for a day.</summary>
public sealed class RetentionTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Rule_OfACollection_IsPlannedAndCarriedOutADayLater()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (old, young) = (await editor.Upload("old.txt", Zips.Bytes("a")), await editor.Upload("young.txt", Zips.Bytes("b")));
        var (collection, name) = await Collection(10);
        await Put(collection, old, _bench.Time.GetUtcNow().AddDays(-11));
        await Put(collection, young, _bench.Time.GetUtcNow().AddDays(-9.5));

        await Night(editor);
        (await _bench.Load(old)).DeletedAt.ShouldBeNull("planned only");
        (await editor.Preview.Counts(default)).Single(count => count.Name == name).Count.ShouldBe(2);
        var plan = await Plan(collection);
        plan.DueAt.ShouldBeGreaterThanOrEqualTo(_bench.Time.GetUtcNow().AddDays(1).AddSeconds(-1));

        _bench.Time.Advance(TimeSpan.FromDays(1));
        await Carry(editor, plan);

        var gone = await _bench.Load(old);
        gone.DeletedAt.ShouldNotBeNull();
        gone.DeletedById.ShouldBeNull();
        (await _bench.Load(young)).DeletedAt.ShouldBeNull("its time was over only after the plan");
        (await _bench.Query(db => db.Set<AuditEntry>().AnyAsync(e => e.Action == "documents.retention" && e.Detail!.Contains(old.ToString())))).ShouldBeTrue();
    }

    [Fact]
    public async Task Rule_ChangedAfterThePlan_IsNotCarriedOut()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await editor.Upload("a.txt", Zips.Bytes("a"));
        var (collection, name) = await Collection(10);
        await Put(collection, id, _bench.Time.GetUtcNow().AddDays(-30));
        await Night(editor);
        var plan = await Plan(collection);
        var admin = await _bench.Person(DocumentsPermissions.ManageCollections, DocumentsPermissions.Read);
        (await admin.Collections.Save(new CollectionDraft(collection, 1, name, null, false, null, 20, []), default)).Problem.ShouldBe(CollectionProblem.None);

        await Carry(editor, plan);

        (await _bench.Load(id)).DeletedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Postponed_AfterThePlan_Stays()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await editor.Upload("a.txt", Zips.Bytes("a"));
        var (collection, _) = await Collection(10);
        await Put(collection, id, _bench.Time.GetUtcNow().AddDays(-30));
        await Night(editor);
        (await editor.Editing.Apply([id], new DocumentEdit { SetsKeepUntil = true, KeepUntil = _bench.Time.GetUtcNow().AddDays(30) }, default)).Changed.ShouldBe([id]);

        await Carry(editor, await Plan(collection));

        (await _bench.Load(id)).DeletedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Date_OfADocument_IsKeptToTheNightAfter()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await editor.Upload("a.txt", Zips.Bytes("a"));
        await editor.Editing.Apply([id], new DocumentEdit { SetsKeepUntil = true, KeepUntil = _bench.Time.GetUtcNow().AddDays(3) }, default);
        (await editor.Preview.List(RetentionPreview.Defaults, default)).Rows.ShouldContain(row => row.Id == id && row.ByDate);

        _bench.Time.Advance(TimeSpan.FromDays(2.9));
        await Night(editor);
        (await _bench.Load(id)).DeletedAt.ShouldBeNull();
        _bench.Time.Advance(TimeSpan.FromDays(0.2));
        await Night(editor);
        (await _bench.Load(id)).DeletedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task MovedInOrBroughtBack_PastItsTime_HasDaysLeft()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (moved, back) = (await editor.Upload("a.txt", Zips.Bytes("a")), await editor.Upload("b.txt", Zips.Bytes("b")));
        var (collection, _) = await Collection(10);
        await Put(null, moved, _bench.Time.GetUtcNow().AddDays(-30));
        await Put(collection, back, _bench.Time.GetUtcNow().AddDays(-30));

        await editor.Editing.Apply([moved], new DocumentEdit { SetsCollection = true, CollectionId = collection }, default);
        await editor.Service.Delete([back], default);
        await editor.Service.Restore([back], default);

        (await _bench.Load(moved)).KeepUntil!.Value.ShouldBeGreaterThan(_bench.Time.GetUtcNow().AddDays(1));
        (await _bench.Load(back)).KeepUntil!.Value.ShouldBeGreaterThan(_bench.Time.GetUtcNow().AddDays(20));
    }

    [Fact]
    public async Task Date_OfAnAttachment_ComesByItselfWhenItIsEarlierThanThatOfItsMail()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (mail, early, along) = (await editor.Upload("mail.eml", Zips.Bytes("m")), await editor.Upload("a.txt", Zips.Bytes("a")), await editor.Upload("b.txt", Zips.Bytes("b")));
        await Attach(early, mail);
        await Attach(along, mail);
        await editor.Editing.Apply([mail], new DocumentEdit { SetsKeepUntil = true, KeepUntil = _bench.Time.GetUtcNow().AddDays(20) }, default);
        await editor.Editing.Apply([early], new DocumentEdit { SetsKeepUntil = true, KeepUntil = _bench.Time.GetUtcNow().AddDays(3) }, default);
        var shown = (await editor.Preview.List(RetentionPreview.Defaults with { PageSize = 200 }, default)).Rows.Select(row => row.Id).ToHashSet();
        (shown.Contains(mail), shown.Contains(early), shown.Contains(along)).ShouldBe((true, true, false), "an attachment of the same day goes with its mail");

        _bench.Time.Advance(TimeSpan.FromDays(4));
        await Night(editor);
        (await _bench.Load(early)).DeletedAt.ShouldNotBeNull();
        (await _bench.Load(mail)).DeletedAt.ShouldBeNull();

        _bench.Time.Advance(TimeSpan.FromDays(17));
        await Night(editor);
        (await _bench.Load(along)).DeletedAt.ShouldBe((await _bench.Load(mail)).DeletedAt.ShouldNotBeNull());
    }

    [Fact]
    public async Task Rule_OfAttachments_LooksAtThoseThatStandByThemselves()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (mail, along, joined, ordinary) = (await editor.Upload("mail.eml", Zips.Bytes("m")), await editor.Upload("a.txt", Zips.Bytes("a")), await editor.Upload("b.txt", Zips.Bytes("b")), await editor.Upload("c.txt", Zips.Bytes("c")));
        await Attach(along, mail);
        await Attach(joined, mail);
        var duplicates = new DuplicateCommands(editor.Guard, _bench.Databases, _bench.Time, _bench.Topic);
        (await duplicates.Join(joined, ordinary, default)).Result.ShouldBe(DuplicateResult.Done);
        var (collection, name) = await Collection(10);
        foreach (var id in new[] { along, joined, ordinary }) await Put(collection, id, _bench.Time.GetUtcNow().AddDays(-30));

        (await editor.Preview.Counts(default)).Single(count => count.Name == name).Count.ShouldBe(1);
        await Night(editor);
        await Carry(editor, await Plan(collection));

        foreach (var id in new[] { joined, ordinary }) (await _bench.Load(id)).DeletedAt.ShouldNotBeNull();
        (await _bench.Load(along)).DeletedAt.ShouldBeNull("its mail is there");

        await editor.Service.Delete([mail], default);
        await editor.Service.Restore([along], default);
        await _bench.Query(db => db.Set<Document>().Where(d => d.Id == along).ExecuteUpdateAsync(set => set.SetProperty(d => d.KeepUntil, (DateTimeOffset?)null)));
        (await editor.Preview.Counts(default)).Single(count => count.Name == name).Count.ShouldBe(1);
    }

    [Fact]
    public async Task BecameLatestOrMoved_PastItsTime_HasDaysLeft()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (collection, _) = await Collection(10);
        var duplicates = new DuplicateCommands(editor.Guard, _bench.Databases, _bench.Time, _bench.Topic);
        var versions = new DocumentVersions(editor.Guard, _bench.Databases, _bench.Time, _bench.Topic);
        async Task<(Guid Old, Guid New)> Series()
        {
            var (old, young) = (await editor.Upload("old.txt", Zips.Bytes("a")), await editor.Upload("new.txt", Zips.Bytes("b")));
            (await duplicates.Join(young, old, default)).Result.ShouldBe(DuplicateResult.Done);
            await Put(collection, old, _bench.Time.GetUtcNow().AddDays(-30));
            await Put(collection, young, _bench.Time.GetUtcNow());
            return (old, young);
        }
        async Task HasDays(Guid id) => (await _bench.Load(id)).KeepUntil.ShouldNotBeNull().ShouldBeGreaterThan(_bench.Time.GetUtcNow().AddDays(1));

        var deleted = await Series();
        await editor.Service.Delete([deleted.New], default);
        await HasDays(deleted.Old);
        var split = await Series();
        await duplicates.Split(split.New, andLater: false, default);
        await HasDays(split.Old);
        var raised = await Series();
        await versions.MakeLatest(raised.Old, default);
        await HasDays(raised.Old);
        var (target, moved) = (await Series(), await editor.Upload("moved.txt", Zips.Bytes("c")));
        await Put(null, moved, _bench.Time.GetUtcNow().AddDays(-30));
        await duplicates.Join(moved, target.New, default);
        await HasDays(moved);
        (await _bench.Load(target.New)).KeepUntil.ShouldBeNull();
    }

    private Task Attach(Guid id, Guid mail) => _bench.Query(db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.ParentId, mail).SetProperty(d => d.ParentPart, 1)));

    private Task Night(Person person) => new ApplyRetentionHandler(_bench.Databases, new RetentionMover(_bench.Databases, person.Service), _bench.Time).RunAsync(new ApplyRetention(), new TestJob(1, null), default);

    private Task Carry(Person person, Job plan) => new ApplyRetentionRuleHandler(_bench.Databases, new RetentionMover(_bench.Databases, person.Service))
        .RunAsync(System.Text.Json.JsonSerializer.Deserialize<ApplyRetentionRule>(plan.Arguments, System.Text.Json.JsonSerializerOptions.Web)!, new TestJob(1, null), default);

    private Task<Job> Plan(Guid collection) => _bench.Query(db => db.Set<Job>().AsNoTracking().Where(j => j.Type == "documents.retention_rule" && j.Arguments.Contains(collection.ToString())).OrderByDescending(j => j.Id).FirstAsync());

    private Task Put(Guid? collection, Guid id, DateTimeOffset createdAt) =>
        _bench.Query(db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.CollectionId, collection).SetProperty(d => d.CreatedAt, createdAt)));

    private async Task<(Guid, string)> Collection(int days)
    {
        var admin = await _bench.Person(DocumentsPermissions.ManageCollections, DocumentsPermissions.Read);
        var name = "R " + Guid.NewGuid();
        return ((await admin.Collections.Save(new CollectionDraft(null, 0, name, null, false, null, days, []), default)).Id!.Value, name);
    }
}
