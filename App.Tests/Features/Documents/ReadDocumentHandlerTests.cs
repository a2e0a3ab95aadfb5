using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Live;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class ReadDocumentHandlerTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Run_Pdf_StoresPagesAndState()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.pdf", Pdfs.Of("Page one says hello", "Page two says goodbye"));

        await _bench.Read(id);

        var document = await _bench.Load(id);
        (document.State, document.Outcome, document.Type, document.Pages, document.Progress).ShouldBe((DocumentState.Ready, ReadOutcome.Ready, ContentType.Pdf, 2, 100));
        document.ReadEndedAt.ShouldNotBeNull();
        (await person.Library.Page(id, 2, CancellationToken.None))!.Text.ShouldBe("Page two says goodbye");
        var details = (await person.Library.Details(id, CancellationToken.None))!;
        details.Steps.Select(step => step.Step).ShouldBe(["inspect", "convert", "extract", "validate"]);
        details.Characters.ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task Run_ProtectedFile_EndsAsProblemNotAsFailedJob()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.docx", Zips.Word("x", ("../outside", [1])));

        await _bench.Read(id);

        var document = await _bench.Load(id);
        (document.State, document.Outcome, document.ReasonKey, document.Type).ShouldBe((DocumentState.Problem, ReadOutcome.Suspicious, "ArchivePathOutside", ContentType.Docx));
        document.ReasonArguments.ShouldBe("""["../outside"]""");
        var notification = await _bench.Query(db => db.Set<Notification>().SingleAsync(n => n.UserId == person.Id));
        (notification.Kind, notification.Url).ShouldBe(("documents.problem", $"/documents?item={id}"));
    }

    [Fact]
    public async Task Run_CutOffWhileRecognising_GoesOnAfterTheRecordedPages()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("scan.pdf", Pdfs.Of("", "", "", "The last page has text"));
        using var cut = new CancellationTokenSource();
        // Progress above two thirds: two of three pages are recognised and recorded.
        await Should.ThrowAsync<OperationCanceledException>(() => _bench.Read(id, cancel: cut.Token, onProgress: percent =>
        {
            if (percent >= 79) cut.Cancel();
        }));
        (await _bench.Load(id)).State.ShouldBe(DocumentState.Reading);
        var before = await Steps(id);
        before.ShouldBe(["convert", "inspect", "ocr1", "ocr2"]);

        var job = await _bench.Read(id, attempt: 2);

        (await _bench.Load(id)).State.ShouldBe(DocumentState.Ready);
        (await Steps(id)).ShouldBe(["convert", "extract", "inspect", "ocr1", "ocr2", "ocr3", "validate"]);
        job.Lines.Count(line => line.StartsWith("pdftoppm", StringComparison.Ordinal)).ShouldBe(1);
        job.Lines.ShouldNotContain(line => line.StartsWith("pdftotext", StringComparison.Ordinal));
        Directory.Exists(_bench.Tools.WorkRoot).ShouldBeTrue();
        Directory.EnumerateFileSystemEntries(_bench.Tools.WorkRoot).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_DeletedMeanwhile_ChangesNothing()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("x"));
        await person.Service.Delete([id], CancellationToken.None);

        var job = await _bench.Read(id);

        job.Lines.ShouldHaveSingleItem().ShouldContain("deleted");
        (await _bench.Load(id)).State.ShouldBe(DocumentState.Waiting);
    }

    [Fact]
    public async Task Run_MachineAtFault_IsTriedAgainUntilTheLastAttempt()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("Some words"));
        var journal = new DocumentJournal(_bench.Databases, _bench.Node, id, AppDbContext.DefaultTenant, 0);
        var step = new InspectStep();
        await journal.Record(new StepRecord(step.Name, step.Version, "", "{}", DateTimeOffset.UtcNow, TimeSpan.Zero), StepResult<Inspection>.Ended(ReadOutcome.Failed, "ToolMissing", "x"), CancellationToken.None);

        // After a person's retry the numbers go on: only the job knows which attempt is the last.
        await Should.ThrowAsync<IOException>(() => _bench.Read(id, attempt: 5));
        (await _bench.Load(id)).State.ShouldBe(DocumentState.Reading);

        await Should.ThrowAsync<JobFailedException>(() => _bench.Read(id, attempt: 8, isLast: true));
        (await _bench.Load(id)).Outcome.ShouldBe(ReadOutcome.Failed);
    }

    [Fact]
    public async Task Run_JobRetriedAfterCancel_ReadsTheDocument()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("Some words"));
        await _bench.Query(db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DocumentState.Cancelled)));

        await _bench.Read(id);

        (await _bench.Load(id)).State.ShouldBe(DocumentState.Ready);
    }

    [Fact]
    public async Task Run_OfAnEarlierReading_ChangesNothing()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("Some words"));
        await _bench.Read(id);
        (await person.Service.ReadAgain([id], CancellationToken.None)).ShouldBe([id]);

        await _bench.Read(new ReadDocument(id, 0));
        (await _bench.Load(id)).State.ShouldBe(DocumentState.Waiting);

        await _bench.Read(id);
        (await _bench.Load(id)).State.ShouldBe(DocumentState.Ready);
        (await _bench.Query(db => db.Set<DocumentPage>().CountAsync(page => page.DocumentId == id))).ShouldBe(1);
    }

    [Fact]
    public async Task ReadAgain_WhileWaiting_IsLeftOut()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("x"));

        (await person.Service.ReadAgain([id], CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ContentMissing_FailsForGood()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("Lost " + Guid.NewGuid()));
        _bench.Store.Delete((await _bench.Load(id)).Sha256, TimeSpan.Zero);

        await Should.ThrowAsync<JobFailedException>(() => _bench.Read(id));
    }

    [Theory]
    [InlineData(JobState.Cancelled, DocumentState.Cancelled, null)]
    [InlineData(JobState.Failed, DocumentState.Problem, ReadOutcome.Failed)]
    public async Task Follower_JobEndsWithoutTheDocument_ClosesIt(JobState ended, DocumentState expected, ReadOutcome? outcome)
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("x"));
        var jobs = new Topic<JobChanged>("jobs", new RecordingBus(), NullLogger<Topic<JobChanged>>.Instance);
        var ready = new DatabaseState();
        ready.SetReady();
        using var follower = new DocumentsFollower(_bench.Databases, ready, _bench.Tools, _bench.Store, jobs, _bench.Topic, TimeProvider.System, NullLogger<DocumentsFollower>.Instance);
        await follower.StartAsync(CancellationToken.None);
        await Eventually.Holds(() => jobs.SubscriberCount == 1);
        var jobId = (await _bench.Load(id)).JobId!.Value;

        await _bench.Query(db => db.Set<Job>().Where(job => job.Id == jobId).ExecuteUpdateAsync(set => set.SetProperty(job => job.State, ended)));
        jobs.Publish(new JobChanged(jobId, 2, ended));

        await Eventually.Holds(async () => (await _bench.Load(id)).State == expected);
        (await _bench.Load(id)).Outcome.ShouldBe(outcome);
        await follower.StopAsync(CancellationToken.None);
        jobs.SubscriberCount.ShouldBe(0);
    }

    private Task<List<string>> Steps(Guid id) =>
        _bench.Query(db => db.Set<DocumentStepRun>().Where(run => run.DocumentId == id).Select(run => run.Step + run.Part).OrderBy(step => step).ToListAsync());
}
