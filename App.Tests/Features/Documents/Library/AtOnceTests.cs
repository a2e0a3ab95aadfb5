using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Shell;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Documents.Library;

/// <summary>Commands on the same documents at once: the second waits for the first and finds what it left.</summary>
public sealed class AtOnceTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [PostgresFact]
    public async Task Edit_WhileAReadingAddsAnAttachment_TakesItAlong()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (mail, collection) = (await editor.Upload("mail.eml", Zips.Bytes("mail")), await Collection(restricted: true));
        var child = Guid.CreateVersion7();

        (await Meanwhile.Commits(_bench, db => Attach(db, mail, child), () => editor.Editing.Apply([mail], new DocumentEdit { SetsCollection = true, CollectionId = collection }, default))).Changed.ShouldBe([mail]);

        (await _bench.Load(child)).CollectionId.ShouldBe(collection);
    }

    [PostgresFact]
    public async Task Edit_WhileAReadingAddsAnAttachmentToAnAttachment_TakesItAlong()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (mail, collection) = (await editor.Upload("mail.eml", Zips.Bytes("mail")), await Collection(restricted: true));
        var (inner, child) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Meanwhile.Commits(_bench, db => Attach(db, mail, inner), () => Task.FromResult(0));

        await Meanwhile.Commits(_bench, db => Attach(db, inner, child), () => editor.Editing.Apply([mail], new DocumentEdit { SetsCollection = true, CollectionId = collection }, default));

        (await _bench.Load(child)).CollectionId.ShouldBe(collection);
    }

    [PostgresFact]
    public async Task Edit_WhileSomebodyAddsAVersion_TakesItAlong()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (first, collection) = (await editor.Upload("a.txt", Zips.Bytes("a")), await Collection(restricted: true));
        var (caller, version) = ((await editor.Caller.GetAsync(default))!, Guid.CreateVersion7());

        await Meanwhile.Commits(_bench, async db =>
        {
            var document = New(version, await db.Set<Document>().AsNoTracking().SingleAsync(d => d.Id == first));
            await DocumentVersions.JoinSeries(db, caller, document, first, default);
            db.Add(document);
            await db.SaveChangesAsync();
        }, () => editor.Editing.Apply([first], new DocumentEdit { SetsCollection = true, CollectionId = collection }, default));

        var added = await _bench.Load(version);
        (added.CollectionId, added.SeriesId, added.Edition, added.IsLatest).ShouldBe((collection, first, 2, true));
    }

    [PostgresFact]
    public async Task EditTakenBack_AnAttachmentCameSince_GoesBackToo()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (mail, closed, open) = (await editor.Upload("mail.eml", Zips.Bytes("mail")), await Collection(restricted: true, editor), await Collection(restricted: false));
        await editor.Editing.Apply([mail], new DocumentEdit { SetsCollection = true, CollectionId = closed }, default);
        var edited = await editor.Editing.Apply([mail], new DocumentEdit { SetsCollection = true, CollectionId = open }, default);
        var child = Guid.CreateVersion7();

        await Meanwhile.Commits(_bench, db => Attach(db, mail, child), () => editor.Editing.TakeBack(edited.Undo!, default));

        (await _bench.Load(mail)).CollectionId.ShouldBe(closed);
        (await _bench.Load(child)).CollectionId.ShouldBe(closed);
    }

    [PostgresFact]
    public async Task Delete_WhileAReadingAddsAnAttachment_TakesItAlong()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var mail = await editor.Upload("mail.eml", Zips.Bytes("mail"));
        var child = Guid.CreateVersion7();

        (await Meanwhile.Commits(_bench, db => Attach(db, mail, child), () => editor.Service.Delete([mail], default))).ShouldBe([mail]);

        (await _bench.Load(child)).DeletedAt.ShouldBe((await _bench.Load(mail)).DeletedAt);
    }

    [PostgresFact]
    public async Task Delete_WhileSomebodyTakesTheAttachmentFirst_WaitsWithoutTheMail()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var mail = await editor.Upload("mail.eml", Zips.Bytes("mail"));
        // Before its mail in the order in which families are taken.
        var child = Guid.Parse($"00000000-0000-7000-8000-{Guid.NewGuid().ToString("n")[..12]}");
        await Meanwhile.Commits(_bench, db => Attach(db, mail, child), () => Task.FromResult(0));

        // Two who held one of them each would wait for each other for ever.
        (await Meanwhile.Commits(_bench, db => Touch(db, child), () => editor.Service.Delete([mail], default), then: db => Touch(db, mail))).ShouldBe([mail]);

        (await _bench.Load(child)).DeletedAt.ShouldBe((await _bench.Load(mail)).DeletedAt);
    }

    [PostgresFact]
    public async Task Delete_OverlappingMails_BothEnd()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var mails = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            var (mail, child) = (await editor.Upload("mail.eml", Zips.Bytes("mail")), i % 2 == 0 ? Guid.CreateVersion7() : Guid.Parse($"00000000-0000-7000-8000-{Guid.NewGuid().ToString("n")[..12]}"));
            await Meanwhile.Commits(_bench, db => Attach(db, mail, child), () => Task.FromResult(0));
            mails.AddRange(mail, child);
        }

        var deleted = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => editor.Service.Delete([.. mails.Where((_, at) => at % 6 != i)], default))));

        deleted.SelectMany(ids => ids).ShouldBeUnique();
        foreach (var id in mails) (await _bench.Load(id)).DeletedAt.ShouldNotBeNull();
    }

    [PostgresFact]
    public async Task Edit_AttachmentInTheBin_FollowsItsMailAndComesBackWithIt()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (mail, closed) = (await editor.Upload("mail.eml", Zips.Bytes("mail")), await Collection(restricted: true, editor));
        var child = Guid.CreateVersion7();
        await Meanwhile.Commits(_bench, db => Attach(db, mail, child), () => Task.FromResult(0));
        await editor.Service.Delete([child], default);
        var other = await _bench.Person(DocumentsBench.Editor);
        (await other.Bin.List(DocumentScope.All, BinService.Defaults, default)).Rows.ShouldContain(row => row.Id == child);

        var edited = await editor.Editing.Apply([mail], new DocumentEdit { SetsCollection = true, CollectionId = closed }, default);

        edited.Changed.ShouldBe([mail]);
        (await _bench.Load(child)).CollectionId.ShouldBe(closed);
        (await other.Bin.List(DocumentScope.All, BinService.Defaults, default)).Rows.ShouldNotContain(row => row.Id == child);
        (await other.Service.Restore([child], default)).ShouldBeEmpty();
        await editor.Editing.TakeBack(edited.Undo!, default);
        var back = await _bench.Load(child);
        (back.CollectionId, back.DeletedAt is null).ShouldBe((null, false));
    }

    [PostgresFact]
    public async Task Join_AttachmentInTheBin_FollowsItsMail()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (mail, target, closed) = (await editor.Upload("mail.eml", Zips.Bytes("mail")), await editor.Upload("other.eml", Zips.Bytes("other")), await Collection(restricted: true, editor));
        var child = Guid.CreateVersion7();
        await Meanwhile.Commits(_bench, db => Attach(db, mail, child), () => Task.FromResult(0));
        await editor.Service.Delete([child], default);
        await editor.Editing.Apply([target], new DocumentEdit { SetsCollection = true, CollectionId = closed }, default);
        var commands = new DuplicateCommands(editor.Guard, _bench.Databases, _bench.Time, _bench.Topic);

        var joined = await commands.Join(mail, target, default);

        joined.Result.ShouldBe(DuplicateResult.Done);
        (await _bench.Load(child)).CollectionId.ShouldBe(closed);
        (await commands.TakeBack(joined.Undo!, default)).ShouldBe(DuplicateResult.Done);
        (await _bench.Load(child)).CollectionId.ShouldBeNull();
    }

    [PostgresFact]
    public async Task Retention_WhileAReadingAddsAnAttachment_TakesItAlong()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var mail = await editor.Upload("mail.eml", Zips.Bytes("mail"));
        var child = Guid.CreateVersion7();
        await Keep(mail, _bench.Time.GetUtcNow().AddDays(-1));

        await Meanwhile.Commits(_bench, db => Attach(db, mail, child), () => Night(editor));

        (await _bench.Load(child)).DeletedAt.ShouldBe((await _bench.Load(mail)).DeletedAt.ShouldNotBeNull());
    }

    [PostgresFact]
    public async Task Retention_WhileSomebodyPostpones_LeavesIt()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await editor.Upload("a.txt", Zips.Bytes("a"));
        await Keep(id, _bench.Time.GetUtcNow().AddDays(-1));
        var later = _bench.Time.GetUtcNow().AddDays(100);

        await Meanwhile.Commits(_bench, db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.KeepUntil, later)), () => Night(editor));

        (await _bench.Load(id)).DeletedAt.ShouldBeNull();
    }

    [PostgresFact]
    public async Task Erase_WhileSomebodyRestores_LeavesIt()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await editor.Upload("a.txt", Zips.Bytes("a"));
        await editor.Service.Delete([id], default);

        (await Meanwhile.Commits(_bench, db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.DeletedAt, (DateTimeOffset?)null)), () => editor.Bin.Erase([id], default))).ShouldBeEmpty();

        (await _bench.Load(id)).DeletedAt.ShouldBeNull();
    }

    [PostgresFact]
    public async Task Restore_WhileSomebodyErases_SaysThatNothingIsThere()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await editor.Upload("a.txt", Zips.Bytes("a"));
        await editor.Service.Delete([id], default);

        (await Meanwhile.Commits(_bench, db => db.Set<Document>().Where(d => d.Id == id).ExecuteDeleteAsync(), () => editor.Service.Restore([id], default))).ShouldBeEmpty();
        (await editor.Bin.Erase([id], default)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task KeepDuplicate_WhileTheOtherIsErased_IsNotDone()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (one, two) = (await editor.Upload("a.txt", Zips.Bytes("a")), await editor.Upload("b.txt", Zips.Bytes("a")));
        var commands = new DuplicateCommands(editor.Guard, _bench.Databases, _bench.Time, _bench.Topic);

        (await Meanwhile.Commits(_bench, db => db.Set<Document>().Where(d => d.Id == one).ExecuteDeleteAsync(), () => commands.Keep(two, one, default))).ShouldBe(DuplicateResult.NotFound);
    }

    [Fact]
    public async Task KeepDuplicate_ManyAtOnce_IsDoneOnce()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (one, two) = (await editor.Upload("a.txt", Zips.Bytes("a")), await editor.Upload("b.txt", Zips.Bytes("a")));
        var commands = new DuplicateCommands(editor.Guard, _bench.Databases, _bench.Time, _bench.Topic);

        (await Task.WhenAll(Enumerable.Range(0, 6).Select(i => commands.Keep(i % 2 == 0 ? one : two, i % 2 == 0 ? two : one, default)))).ShouldAllBe(result => result == DuplicateResult.Done);
        (await _bench.Query(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "documents.keep_duplicate" && e.ActorId == editor.Id))).ShouldBe(1);
        (await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => commands.Unkeep(one, two, default)))).ShouldAllBe(result => result == DuplicateResult.Done);
    }

    [PostgresFact]
    public async Task DeleteCollection_WhileSomebodyDeletesItOrPutsADocumentIn_SaysSo()
    {
        var (admin, editor) = (await _bench.Person(DocumentsPermissions.ManageCollections, DocumentsPermissions.Read), await _bench.Person(DocumentsBench.Editor));
        var (gone, filled, id) = (await Collection(restricted: false), await Collection(restricted: false), await editor.Upload("a.txt", Zips.Bytes("a")));

        (await Meanwhile.Commits(_bench, db => db.Set<Collection>().Where(c => c.Id == gone).ExecuteDeleteAsync(), () => admin.Collections.Delete(gone, null, default))).Problem.ShouldBe(CollectionProblem.Gone);
        (await Meanwhile.Commits(_bench, db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.CollectionId, filled)), () => admin.Collections.Delete(filled, null, default)))
            .Problem.ShouldBe(CollectionProblem.NotEmpty);
    }

    [PostgresFact]
    public async Task DeleteTag_WhileSomebodyDeletesIt_SaysThatItIsGone()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (id, name) = (await editor.Upload("a.txt", Zips.Bytes("a")), "t" + Guid.NewGuid().ToString("n"));
        await editor.Editing.Apply([id], new DocumentEdit { AddTags = [name] }, default);
        var tag = await _bench.Query(db => db.Set<Tag>().Where(t => t.Name == name).Select(t => t.Id).SingleAsync());

        (await Meanwhile.Commits(_bench, db => db.Set<Tag>().Where(t => t.Id == tag).ExecuteDeleteAsync(), () => editor.Tags.Delete(tag, default))).ShouldBe(TagProblem.Gone);
    }

    [PostgresFact]
    public async Task Edit_WhileTheTagIsDeleted_MakesItAnew()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (one, two, name) = (await editor.Upload("a.txt", Zips.Bytes("a")), await editor.Upload("b.txt", Zips.Bytes("b")), "t" + Guid.NewGuid().ToString("n"));
        await editor.Editing.Apply([one], new DocumentEdit { AddTags = [name] }, default);

        (await Meanwhile.Commits(_bench, db => db.Set<Tag>().Where(t => t.Name == name).ExecuteDeleteAsync(), () => editor.Editing.Apply([two], new DocumentEdit { AddTags = [name] }, default))).Changed.ShouldBe([two]);

        (await editor.Library.Details(two, default))!.Row.Tags.ShouldBe([name]);
    }

    [Fact]
    public async Task Try_CommandFails_TellsTheNumberAndNotTheFault()
    {
        using var context = new ShellContext();
        var editor = await _bench.Person(DocumentsBench.Editor);
        context.Services.AddLibrary(editor, _bench).AddSingleton(editor.Service).AddSingleton(editor.Bulk).AddScoped<DocumentCommands>();

        (await context.Services.GetRequiredService<LibraryCommands>().Try(() => throw new InvalidOperationException("inner words"))).ShouldBeFalse();

        var toast = context.Services.GetRequiredService<Toasts>().Shown.ShouldHaveSingleItem();
        toast.Text.ShouldStartWith("That did not work.");
        toast.Text.ShouldNotContain("inner words");
    }

    /// <summary>What a reading does last: it writes its mail's row and adds documents beside it.</summary>
    private static async Task Attach(AppDbContext db, Guid mail, Guid child)
    {
        await db.Set<Document>().Where(d => d.Id == mail).ExecuteUpdateAsync(set => set.SetProperty(d => d.Progress, 100));
        var parent = await db.Set<Document>().AsNoTracking().SingleAsync(d => d.Id == mail);
        var document = New(child, parent);
        (document.ParentId, document.ParentPart, document.CollectionId) = (mail, 1, parent.CollectionId);
        db.Add(document);
        await db.SaveChangesAsync();
    }

    private static Task Touch(AppDbContext db, Guid id) => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.Progress, 100));

    private static Document New(Guid id, Document like) =>
        new() { Id = id, SeriesId = id, TenantId = like.TenantId, OwnerId = like.OwnerId, Node = "test", Name = "new.txt", Sha256 = new string('0', 64), CreatedAt = DateTimeOffset.UtcNow, Version = 1 };

    private async Task<int> Night(Person person)
    {
        await new ApplyRetentionHandler(_bench.Databases, new RetentionMover(_bench.Databases, person.Service), _bench.Time).RunAsync(new ApplyRetention(), new TestJob(1, null), default);
        return 0;
    }

    private Task Keep(Guid id, DateTimeOffset until) => _bench.Query(db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.KeepUntil, until)));

    private async Task<Guid> Collection(bool restricted, Person? granted = null)
    {
        var admin = await _bench.Person(DocumentsPermissions.ManageCollections, DocumentsPermissions.Read);
        // Whoever puts documents into a closed collection has the right on it.
        var grants = restricted ? await Grants(granted) : [];
        return (await admin.Collections.Save(new CollectionDraft(null, 0, "C " + Guid.NewGuid(), null, restricted, null, null, grants), default)).Id!.Value;
    }

    private async Task<IReadOnlyList<GrantView>> Grants(Person? granted)
    {
        var people = granted is null ? await _bench.Query(db => db.Users.Select(u => u.Id).ToListAsync()) : [granted.Id];
        return [.. people.Select(id => new GrantView(id, false, "", CollectionRight.Edit))];
    }
}
