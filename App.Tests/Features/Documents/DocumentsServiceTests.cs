using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class DocumentsServiceTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Upload_File_MakesRowAuditAndJobTogether()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var told = new List<DocumentChanged>();
        using var subscription = _bench.Topic.Subscribe(told.Add);

        var id = await person.Upload("../../Bericht.txt", Zips.Bytes("Guten Tag"));

        var document = await _bench.Load(id);
        document.Name.ShouldBe("Bericht.txt");
        document.State.ShouldBe(DocumentState.Waiting);
        document.OwnerId.ShouldBe(person.Id);
        _bench.Store.Contains(document.Sha256).ShouldBeTrue();
        var job = await _bench.Query(db => db.Set<Job>().SingleAsync(j => j.Id == document.JobId));
        job.Type.ShouldBe("documents.read");
        job.Arguments.ShouldContain(id.ToString());
        (await _bench.Query(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "documents.upload" && e.SubjectId == id.ToString()))).ShouldBe(1);
        told.ShouldContain(change => change.Id == id);
    }

    [Fact]
    public async Task Upload_OverLimit_KeepsNothing()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        _bench.Options.CurrentValue.MaxFileBytes = 10;

        (await Should.ThrowAsync<UploadRefusedException>(() => person.Upload("a.txt", new byte[11]))).Refusal.ShouldBe(UploadRefusal.FileTooLarge);

        (await _bench.Query(db => db.Set<Document>().CountAsync(d => d.OwnerId == person.Id))).ShouldBe(0);
    }

    [Fact]
    public async Task Upload_SameBytes_NamesOnlyWhatTheCallerMaySee()
    {
        var (one, other, editor) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Editor));
        var bytes = Zips.Bytes("Same " + Guid.NewGuid());
        await one.Upload("first.txt", bytes);

        (await other.Uploads.Send("copy.txt", bytes)).Same.ShouldBeNull();
        (await one.Uploads.Send("again.txt", bytes)).Same!.Name.ShouldBe("first.txt");
        (await editor.Uploads.Send("third.txt", bytes)).Same.ShouldNotBeNull();
    }

    [Fact]
    public async Task Commands_WithoutPermission_AreRefused()
    {
        var (owner, stranger, auditor) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(), await _bench.Person(DocumentsBench.Auditor));
        var id = await owner.Upload("a.txt", [65]);

        foreach (var person in new[] { stranger, auditor })
        {
            await Should.ThrowAsync<ForbiddenException>(() => person.Upload("b.txt", [65]));
            await Should.ThrowAsync<ForbiddenException>(() => person.Service.Delete([id], CancellationToken.None));
            await Should.ThrowAsync<ForbiddenException>(() => person.Service.Restore([id], CancellationToken.None));
            await Should.ThrowAsync<ForbiddenException>(() => person.Service.ReadAgain([id], CancellationToken.None));
        }
        await Should.ThrowAsync<ForbiddenException>(() => stranger.Library.Details(id, CancellationToken.None));
        await Should.ThrowAsync<ForbiddenException>(() => owner.Library.List(DocumentScope.All, DocumentLists.Defaults, CancellationToken.None));
        (await auditor.Library.Details(id, CancellationToken.None))!.MayManage.ShouldBeFalse();
    }

    [Fact]
    public async Task Everything_OfSomebodyElse_IsNotFound()
    {
        var (owner, other) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member));
        var id = await owner.Upload("a.txt", Zips.Bytes("Private words"));
        await _bench.Read(id);

        (await other.Library.Details(id, CancellationToken.None)).ShouldBeNull();
        (await other.Library.Page(id, 1, CancellationToken.None)).ShouldBeNull();
        (await other.Library.OpenOriginal(id, CancellationToken.None)).ShouldBeNull();
        (await other.Library.OpenText(id, CancellationToken.None)).ShouldBeNull();
        (await other.Library.List(DocumentScope.Own, DocumentLists.Defaults, CancellationToken.None)).Rows.ShouldBeEmpty();
        (await other.Service.Delete([id], CancellationToken.None)).ShouldBeEmpty();
        (await other.Service.ReadAgain([id], CancellationToken.None)).ShouldBeEmpty();
        (await _bench.Load(id)).DeletedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Delete_AndRestore_HidesAndBringsBack()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("Words"));
        await _bench.Read(id);

        (await person.Service.Delete([id], CancellationToken.None)).ShouldBe([id]);

        (await person.Library.Details(id, CancellationToken.None)).ShouldBeNull();
        (await person.Library.OpenOriginal(id, CancellationToken.None)).ShouldBeNull();
        (await person.Library.Page(id, 1, CancellationToken.None)).ShouldBeNull();
        (await person.Service.Restore([id], CancellationToken.None)).ShouldBe([id]);
        (await person.Library.Details(id, CancellationToken.None)).ShouldNotBeNull();
        (await _bench.Query(db => db.Set<AuditEntry>().CountAsync(e => e.SubjectId == id.ToString() && (e.Action == "documents.delete" || e.Action == "documents.restore")))).ShouldBe(2);
    }

    [Fact]
    public async Task Erase_AfterRestore_KeepsTheDocument()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("Erased " + Guid.NewGuid()));
        await _bench.Read(id);
        await person.Service.Delete([id], CancellationToken.None);
        var first = new EraseDocument(id, (await _bench.Load(id)).DeletedAt);
        await person.Service.Restore([id], CancellationToken.None);
        await person.Service.Delete([id], CancellationToken.None);
        var second = new EraseDocument(id, (await _bench.Load(id)).DeletedAt);
        var handler = new EraseDocumentHandler(_bench.Databases, TimeProvider.System, _bench.Erased);

        await handler.RunAsync(first, new TestJob(1, null), CancellationToken.None);
        (await _bench.Query(db => db.Set<Document>().AnyAsync(d => d.Id == id))).ShouldBeTrue();

        await handler.RunAsync(second, new TestJob(1, null), CancellationToken.None);
        (await _bench.Query(db => db.Set<Document>().AnyAsync(d => d.Id == id))).ShouldBeFalse();
        (await _bench.Query(db => db.Set<DocumentPage>().AnyAsync(p => p.DocumentId == id))).ShouldBeFalse();
    }

    [Fact]
    public async Task Erase_ByAJobThatSaysOnlyAVersion_GoesByTheMomentOfTheJob()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("Erased " + Guid.NewGuid()));
        await person.Service.Delete([id], CancellationToken.None);
        await person.Service.Restore([id], CancellationToken.None);
        await person.Service.Delete([id], CancellationToken.None);
        var jobs = await _bench.Query(db => db.Set<Job>().Where(j => j.Type == "documents.erase" && j.Arguments.Contains(id.ToString())).OrderBy(j => j.Id).Select(j => j.Id).ToListAsync());
        var arguments = System.Text.Json.JsonSerializer.Deserialize<EraseDocument>($$"""{"documentId":"{{id}}","version":2}""", System.Text.Json.JsonSerializerOptions.Web)!;
        var handler = new EraseDocumentHandler(_bench.Databases, TimeProvider.System, _bench.Erased);

        await handler.RunAsync(arguments, new TestJob(1, null), CancellationToken.None);
        await handler.RunAsync(arguments, new TestJob(1, null, id: jobs[0]), CancellationToken.None);
        (await _bench.Query(db => db.Set<Document>().AnyAsync(d => d.Id == id))).ShouldBeTrue("the first deletion was taken back");

        await handler.RunAsync(arguments, new TestJob(1, null, id: jobs[1]), CancellationToken.None);
        (await _bench.Query(db => db.Set<Document>().AnyAsync(d => d.Id == id))).ShouldBeFalse();
    }

    [Fact]
    public async Task List_SearchFilterAndPages_WorkInSql()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        for (var i = 0; i < 7; i++) await person.Upload($"Report {i}.txt", Zips.Bytes($"{i}"));
        var ready = await person.Upload("Übersicht.txt", Zips.Bytes("ready"));
        await _bench.Read(ready);

        var first = await person.Library.List(DocumentScope.Own, DocumentLists.Defaults with { PageSize = 5 }, CancellationToken.None);
        first.Rows.Count.ShouldBe(5);
        first.Total.ShouldBe(new ListTotal(8));
        var second = await person.Library.List(DocumentScope.Own, DocumentLists.Defaults with { PageSize = 5, Cursor = first.Next }, CancellationToken.None);
        first.Rows.Concat(second.Rows).Select(row => row.Id).Distinct().Count().ShouldBe(8);
        (await person.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithSearch("report 3"), CancellationToken.None)).Rows.ShouldHaveSingleItem().Name.ShouldBe("Report 3.txt");
        (await person.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithFilter("state", "ready"), CancellationToken.None)).Rows.ShouldHaveSingleItem().Id.ShouldBe(ready);
        (await person.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithFilter("type", "Text"), CancellationToken.None)).Rows.ShouldHaveSingleItem().Id.ShouldBe(ready);
        (await person.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithSort("name", false), CancellationToken.None)).Rows[0].Name.ShouldBe("Report 0.txt");
        var summary = await person.Library.Summary(DocumentLibrary.RunningShown, CancellationToken.None);
        (summary.InProcess.Count, summary.Ready.Count, summary.Problems.Count).ShouldBe((7, 1, 0));
    }

    [Fact]
    public async Task OpenText_Pages_AreWrittenInOrderAndAudited()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.pdf", Pdfs.Of("The first page here", "The second page here"));
        await _bench.Read(id);

        var text = (await person.Library.OpenText(id, CancellationToken.None))!.Value;
        using var target = new MemoryStream();
        await text.Write(target, CancellationToken.None);

        text.Name.ShouldBe("a.txt");
        System.Text.Encoding.UTF8.GetString(target.ToArray()).ShouldBe("The first page here\n\f\nThe second page here");
        (await _bench.Query(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "documents.download" && e.SubjectId == id.ToString()))).ShouldBe(1);
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\temp\\Plan.docx", "Plan.docx")]
    [InlineData("rechnung\u202Efdp.exe", "rechnungfdp.exe")]
    [InlineData("a\0b\r\nc.txt", "abc.txt")]
    [InlineData("  ", "document")]
    [InlineData("..", "document")]
    [InlineData(null, "document")]
    [InlineData("Größe 50 % <b>.pdf", "Größe 50 % <b>.pdf")]
    public void Clean_Name_IsHarmless(string? given, string expected) => DocumentName.Clean(given).ShouldBe(expected);

    [Fact]
    public void Clean_LongName_KeepsTheEnding()
    {
        var clean = DocumentName.Clean(new string('x', 400) + ".pdf");

        clean.Length.ShouldBe(Document.NameLength);
        clean.ShouldEndWith("x.pdf");
    }
}
