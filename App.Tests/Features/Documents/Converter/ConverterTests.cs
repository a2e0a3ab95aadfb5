using System.Net;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Converter;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Documents.Intake;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Converter;

/// <summary>One file, converted and not kept.</summary>
public sealed class ConverterTests : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly IntakeBench _bench;
    private readonly ConverterRuns _runs;

    public ConverterTests(DatabaseFixture fixture)
    {
        _bench = new IntakeBench(fixture.ConnectionString);
        var reader = new DocumentReader(new InspectStep(), new ConvertStep(), new OcrStep(), TimeProvider.System);
        _runs = new ConverterRuns(_bench.Documents.Data, _bench.Documents.Node, _bench.Documents.Tools, reader, _bench.Incoming, _bench.Options, _bench.Time, NullLogger<ConverterRuns>.Instance);
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Start_Pdf_ShowsItsTextAndLeavesOneAuditRow()
    {
        var editor = await _bench.Documents.Person(DocumentsBench.Editor);
        var service = Service(editor);
        var id = Guid.NewGuid();

        await service.Start(id, "../minutes.pdf", null, new MemoryStream(Pdfs.Of("Page one says hello", "Page two says goodbye")), default);

        var run = await Ended(service, id);
        (run.State, run.Name, run.Result!.Outcome, run.Result.Pages.Count).ShouldBe((ConverterState.Ended, "minutes.pdf", ReadOutcome.Ready, 2));
        run.Result.Pages[1].Text.ShouldContain("goodbye");
        run.Engine.ShouldNotBeNullOrEmpty();
        run.Steps.Select(step => step.Name).ShouldBe(["inspect", "convert"]);
        await Eventually.Holds(() => !Directory.EnumerateFileSystemEntries(_runs.WorkRoot).Any(), because: "the file is deleted");
        (await _bench.Documents.Query(db => db.Set<Document>().CountAsync(d => d.OwnerId == editor.Id))).ShouldBe(0);
        (await _bench.Documents.Query(db => db.Set<AuditEntry>().CountAsync(e => e.ActorId == editor.Id))).ShouldBe(1);

        (await Service(await _bench.Documents.Person(DocumentsBench.Editor)).Find(id, default)).ShouldBeNull("it belongs to one person");
        _bench.Time.Advance(ConverterRuns.KeptFor + TimeSpan.FromSeconds(1));
        _runs.RemoveOld();
        (await service.Find(id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Start_BadFile_SaysWhy()
    {
        var service = Service(await _bench.Documents.Person(DocumentsBench.Editor));
        var id = Guid.NewGuid();
        await service.Start(id, "a.pdf", null, new MemoryStream(Pdfs.Of("x")[..100]), default);
        var run = await Ended(service, id);
        run.Result!.Outcome.ShouldBe(ReadOutcome.Damaged);
        run.Result.Reason!.Key.ShouldBe("PdfDamaged");
    }

    [Fact]
    public async Task Start_LimitsReached_IsRefused()
    {
        var one = Service(await _bench.Documents.Person(DocumentsBench.Editor));
        var two = Service(await _bench.Documents.Person(DocumentsBench.Editor));
        var three = Service(await _bench.Documents.Person(DocumentsBench.Editor));
        using var stop = new CancellationTokenSource();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var receiving = new[] { one.Start(first, "a", null, new Endless(), stop.Token), two.Start(second, "b", null, new Endless(), stop.Token) };
        await Eventually.Holds(() => _runs.Count == 2, because: "both are coming in");

        (await Refused(one)).ShouldBe(ConverterRefusal.OneAtATime);
        (await Refused(three)).ShouldBe(ConverterRefusal.Busy);
        await one.Cancel(first, default);
        await Should.ThrowAsync<OperationCanceledException>(() => receiving[0]);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => receiving[1]);
        _runs.Count.ShouldBe(0);
        Directory.EnumerateFileSystemEntries(_runs.WorkRoot).ShouldBeEmpty();

        _bench.Options.CurrentValue.MaxFileBytes = 3;
        (await Should.ThrowAsync<ConverterRefusedException>(() => three.Start(Guid.NewGuid(), "c", null, new MemoryStream(new byte[4]), default))).Refusal.ShouldBe(ConverterRefusal.TooLarge);
        (await Should.ThrowAsync<ConverterRefusedException>(() => three.Start(Guid.NewGuid(), "c", 4, Stream.Null, default))).Refusal.ShouldBe(ConverterRefusal.TooLarge);
        _bench.Options.CurrentValue.DiskReserveMegabytes = 1 << 30;
        (await Refused(three)).ShouldBe(ConverterRefusal.DiskFull);
        _runs.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Cancel_WhileConverting_EndsItAndDeletesTheFile()
    {
        var editor = await _bench.Documents.Person(DocumentsBench.Editor);
        var service = Service(editor);
        var id = Guid.NewGuid();
        var recognising = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _runs.Changed += changed =>
        {
            if (changed == id && _runs.Find(editor.Id, id)?.Progress?.Percent > 40) recognising.TrySetResult();
        };
        await service.Start(id, "scan.pdf", null, new MemoryStream(Pdfs.Of([.. Enumerable.Repeat("", 60)])), default);
        await recognising.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await service.Cancel(id, default);

        (await service.Find(id, default))!.State.ShouldBe(ConverterState.Cancelled);
        await Eventually.Holds(() => !Directory.EnumerateFileSystemEntries(_runs.WorkRoot).Any(), because: "the file is deleted");
    }

    [Fact]
    public async Task EveryMethod_WithoutThePermission_IsRefused()
    {
        foreach (var permissions in new[] { DocumentsBench.Member, DocumentsBench.Auditor })
        {
            var service = Service(await _bench.Documents.Person(permissions));
            foreach (var attempt in new Func<Task>[] { () => service.Engines(default), () => service.Start(Guid.NewGuid(), "a", 1, Stream.Null, default), () => service.Find(Guid.NewGuid(), default), () => service.Cancel(Guid.NewGuid(), default) })
                await Should.ThrowAsync<ForbiddenException>(attempt);
        }
    }

    private ConverterService Service(Person person) => new(person.Guard, _bench.Databases, _runs, _bench.Documents.Tools);

    private static async Task<ConverterRefusal> Refused(ConverterService service) =>
        (await Should.ThrowAsync<ConverterRefusedException>(() => service.Start(Guid.NewGuid(), "x", null, new MemoryStream([1]), default))).Refusal;

    private static Task<ConverterRun> Ended(ConverterService service, Guid id) =>
        Eventually.Yields(async () => await service.Find(id, default) is { IsActive: false } run ? run : null, TimeSpan.FromSeconds(60), "the run ended");

    /// <summary>A body that never comes to its end.</summary>
    private sealed class Endless : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}

/// <summary>The bytes of the converter page over HTTP.</summary>
public sealed class ConverterEndpointTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Convert_OverHttp_IsDownloadedByNobodyElse()
    {
        await fixture.AddUserAsync("converter@example.org", Roles.Editor);
        await fixture.AddUserAsync("converter-2@example.org", Roles.Editor);
        using var editor = await TusSender.For(await fixture.SignedInAsync("converter@example.org"));
        using var other = await TusSender.For(await fixture.SignedInAsync("converter-2@example.org"));
        var id = Guid.NewGuid();
        using var content = new ByteArrayContent("Some words"u8.ToArray());
        using (var started = await editor.Send(HttpMethod.Post, $"{ConverterEndpoints.Route}/{id}", content, ("X-File-Name", "a%20b.txt"))) started.StatusCode.ShouldBe(HttpStatusCode.Created);

        await Eventually.Holds(async () =>
        {
            using var text = await editor.Send(HttpMethod.Get, $"{ConverterEndpoints.Route}/{id}/text");
            return text.StatusCode == HttpStatusCode.OK && await text.Content.ReadAsStringAsync() == "Some words" && text.Content.Headers.ContentDisposition!.DispositionType == "attachment";
        }, TimeSpan.FromSeconds(60), "the text is there");
        using (var foreign = await other.Send(HttpMethod.Get, $"{ConverterEndpoints.Route}/{id}/text")) foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var browser = await fixture.SignedInAsync("converter@example.org");
        using var body = new ByteArrayContent([65]);
        using var forged = await browser.SendAsync(HttpMethod.Post, $"{ConverterEndpoints.Route}/{Guid.NewGuid()}", body, ("Accept", "application/json"));
        forged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
