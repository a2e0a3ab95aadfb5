using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Tests.Features.Documents.Library;

/// <summary>A document of a restricted collection does not exist for who has no right on it: no name, no count, no command, by no way in.</summary>
public sealed class HiddenDocumentsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private static readonly string[] Everything = [.. DocumentsBench.Editor, DocumentsPermissions.ManageCollections];

    /// <summary>Every way to a document: what it answers about the one in question; empty where it says nothing.</summary>
    private static readonly Dictionary<string, Func<Person, Place, Task<string>>> Ways = new()
    {
        ["details"] = async (p, at) => (await p.Library.Details(at.Document, default))?.Row.Name ?? "",
        ["page"] = async (p, at) => (await p.Library.Page(at.Document, 1, default))?.Text ?? "",
        ["original"] = async (p, at) => (await p.Library.OpenOriginal(at.Document, default))?.Name ?? "",
        ["text"] = async (p, at) => (await p.Library.OpenText(at.Document, default))?.Name ?? "",
        ["list"] = async (p, at) => Rows(await p.Library.List(Scope(p), DocumentLists.Defaults, default), at),
        ["shared"] = async (p, at) => Rows(await p.Library.List(DocumentScope.Shared, DocumentLists.Defaults, default), at),
        ["collection filter"] = async (p, at) => Rows(await p.Library.List(Scope(p), DocumentLists.Defaults.WithFilter("collection", at.Collection.ToString()), default), at),
        ["tag filter"] = async (p, at) => Rows(await p.Library.List(Scope(p), DocumentLists.Defaults.WithFilter("tag", at.Tag.ToString()), default), at),
        ["name search"] = async (p, at) => Rows(await p.Library.List(Scope(p), DocumentLists.Defaults.WithSearch(at.Name), default), at),
        ["text search"] = async (p, at) => Rows(await p.Library.List(Scope(p), DocumentLists.Defaults.WithSearch(at.Word), default), at),
        ["palette"] = async (p, at) => string.Concat((await new DocumentSearch(p.Library, p.Guard).SearchAsync(at.Name, 5, default)).Select(hit => hit.Title)),
        ["ids"] = async (p, at) => Ids(await p.Library.Ids(Scope(p), DocumentLists.Defaults, default), at),
        ["export"] = async (p, at) => string.Concat(await Export(p.Library.Export(Scope(p), DocumentLists.Defaults.WithSearch(at.Name), default))),
        ["summary names"] = async (p, at) => string.Concat((await p.Library.Summary(50, default)).Running.Where(row => row.Id == at.Document).Select(row => row.Name)),
        ["summary counts"] = async (p, _) => await p.Library.Summary(0, default) is { InProcess.Count: 0, Ready.Count: 0, Problems.Count: 0 } ? "" : "counted",
        ["same bytes"] = async (p, at) => await Same(p, at),
        ["edit preview"] = async (p, at) => Count((await p.Editing.Preview([at.Document], default)).Count),
        ["bulk preview"] = async (p, at) => Count((await p.Bulk.Preview(Scope(p), DocumentLists.Defaults.WithSearch(at.Name), default)).Count),
        ["bulk start"] = async (p, at) => Count(await p.Bulk.Start(DocumentCommand.Delete, Scope(p), DocumentLists.Defaults.WithSearch(at.Name), default)),
        ["edit"] = async (p, at) => Ids((await p.Editing.Apply([at.Document], new DocumentEdit { AddTags = ["mine"] }, default)).Changed, at),
        ["take back"] = async (p, at) => Count(await p.Editing.TakeBack(new EditUndo(new DocumentEdit { SetsCollection = true, CollectionId = at.Collection }, [new DocumentBefore(at.Document, null, null, null, p.Id, null, [], [])]), default)),
        ["put in"] = async (p, at) => (await p.Editing.Check(new DocumentEdit { SetsCollection = true, CollectionId = at.Collection }, default)) == EditProblem.CollectionClosed ? "" : "open",
        ["delete"] = async (p, at) => Ids(await p.Service.Delete([at.Document], default), at),
        ["read again"] = async (p, at) => Ids(await p.Service.ReadAgain([at.Document], default), at),
        ["stop"] = async (p, at) => Ids(await p.Service.Stop([at.Document], default), at),
        ["history"] = async (p, at) => await p.History.Get(at.Document, default) is null ? "" : "history",
        ["collections"] = async (p, at) => string.Concat((await p.Collections.Visible(default)).Where(c => c.Id == at.Collection).Select(c => c.Name)),
        ["counts of collections"] = async (p, at) => string.Concat((await p.Collections.List(default)).Where(c => c.Id == at.Collection).Select(c => c.Documents?.ToString())),
        ["open collections"] = async (p, at) => string.Concat((await p.Collections.Open(default)).Where(c => c.Id == at.Collection).Select(c => c.Name)),
        ["names of tags"] = async (p, at) => string.Concat((await p.Tags.Names(default)).Where(t => t.Id == at.Tag).Select(t => t.Name)),
        ["tags"] = async (p, at) => string.Concat((await p.Tags.List(default)).Where(t => t.Id == at.Tag).Select(t => t.Name)),
    };

    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task EveryWay_WithoutARight_FindsNothing()
    {
        var at = await Make();
        foreach (var permissions in new[] { DocumentsBench.Member, DocumentsBench.Editor, Everything })
        {
            var other = await _bench.Person(permissions);
            foreach (var way in Ways.Keys) await Say(other, way, at);
        }
        (await _bench.Load(at.Document)).DeletedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Tags_ThatStandOnHiddenDocumentsAlone_DoNotExist()
    {
        var (at, other) = (await Make(), await _bench.Person(Everything));
        var own = await other.Upload("own.txt", Zips.Bytes("own"));
        await other.Editing.Apply([own], new DocumentEdit { AddTags = ["mine" + at.Word] }, default);
        var mine = await _bench.Query(db => db.Set<Tag>().Where(t => t.Name == "mine" + at.Word).Select(t => t.Id).SingleAsync());

        (await other.Tags.Rename(at.Tag, "found", default)).ShouldBe(TagProblem.Gone);
        (await other.Tags.Merge(at.Tag, mine, default)).ShouldBe(TagProblem.Gone);
        (await other.Tags.Merge(mine, at.Tag, default)).ShouldBe(TagProblem.Gone);
        (await other.Tags.Delete(at.Tag, default)).ShouldBe(TagProblem.Gone);
        (await at.Owner.Library.Details(at.Document, default))!.Row.Tags.ShouldBe(["tag" + at.Word]);
    }

    [Fact]
    public async Task Tags_OnSeenAndHiddenDocuments_ChangeOnAllAndTheAuditSaysOnlyHowMany()
    {
        var (at, other) = (await Make(), await _bench.Person(Everything));
        var own = await other.Upload("own.txt", Zips.Bytes("own"));
        await other.Editing.Apply([own], new DocumentEdit { AddTags = ["tag" + at.Word, "kept" + at.Word] }, default);
        var kept = await _bench.Query(db => db.Set<Tag>().Where(t => t.Name == "kept" + at.Word).Select(t => t.Id).SingleAsync());

        (await other.Tags.Rename(at.Tag, "new" + at.Word, default)).ShouldBe(TagProblem.None);
        (await at.Owner.Library.Details(at.Document, default))!.Row.Tags.ShouldBe(["new" + at.Word]);
        (await other.Tags.Merge(at.Tag, kept, default)).ShouldBe(TagProblem.None);
        (await at.Owner.Library.Details(at.Document, default))!.Row.Tags.ShouldBe(["kept" + at.Word]);

        (await other.Tags.List(default)).Single(t => t.Id == kept).Documents.Count.ShouldBe(1);
        var rows = await _bench.Query(db => db.Set<BlazorAdmin.Features.Audit.AuditEntry>().Where(e => e.ActorId == other.Id && e.SubjectType == "tag").ToListAsync());
        rows.Select(row => row.Action).Order().ShouldBe(["documents.tag_merge", "documents.tag_rename"]);
        rows.ShouldAllBe(row => !(row.Detail ?? "").Contains(at.Document.ToString()) && !(row.Detail ?? "").Contains(at.Name));
    }

    [Fact]
    public async Task EveryWay_WithAGrant_FindsIt()
    {
        var at = await Make();
        var person = await _bench.Person(DocumentsBench.Editor);
        await at.Grant(_bench, new GrantView(person.Id, false, "", CollectionRight.Edit));
        string[] changes = ["bulk start", "edit", "take back", "delete", "read again", "stop", "summary names", "summary counts", "list", "ids"];

        foreach (var way in Ways.Keys.Except(changes)) (await Ways[way](person, at)).ShouldNotBeEmpty(way);
        foreach (var way in new[] { "edit", "read again", "stop", "delete" }) (await Ways[way](person, at)).ShouldNotBeEmpty(way);
    }

    [Fact]
    public async Task EveryWay_AfterTheGrantWasWithdrawn_FindsNothing()
    {
        var at = await Make();
        var (reader, byRole) = (await _bench.Person(DocumentsBench.Editor), await _bench.Person(DocumentsBench.Editor));
        var role = await Role(byRole.Id);
        await at.Grant(_bench, new GrantView(reader.Id, false, "", CollectionRight.Edit), new GrantView(role, true, "", CollectionRight.Edit));
        (await reader.Library.Details(at.Document, default)).ShouldNotBeNull();
        (await byRole.Library.Details(at.Document, default)).ShouldNotBeNull();

        await at.Grant(_bench);
        foreach (var way in Ways.Keys) await Say(reader, way, at);
        await at.Grant(_bench, new GrantView(role, true, "", CollectionRight.Edit));
        (await byRole.Library.Details(at.Document, default)).ShouldNotBeNull();
        await Leave(byRole.Id, role);
        foreach (var way in Ways.Keys) await Say(byRole, way, at);
    }

    [Fact]
    public async Task EveryWay_AfterTheDocumentWasDeleted_FindsNothing()
    {
        var at = await Make();
        await at.Owner.Service.Delete([at.Document], default);

        // The collection and its rights stay.
        foreach (var way in Ways.Keys.Except(["collections", "open collections", "counts of collections", "put in"])) (await Ways[way](at.Owner, at)).ShouldBeEmpty(way);
    }

    [Fact]
    public async Task Bin_OfARestrictedCollection_IsItsOwn()
    {
        var at = await Make();
        var editor = await _bench.Person(Everything);
        await at.Owner.Service.Delete([at.Document], default);

        (await editor.Bin.List(DocumentScope.All, BinService.Defaults.WithSearch(at.Name), default)).Rows.ShouldBeEmpty();
        (await editor.Bin.Ids(DocumentScope.All, BinService.Defaults, default)).ShouldNotContain(at.Document);
        (await editor.Bin.Erase([at.Document], default)).ShouldBeEmpty();
        (await editor.Service.Restore([at.Document], default)).ShouldBeEmpty();
        (await at.Owner.Bin.List(DocumentScope.Own, BinService.Defaults, default)).Rows.ShouldHaveSingleItem().Name.ShouldBe(at.Name);
    }

    [Fact]
    public async Task Retention_OfARestrictedCollection_IsNotShown()
    {
        var at = await Make(retention: 5);
        var editor = await _bench.Person(Everything);

        (await editor.Preview.Counts(default)).ShouldNotContain(count => count.Name == at.CollectionName);
        (await editor.Preview.List(RetentionPreview.Defaults, default)).Rows.ShouldNotContain(row => row.Id == at.Document);
        (await editor.Preview.Ids(RetentionPreview.Defaults, default)).ShouldNotContain(at.Document);
    }

    [Fact]
    public async Task Grant_Read_ShowsButChangesNothing()
    {
        var at = await Make();
        var member = await _bench.Person(DocumentsBench.Member);
        await at.Grant(_bench, new GrantView(member.Id, false, "", CollectionRight.Read));

        (await member.Library.Details(at.Document, default))!.MayManage.ShouldBeFalse();
        (await member.Library.List(DocumentScope.Shared, DocumentLists.Defaults, default)).Rows.ShouldHaveSingleItem().Name.ShouldBe(at.Name);
        (await member.Library.List(DocumentScope.Own, DocumentLists.Defaults, default)).Rows.ShouldBeEmpty();
        (await member.Service.Delete([at.Document], default)).ShouldBeEmpty();
        (await member.Editing.Preview([at.Document], default)).ShouldBe(new EditPreview(1, 1));

        await at.Grant(_bench, new GrantView(member.Id, false, "", CollectionRight.Edit));
        (await member.Library.Details(at.Document, default))!.MayManage.ShouldBeTrue();
        (await member.Service.Delete([at.Document], default)).ShouldBe([at.Document]);
    }

    [Fact]
    public async Task Impersonation_ShowsNoMoreThanOneselfMaySee()
    {
        var at = await Make();
        var admin = await _bench.Person(Everything);
        var caller = (await at.Owner.Caller.GetAsync(default))!;
        at.Owner.Caller.Use(caller with { ImpersonatorId = admin.Id });

        string[] ways = ["details", "list", "shared", "name search", "text search", "tag filter", "names of tags", "tags"];
        (await at.Owner.Library.Details(at.Document, default)).ShouldBeNull();
        foreach (var way in ways) await Say(at.Owner, way, at);

        await at.Grant(_bench, new GrantView(admin.Id, false, "", CollectionRight.Read));
        (await at.Owner.Library.Details(at.Document, default)).ShouldNotBeNull();
        foreach (var way in ways.Except(["shared"])) (await Ways[way](at.Owner, at)).ShouldNotBeEmpty(way);
    }

    [Fact]
    public async Task Jobs_OfRestrictedAndDeletedDocuments_HaveNoName()
    {
        var at = await Make();
        (await Subjects(at.Document)).ShouldBeEmpty();
        await at.Owner.Service.ReadAgain([at.Document], default);
        (await Subjects(at.Document)).ShouldBeEmpty();

        var member = await _bench.Person(DocumentsBench.Member);
        var id = await member.Upload("Sonnenuhr.txt", Zips.Bytes("words"));
        (await Subjects(id)).ShouldBe(["Sonnenuhr.txt"]);
        await member.Service.Delete([id], default);
        (await Subjects(id)).ShouldBeEmpty();
        (await _bench.Query(db => db.Set<JobField>().AnyAsync(f => f.Name == JobField.Subject && f.Value == "sonnenuhr"))).ShouldBeFalse();
    }

    [Fact]
    public async Task Collection_BecomesRestricted_TakesTheNamesFromItsJobs()
    {
        var admin = await _bench.Person(Everything);
        var editor = await _bench.Person(DocumentsBench.Editor);
        var draft = new CollectionDraft(null, 0, "Open " + Guid.NewGuid(), null, false, null, null, []);
        var collection = (await admin.Collections.Save(draft, default)).Id!.Value;
        var id = await editor.Upload("Visible.txt", Zips.Bytes("words"));
        await editor.Editing.Apply([id], new DocumentEdit { SetsCollection = true, CollectionId = collection }, default);
        (await Subjects(id)).ShouldBe(["Visible.txt"]);

        (await admin.Collections.Save(draft with { Id = collection, Version = 1, IsRestricted = true }, default)).Problem.ShouldBe(CollectionProblem.None);

        (await Subjects(id)).ShouldBeEmpty();
    }

    private static DocumentScope Scope(Person person) => person.Caller.GetAsync(default).AsTask().Result!.May(DocumentsPermissions.Read) ? DocumentScope.All : DocumentScope.Own;

    private static string Count(int count) => count == 0 ? "" : $"{count}";

    private static string Rows(ListPage<DocumentRow> page, Place at) => string.Concat(page.Rows.Where(row => row.Id == at.Document).Select(row => row.Name));

    private static string Ids(IReadOnlyList<Guid> ids, Place at) => ids.Contains(at.Document) ? "found" : "";

    private static async Task<string> Same(Person person, Place at) => (await person.Uploads.Send("copy.txt", at.Bytes)).Same is { } same && same.Id == at.Document ? same.Name : "";

    private static async Task<List<string>> Export(IAsyncEnumerable<DocumentRow> rows)
    {
        var names = new List<string>();
        await foreach (var row in rows) names.Add(row.Name);
        return names;
    }

    private static async Task Say(Person person, string way, Place at)
    {
        // What others put into the shared database has no part in counts of this one.
        if (way == "summary counts" && Scope(person) == DocumentScope.All) return;
        (await Ways[way](person, at)).ShouldBeEmpty($"{way} for {string.Join(", ", (await person.Caller.GetAsync(default))!.Permissions)}");
    }

    private Task<List<string>> Subjects(Guid document) => _bench.Query(async db =>
    {
        var jobs = db.Set<JobField>().Where(f => f.Name == "documentId" && f.Value == document.ToString()).Select(f => f.JobId);
        return await db.Set<Job>().Where(j => jobs.Contains(j.Id) && j.Subject != null).Select(j => j.Subject!).ToListAsync();
    });

    private async Task<Place> Make(int? retention = null)
    {
        var (admin, owner) = (await _bench.Person(Everything), await _bench.Person(DocumentsBench.Member));
        var word = "w" + Guid.NewGuid().ToString("n");
        var draft = new CollectionDraft(null, 0, "Secret " + Guid.NewGuid(), null, true, null, retention, [new GrantView(owner.Id, false, "", CollectionRight.Edit)]);
        var collection = (await admin.Collections.Save(draft, default)).Id!.Value;
        var (name, bytes) = ($"Plan {Guid.NewGuid():n}.txt", Zips.Bytes($"The word is {word}."));
        var id = await owner.Upload(name, bytes);
        await _bench.Read(id);
        (await owner.Editing.Apply([id], new DocumentEdit { SetsCollection = true, CollectionId = collection, AddTags = ["tag" + word] }, default)).Changed.ShouldBe([id]);
        var tag = await _bench.Query(db => db.Set<Tag>().Where(t => t.Name == "tag" + word).Select(t => t.Id).SingleAsync());
        return new Place(id, name, word, bytes, collection, draft.Name, tag, owner, admin);
    }

    private async Task<Guid> Role(Guid member)
    {
        var role = new Role { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Name = "r" + Guid.NewGuid().ToString("n") };
        role.NormalizedName = role.Name!.ToUpperInvariant();
        using var answered = BlazorAdmin.Features.Audit.AuditScope.EngineOwn();
        await _bench.Query(async db =>
        {
            db.Add(role);
            db.Add(new IdentityUserRole<Guid> { UserId = member, RoleId = role.Id });
            return await db.SaveChangesAsync();
        });
        return role.Id;
    }

    private async Task Leave(Guid member, Guid role)
    {
        using var answered = BlazorAdmin.Features.Audit.AuditScope.EngineOwn();
        await _bench.Query(db => db.Set<IdentityUserRole<Guid>>().Where(link => link.UserId == member && link.RoleId == role).ExecuteDeleteAsync());
    }

    private sealed record Place(Guid Document, string Name, string Word, byte[] Bytes, Guid Collection, string CollectionName, Guid Tag, Person Owner, Person Admin)
    {
        public async Task Grant(DocumentsBench bench, params GrantView[] grants)
        {
            var version = await bench.Query(db => db.Set<Collection>().Where(c => c.Id == Collection).Select(c => c.Version).SingleAsync());
            (await Admin.Collections.Save(new CollectionDraft(Collection, version, CollectionName, null, true, null, null, grants), default)).Problem.ShouldBe(CollectionProblem.None);
        }
    }
}
