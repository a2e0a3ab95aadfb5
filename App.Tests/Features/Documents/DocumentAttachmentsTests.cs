using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Documents.Formats;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class DocumentAttachmentsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private static readonly string Two = MailTests.Mail(("Content-Type: text/plain", "Body"), Text("../../a.txt", "first"), Text("b.txt", "second"));
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Run_Mail_MakesDocumentsOfItsAttachments()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var mail = await person.Upload("a.eml", Zips.Bytes(Two));

        await _bench.Read(mail);

        var children = await Children(mail);
        children.Select(child => (child.Name, child.ParentPart, child.Origin, child.OwnerId, child.State)).ShouldBe(
            [("a.txt", 1, DocumentOrigin.Attachment, person.Id, DocumentState.Waiting), ("b.txt", 2, DocumentOrigin.Attachment, person.Id, DocumentState.Waiting)]);
        var jobs = await _bench.Query(db => db.Set<Job>().Where(job => children.Select(child => child.JobId).Contains(job.Id)).ToListAsync());
        jobs.Select(job => job.OwnerId).ShouldBe([person.Id, person.Id]);
        await _bench.Read(children[0].Id);
        (await person.Library.Page(children[0].Id, 1, CancellationToken.None))!.Text.ShouldBe("first");
        (await person.Library.Details(mail, CancellationToken.None))!.Attachments.Select(one => one.Name).ShouldBe(["a.txt", "b.txt"]);
        (await person.Library.Details(children[1].Id, CancellationToken.None))!.Parent!.Id.ShouldBe(mail);
    }

    [Fact]
    public async Task Run_ReadAgain_AddsNoneTwice()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var mail = await person.Upload("a.eml", Zips.Bytes(Two));
        await _bench.Read(mail);
        var before = (await Children(mail)).Select(child => child.Id).ToList();
        await person.Service.ReadAgain([mail], CancellationToken.None);

        await _bench.Read(mail);

        (await Children(mail)).Select(child => child.Id).ShouldBe(before);
    }

    [Fact]
    public async Task Delete_Mail_TakesItsAttachmentsAlongAndBack()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var mail = await person.Upload("a.eml", Zips.Bytes(Two));
        await _bench.Read(mail);
        var children = await Children(mail);
        await person.Service.Delete([children[1].Id], CancellationToken.None);

        (await person.Service.Delete([mail], CancellationToken.None)).ShouldBe([mail]);
        (await person.Library.Details(children[0].Id, CancellationToken.None)).ShouldBeNull();

        (await person.Service.Restore([mail], CancellationToken.None)).ShouldBe([mail]);
        (await _bench.Load(children[0].Id)).DeletedAt.ShouldBeNull();
        (await _bench.Load(children[1].Id)).DeletedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Run_MoreThanTheLimit_IsLeftOutAndSaid()
    {
        _bench.Options.CurrentValue.MaxAttachments = 1;
        var person = await _bench.Person(DocumentsBench.Member);
        var mail = await person.Upload("a.eml", Zips.Bytes(Two));

        var job = await _bench.Read(mail);

        (await Children(mail)).ShouldHaveSingleItem().Name.ShouldBe("a.txt");
        job.Lines.ShouldContain(line => line.StartsWith("1 attachments were not taken out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_MailsInMails_EndAtTheDepthOfTheSettings()
    {
        _bench.Options.CurrentValue.MaxAttachmentDepth = 1;
        var person = await _bench.Person(DocumentsBench.Member);
        var mail = await person.Upload("a.eml", Zips.Bytes(MailTests.Mail(("Content-Type: text/plain", "Outer"), ("Content-Type: message/rfc822", Two.Replace("xx", "yy")))));
        await _bench.Read(mail);
        var inner = (await Children(mail)).ShouldHaveSingleItem();

        var job = await _bench.Read(inner.Id);

        (await _bench.Load(inner.Id)).State.ShouldBe(DocumentState.Ready);
        (await Children(inner.Id)).ShouldBeEmpty();
        job.Lines.ShouldContain(line => line.StartsWith("Attachments were not taken out", StringComparison.Ordinal));
    }

    private static (string Head, string Body) Text(string name, string text) => ($"Content-Type: text/plain\nContent-Disposition: attachment; filename=\"{name}\"", text);

    private Task<List<Document>> Children(Guid parent) => _bench.Query(db => db.Set<Document>().AsNoTracking().Where(d => d.ParentId == parent).OrderBy(d => d.ParentPart).ToListAsync());
}
