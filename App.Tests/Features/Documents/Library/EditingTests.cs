using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Tests.Features.Documents.Library;

public sealed class EditingTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Apply_EverythingAtOnce_ChangesItWithOneAuditRowAndTakesItBack()
    {
        var (editor, heir) = (await _bench.Person(DocumentsBench.Editor), await Holder());
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++) ids.Add(await editor.Upload($"{i}.txt", Zips.Bytes($"{i}")));
        var (collection, type) = (await Collection(), await Type());
        var until = _bench.Time.GetUtcNow().AddDays(90);
        var edit = new DocumentEdit { AddTags = ["Rechnung", "rechnung", "März"], SetsCollection = true, CollectionId = collection, SetsType = true, TypeId = type, OwnerId = heir, SetsKeepUntil = true, KeepUntil = until };
        var before = await Rows("documents.edit");

        var result = await editor.Editing.Apply(ids, edit, default);

        result.Changed.Order().ShouldBe(ids.Order());
        (await Rows("documents.edit")).ShouldBe(before + 1);
        var row = (await editor.Library.Details(ids[0], default))!.Row;
        row.Tags.ShouldBe(["März", "Rechnung"]);
        (row.CollectionId, row.KindId, row.KindBy, row.OwnerId).ShouldBe((collection, type, TypeSource.Person, heir));
        row.KeepUntil!.Value.ShouldBe(until, TimeSpan.FromMilliseconds(1));

        (await editor.Editing.TakeBack(result.Undo!, default)).ShouldBe(3);
        row = (await editor.Library.Details(ids[0], default))!.Row;
        (row.CollectionId, row.KindId, row.KindBy, row.OwnerId, row.KeepUntil).ShouldBe((null, null, null, editor.Id, null));
        row.Tags.ShouldBeEmpty();
    }

    [Fact]
    public async Task TakeBack_SomebodyChangedItSince_KeepsTheirs()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await editor.Upload("a.txt", Zips.Bytes("a"));
        var (first, second) = (await Collection(), await Collection());
        var result = await editor.Editing.Apply([id], new DocumentEdit { SetsCollection = true, CollectionId = first }, default);
        await editor.Editing.Apply([id], new DocumentEdit { SetsCollection = true, CollectionId = second }, default);

        await editor.Editing.TakeBack(result.Undo!, default);

        (await _bench.Load(id)).CollectionId.ShouldBe(second);
    }

    [Fact]
    public async Task TakeBack_SomebodyLengthenedItSince_KeepsTheirDay()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await editor.Upload("a.txt", Zips.Bytes("a"));
        var (first, later) = (await Collection(), _bench.Time.GetUtcNow().AddDays(400));
        var moved = await editor.Editing.Apply([id], new DocumentEdit { SetsCollection = true, CollectionId = first }, default);
        var dated = await editor.Editing.Apply([id], new DocumentEdit { SetsKeepUntil = true, KeepUntil = _bench.Time.GetUtcNow().AddDays(40) }, default);
        await editor.Editing.Apply([id], new DocumentEdit { SetsKeepUntil = true, KeepUntil = later }, default);

        await editor.Editing.TakeBack(dated.Undo!, default);
        await editor.Editing.TakeBack(moved.Undo!, default);

        var document = await _bench.Load(id);
        document.CollectionId.ShouldBeNull();
        document.KeepUntil!.Value.ShouldBe(later, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Apply_AnotherType_TellsWhoWatchesTypes()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (id, type, told) = (await editor.Upload("a.txt", Zips.Bytes("a")), await Type(), 0);
        using var subscription = _bench.Classifier.Subscribe(_ => told++);

        var result = await editor.Editing.Apply([id], new DocumentEdit { SetsType = true, TypeId = type }, default);
        told.ShouldBe(1);
        await editor.Editing.Apply([id], new DocumentEdit { SetsType = true, TypeId = type, AddTags = ["x"] }, default);
        told.ShouldBe(1, "it had the type already");
        await editor.Editing.TakeBack(result.Undo!, default);
        told.ShouldBe(2);
    }

    [Fact]
    public async Task Apply_OthersDocuments_AreCountedAndStay()
    {
        var (one, other) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsPermissions.Own, DocumentsPermissions.Read));
        var theirs = await one.Upload("theirs.txt", Zips.Bytes("a"));
        var own = await other.Upload("own.txt", Zips.Bytes("b"));

        (await other.Editing.Preview([theirs, own], default)).ShouldBe(new EditPreview(2, 1));
        (await other.Editing.Apply([theirs, own], new DocumentEdit { AddTags = ["x"] }, default)).Changed.ShouldBe([own]);
        (await one.Library.Details(theirs, default))!.Row.Tags.ShouldBeEmpty();
    }

    [Fact]
    public async Task Apply_WhatDoesNotFit_IsRefusedByName()
    {
        var member = await _bench.Person(DocumentsBench.Member);
        var id = await member.Upload("a.txt", Zips.Bytes("a"));
        async Task<EditProblem> Try(DocumentEdit edit) => (await member.Editing.Apply([id], edit, default)).Problem;

        (await Try(new DocumentEdit())).ShouldBe(EditProblem.NothingChosen);
        (await Try(new DocumentEdit { AddTags = [" "] })).ShouldBe(EditProblem.TagUnfit);
        (await Try(new DocumentEdit { AddTags = [new string('x', 61)] })).ShouldBe(EditProblem.TagUnfit);
        (await Try(new DocumentEdit { AddTags = ["a,b"] })).ShouldBe(EditProblem.TagUnfit);
        (await Try(new DocumentEdit { SetsCollection = true, CollectionId = await Collection() })).ShouldBe(EditProblem.CollectionClosed);
        (await Try(new DocumentEdit { SetsType = true, TypeId = Guid.NewGuid() })).ShouldBe(EditProblem.TypeUnknown);
        (await Try(new DocumentEdit { OwnerId = Guid.NewGuid() })).ShouldBe(EditProblem.OwnerUnfit);
        (await Try(new DocumentEdit { OwnerId = (await _bench.Person(DocumentsBench.Member)).Id })).ShouldBe(EditProblem.OwnerUnfit, "no role of theirs brings the right");
        (await Try(new DocumentEdit { SetsKeepUntil = true, KeepUntil = _bench.Time.GetUtcNow().AddHours(23) })).ShouldBe(EditProblem.DateTooSoon);
        (await _bench.Load(id)).Version.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Commands_WithoutPermission_AreRefused()
    {
        var (owner, stranger, auditor) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(), await _bench.Person(DocumentsBench.Auditor));
        var id = await owner.Upload("a.txt", Zips.Bytes("a"));
        foreach (var person in new[] { stranger, auditor })
        {
            await Should.ThrowAsync<ForbiddenException>(() => person.Editing.Apply([id], new DocumentEdit { AddTags = ["x"] }, default));
            await Should.ThrowAsync<ForbiddenException>(() => person.Bin.Erase([id], default));
            await Should.ThrowAsync<ForbiddenException>(() => person.Collections.Save(new CollectionDraft(null, 0, "x", null, false, null, null, []), default));
            await Should.ThrowAsync<ForbiddenException>(() => person.Collections.Delete(Guid.NewGuid(), null, default));
            await Should.ThrowAsync<ForbiddenException>(() => person.Tags.Delete(Guid.NewGuid(), default));
            await Should.ThrowAsync<ForbiddenException>(() => person.Tags.Rename(Guid.NewGuid(), "x", default));
            await Should.ThrowAsync<ForbiddenException>(() => person.Tags.Merge(Guid.NewGuid(), Guid.NewGuid(), default));
        }
        await Should.ThrowAsync<ForbiddenException>(() => owner.Bin.List(DocumentScope.All, BinService.Defaults, default));
        await Should.ThrowAsync<ForbiddenException>(() => owner.Preview.Counts(default));
        await Should.ThrowAsync<ForbiddenException>(() => stranger.History.Get(id, default));
        (await auditor.History.Get(id, default)).ShouldBeNull("the history is for who may change it");
        (await owner.History.Get(id, default))!.Rows.ShouldContain(row => row.Action == "documents.upload");
    }

    [Fact]
    public async Task Family_MovesGoesAndComesBackWithItsDocument()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var parent = await editor.Upload("mail.eml", Zips.Bytes("mail"));
        var (child, older, alone) = (await editor.Upload("a.txt", Zips.Bytes("a")), await editor.Upload("old.eml", Zips.Bytes("old")), await editor.Upload("alone.txt", Zips.Bytes("c")));
        await _bench.Query(async db =>
        {
            await db.Set<Document>().Where(d => d.Id == child).ExecuteUpdateAsync(set => set.SetProperty(d => d.ParentId, parent).SetProperty(d => d.ParentPart, 1));
            return await db.Set<Document>().Where(d => d.Id == older).ExecuteUpdateAsync(set => set.SetProperty(d => d.SeriesId, parent).SetProperty(d => d.IsLatest, false));
        });
        var collection = await Collection();

        (await editor.Editing.Apply([parent], new DocumentEdit { SetsCollection = true, CollectionId = collection }, default)).Changed.ShouldBe([parent]);
        foreach (var id in new[] { child, older }) (await _bench.Load(id)).CollectionId.ShouldBe(collection);
        (await _bench.Load(alone)).CollectionId.ShouldBeNull();

        (await editor.Service.Delete([parent], default)).ShouldBe([parent]);
        (await _bench.Load(child)).DeletedAt.ShouldNotBeNull();
        (await _bench.Load(older)).DeletedAt.ShouldBeNull("another version is a document of its own in the bin");
        (await editor.Bin.List(DocumentScope.Own, BinService.Defaults, default)).Rows.ShouldHaveSingleItem().Id.ShouldBe(parent);
        await editor.Service.Restore([parent], default);
        foreach (var id in new[] { parent, child, older }) (await _bench.Load(id)).DeletedAt.ShouldBeNull();

        await editor.Service.Delete([parent], default);
        (await editor.Bin.Erase([parent], default)).ShouldBe([parent]);
        (await _bench.Query(db => db.Set<Document>().Where(d => d.Id == parent || d.Id == child || d.Id == older).Select(d => d.Id).ToListAsync())).ShouldBe([older]);
        (await _bench.Query(db => db.Set<Job>().CountAsync(j => j.Type == "documents.erase_contents"))).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Restore_DeletedWhileItWaited_ReadsItAnew()
    {
        var member = await _bench.Person(DocumentsBench.Member);
        var id = await member.Upload("a.txt", Zips.Bytes("words"));
        await member.Service.Delete([id], default);

        await member.Service.Restore([id], default);

        var document = await _bench.Load(id);
        (document.State, document.Revision).ShouldBe((DocumentState.Waiting, 1));
        (await _bench.Query(db => db.Set<Job>().AnyAsync(j => j.Id == document.JobId))).ShouldBeTrue();
    }

    [Fact]
    public async Task Tags_RenameMergeDelete_ReachEveryDocument()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (one, two) = (await editor.Upload("1.txt", Zips.Bytes("1")), await editor.Upload("2.txt", Zips.Bytes("2")));
        var (a, b) = ("a" + Guid.NewGuid().ToString("n"), "b" + Guid.NewGuid().ToString("n"));
        await editor.Editing.Apply([one, two], new DocumentEdit { AddTags = [a] }, default);
        await editor.Editing.Apply([two], new DocumentEdit { AddTags = [b] }, default);
        var tags = (await editor.Tags.List(default)).Where(t => t.Name == a || t.Name == b).ToDictionary(t => t.Name);
        (tags[a].Documents.Count, tags[b].Documents.Count).ShouldBe((2, 1));

        (await editor.Tags.Rename(tags[a].Id, b.ToUpperInvariant(), default)).ShouldBe(TagProblem.NameTaken);
        (await editor.Tags.Rename(tags[a].Id, a + "2", default)).ShouldBe(TagProblem.None);
        (await editor.Tags.Merge(tags[a].Id, tags[b].Id, default)).ShouldBe(TagProblem.None);
        foreach (var id in new[] { one, two }) (await editor.Library.Details(id, default))!.Row.Tags.ShouldBe([b]);
        (await editor.Tags.Delete(tags[b].Id, default)).ShouldBe(TagProblem.None);
        (await editor.Tags.Delete(tags[b].Id, default)).ShouldBe(TagProblem.Gone);
        (await editor.Library.Details(one, default))!.Row.Tags.ShouldBeEmpty();
    }

    [Fact]
    public async Task Collections_TwoPeopleAtOnce_TheSecondIsToldSo()
    {
        var admin = await _bench.Person(DocumentsPermissions.ManageCollections, DocumentsPermissions.Read);
        var draft = new CollectionDraft(null, 0, "Once " + Guid.NewGuid(), null, false, null, null, []);
        var id = (await admin.Collections.Save(draft, default)).Id;

        (await admin.Collections.Save(draft with { Id = id, Version = 1, RetentionDays = 10 }, default)).Problem.ShouldBe(CollectionProblem.None);
        (await admin.Collections.Save(draft with { Id = id, Version = 1, RetentionDays = 20 }, default)).Problem.ShouldBe(CollectionProblem.Changed);
        (await admin.Collections.Save(draft, default)).Problem.ShouldBe(CollectionProblem.NameTaken);
        (await admin.Collections.Save(draft with { Name = " " }, default)).Problem.ShouldBe(CollectionProblem.NameMissing);
        (await admin.Collections.Save(draft with { Name = "x" + Guid.NewGuid(), RetentionDays = 0 }, default)).Problem.ShouldBe(CollectionProblem.RetentionUnfit);
        (await admin.Collections.Save(draft with { Name = "x" + Guid.NewGuid(), Languages = "xyz" }, default)).Problem.ShouldBe(CollectionProblem.LanguagesUnknown);
        (await admin.Collections.Save(draft with { Name = "x" + Guid.NewGuid(), Grants = [new GrantView(Guid.NewGuid(), false, "", CollectionRight.Read)] }, default)).Problem.ShouldBe(CollectionProblem.HolderUnknown);
    }

    [Fact]
    public async Task Collections_DeleteOneWithDocuments_MovesThemByAJob()
    {
        var (admin, editor) = (await _bench.Person(DocumentsPermissions.ManageCollections, DocumentsPermissions.Read), await _bench.Person(DocumentsBench.Editor));
        var (from, to) = (await Collection(), await Collection());
        var (id, deleted) = (await editor.Upload("a.txt", Zips.Bytes("a")), await editor.Upload("b.txt", Zips.Bytes("b")));
        await editor.Editing.Apply([id, deleted], new DocumentEdit { SetsCollection = true, CollectionId = from }, default);
        await editor.Service.Delete([deleted], default);

        (await admin.Collections.Delete(from, null, default)).Problem.ShouldBe(CollectionProblem.NotEmpty);
        (await admin.Collections.Delete(from, from, default)).Problem.ShouldBe(CollectionProblem.TargetUnknown);
        (await admin.Collections.Delete(from, to, default)).Moving.ShouldBeTrue();
        await new MoveCollectionHandler(_bench.Databases, _bench.Time, _bench.CollectionsTopic, _bench.Topic).RunAsync(new MoveCollection(from, to), new TestJob(1, null), default);

        (await _bench.Load(id)).CollectionId.ShouldBe(to);
        (await _bench.Load(deleted)).CollectionId.ShouldBe(to);
        (await admin.Collections.Delete(from, null, default)).Problem.ShouldBe(CollectionProblem.Gone);
    }

    [Fact]
    public async Task Bulk_EditByAJob_ChangesWhatMatches()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var mark = Guid.NewGuid().ToString("n");
        for (var i = 0; i < 3; i++) await editor.Upload($"{mark} {i}.txt", Zips.Bytes($"{i}"));
        var query = DocumentLists.Defaults.WithSearch(mark);

        (await editor.Bulk.Preview(DocumentScope.All, query, default)).ShouldBe(new EditPreview(3, 0));
        (await editor.Bulk.Start(DocumentCommand.Edit, DocumentScope.All, query, default, new DocumentEdit { AddTags = ["bulk"] })).ShouldBe(3);
        var arguments = await _bench.Query(db => db.Set<Job>().Where(j => j.Type == "documents.change" && j.OwnerId == editor.Id).Select(j => j.Arguments).SingleAsync());
        var command = System.Text.Json.JsonSerializer.Deserialize<ChangeDocuments>(arguments, System.Text.Json.JsonSerializerOptions.Web)!;
        command.Edit!.AddTags.ShouldBe(["bulk"]);
        var ids = await editor.Bulk.Next(command, null, 10, default);
        (await editor.Editing.ApplyPart(ids, command.Edit, default)).Changed.Count.ShouldBe(3);
        (await Rows("documents.edit", editor.Id)).ShouldBe(1);
    }

    private Task<int> Rows(string action, Guid? actor = null) => _bench.Query(db => db.Set<AuditEntry>().CountAsync(e => e.Action == action && (actor == null || e.ActorId == actor)));

    private async Task<Guid> Collection()
    {
        var admin = await _bench.Person(DocumentsPermissions.ManageCollections, DocumentsPermissions.Read);
        return (await admin.Collections.Save(new CollectionDraft(null, 0, "C " + Guid.NewGuid(), null, false, null, null, []), default)).Id!.Value;
    }

    private async Task<Guid> Type()
    {
        var type = new DocumentType { Id = Guid.NewGuid(), TenantId = BlazorAdmin.Data.AppDbContext.DefaultTenant, Name = "T " + Guid.NewGuid(), NormalizedName = "t " + Guid.NewGuid(), CreatedAt = DateTimeOffset.UtcNow, Version = 1 };
        await Save(type);
        return type.Id;
    }

    /// <summary>Somebody whose role brings the right to have documents.</summary>
    private async Task<Guid> Holder()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var role = new Role { Id = Guid.NewGuid(), TenantId = BlazorAdmin.Data.AppDbContext.DefaultTenant, Name = "r" + Guid.NewGuid().ToString("n") };
        role.NormalizedName = role.Name!.ToUpperInvariant();
        role.Permissions.Add(new RolePermission { RoleId = role.Id, Permission = DocumentsPermissions.Own });
        await Save(role, new IdentityUserRole<Guid> { UserId = person.Id, RoleId = role.Id });
        return person.Id;
    }

    private async Task Save(params object[] entities)
    {
        using var answered = AuditScope.EngineOwn();
        await _bench.Query(async db =>
        {
            db.AddRange(entities);
            return await db.SaveChangesAsync();
        });
    }
}
