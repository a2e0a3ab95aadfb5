using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Flags;
using BlazorAdmin.Tests.Features.Jobs;
using BlazorAdmin.Tests.Shell;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Documents with the real job engine: stopping, and commands on very many.</summary>
public sealed class DocumentJobsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);
    private TestNode _node = null!;

    public async Task InitializeAsync()
    {
        _node = new TestNode(fixture.ConnectionString, $"documents{Guid.NewGuid():N}", more: services =>
        {
            services.AddSingleton(JobType.Of<ReadDocument, ReadDocumentHandler>()).AddScoped<ReadDocumentHandler>();
            services.AddSingleton(JobType.Of<ChangeDocuments, ChangeDocumentsHandler>()).AddScoped<ChangeDocumentsHandler>();
            services.AddSingleton<IContentStore>(_bench.Store).AddSingleton(_bench.Tools).AddSingleton(_bench.Topic).AddSingleton(_bench.Classifier).AddSingleton<IOptionsMonitor<ReadingOptions>>(_bench.Options);
            services.AddSingleton(new DocumentReader(new InspectStep(), new ConvertStep(), new OcrStep(), TimeProvider.System)).AddSingleton(new BlazorAdmin.Features.Documents.Extraction.DocumentExtraction(_bench.Node, TimeProvider.System));
            services.AddScoped(scope => TestFlags.Declared(_bench.Databases, scope.GetRequiredService<CurrentCaller>(), DocumentsFlags.Upload));
            services.AddSingleton<PersonRights>().AddScoped<DocumentBulk>().AddScoped<DocumentsService>().AddScoped<DocumentEditing>().AddScoped<BinService>().AddScoped<BlazorAdmin.Features.Documents.Extraction.DocumentCorrections>().AddSingleton(_bench.Erased).AddSingleton<IInterceptor, AuditInterceptor>();
            JobsSetup.AddTab(services);
            services.AddLocalization().AddScoped<IJobProgressText, ReadingWords>();
        });
        // Other tests of this class leave jobs behind.
        await _bench.Query(db => db.Set<Job>().ExecuteDeleteAsync());
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task Stop_WhileRecognising_EndsTheReadingAndCancelsItsJob()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("scan.pdf", Pdfs.Of([.. Enumerable.Repeat("", 40)]));
        await _node.StartAsync();
        await Eventually.Holds(async () => (await Steps(id)) > 2);

        (await person.Service.Stop([id], CancellationToken.None)).ShouldBe([id]);

        var job = (await _bench.Load(id)).JobId!.Value;
        (await _node.Reaches(job, JobState.Cancelled)).Error.ShouldBe("Cancelled by a person.");
        (await _node.AttemptsAsync(job)).ShouldHaveSingleItem().Outcome.ShouldBe(JobOutcome.Cancelled);
        (await _bench.Load(id)).State.ShouldBe(DocumentState.Cancelled);
        (await Steps(id)).ShouldBeLessThan(42);
        (await _bench.Query(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "documents.stop" && e.SubjectId == id.ToString()))).ShouldBe(1);
    }

    [Fact]
    public async Task Stop_WhileWaiting_CancelsTheJobAtOnce()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("Words " + Guid.NewGuid()));

        (await person.Service.Stop([id], CancellationToken.None)).ShouldBe([id]);

        var document = await _bench.Load(id);
        document.State.ShouldBe(DocumentState.Cancelled);
        (await _node.ReadAsync(document.JobId!.Value)).State.ShouldBe(JobState.Cancelled);
        (await person.Service.ReadAgain([id], CancellationToken.None)).ShouldBe([id]);
        await _node.StartAsync();
        await Eventually.Holds(async () => (await _bench.Load(id)).State == DocumentState.Ready);
    }

    [Fact]
    public async Task Start_DeleteOfMany_IsOneAuditRowAndAJobThatDeletesWhatMatched()
    {
        var person = await WithRole(DocumentsPermissions.Own);
        var other = await _bench.Person(DocumentsBench.Member);
        for (var i = 0; i < 3; i++) await person.Upload($"old {i}.txt", Zips.Bytes($"old {Guid.NewGuid()}"));
        var kept = await person.Upload("new.txt", Zips.Bytes($"new {Guid.NewGuid()}"));
        var foreign = await other.Upload("old 9.txt", Zips.Bytes($"foreign {Guid.NewGuid()}"));

        (await person.Bulk.Start(DocumentCommand.Delete, DocumentScope.Own, DocumentLists.Defaults.WithSearch("old"), CancellationToken.None)).ShouldBe(3);

        var later = await person.Upload("old 4.txt", Zips.Bytes($"later {Guid.NewGuid()}"));
        await _node.StartAsync();
        await Eventually.Holds(async () => await _bench.Query(db => db.Set<Document>().CountAsync(d => d.OwnerId == person.Id && d.DeletedAt != null)) == 3);
        var job = await _bench.Query(db => db.Set<Job>().SingleAsync(j => j.Type == "documents.change"));
        await _node.Reaches(job.Id, JobState.Succeeded);
        foreach (var id in new[] { kept, foreign, later }) (await _bench.Load(id)).DeletedAt.ShouldBeNull();
        var row = await _bench.Query(db => db.Set<AuditEntry>().SingleAsync(e => e.ActorId == person.Id && e.Action == "documents.delete"));
        row.Count.ShouldBe(3);
        row.Detail!.ShouldContain("q=old");
        (await _bench.Query(db => db.Set<Notification>().SingleAsync(n => n.UserId == person.Id))).Kind.ShouldBe("documents.changed");
    }

    [Fact]
    public async Task Start_ReadAgainOfMany_ReadsWhatHadBeenReadByThen()
    {
        var person = await WithRole(DocumentsPermissions.Own);
        var id = await person.Upload("a.txt", Zips.Bytes("Words " + Guid.NewGuid()));
        await _bench.Read(id);
        var waiting = await person.Upload("b.txt", Zips.Bytes("Words " + Guid.NewGuid()));

        (await person.Bulk.Start(DocumentCommand.ReadAgain, DocumentScope.Own, DocumentLists.Defaults, CancellationToken.None)).ShouldBe(1);

        await _node.StartAsync();
        await Eventually.Holds(async () => await _bench.Load(id) is { Revision: 1, State: DocumentState.Ready });
        (await _bench.Load(waiting)).Revision.ShouldBe(0);
    }

    [Fact]
    public async Task Start_EditOfMany_TagsWhatMatched()
    {
        var person = await WithRole(DocumentsPermissions.Own);
        for (var i = 0; i < 3; i++) await person.Upload($"tagged {i}.txt", Zips.Bytes($"{Guid.NewGuid()}"));
        var other = await person.Upload("other.txt", Zips.Bytes($"{Guid.NewGuid()}"));

        (await person.Bulk.Start(DocumentCommand.Edit, DocumentScope.Own, DocumentLists.Defaults.WithSearch("tagged"), CancellationToken.None, new DocumentEdit { AddTags = ["by a job"] })).ShouldBe(3);

        await _node.StartAsync();
        var job = await _bench.Query(db => db.Set<Job>().SingleAsync(j => j.Type == "documents.change"));
        await _node.Reaches(job.Id, JobState.Succeeded);
        var rows = (await person.Library.List(DocumentScope.Own, DocumentLists.Defaults, CancellationToken.None)).Rows;
        rows.Where(row => row.Tags.Contains("by a job")).Select(row => row.Name).Order().ShouldBe(["tagged 0.txt", "tagged 1.txt", "tagged 2.txt"]);
        rows.Single(row => row.Id == other).Tags.ShouldBeEmpty();
        (await _bench.Query(db => db.Set<AuditEntry>().CountAsync(e => e.ActorId == person.Id && e.Action == "documents.edit"))).ShouldBe(1);
    }

    [Fact]
    public async Task Start_FindAgainOfMany_OrdersItForWhatMatched()
    {
        var person = await WithRole(DocumentsPermissions.Own);
        List<Guid> meant = [];
        for (var i = 0; i < 2; i++) meant.Add(await person.Upload($"found {i}.txt", Zips.Bytes($"{Guid.NewGuid()}")));
        foreach (var id in meant) await _bench.Read(id);
        await person.Upload("other.txt", Zips.Bytes($"{Guid.NewGuid()}"));

        (await person.Bulk.Start(DocumentCommand.FindAgain, DocumentScope.Own, DocumentLists.Defaults.WithSearch("found"), CancellationToken.None)).ShouldBe(2);

        await _node.StartAsync();
        var job = await _bench.Query(db => db.Set<Job>().SingleAsync(j => j.Type == "documents.change"));
        await _node.Reaches(job.Id, JobState.Succeeded);
        var order = await _bench.Query(db => db.Set<Job>().Where(j => j.Type == "documents.extract").Select(j => j.Arguments).SingleAsync());
        System.Text.Json.JsonSerializer.Deserialize<BlazorAdmin.Features.Documents.Extraction.ExtractDocuments>(order, System.Text.Json.JsonSerializerOptions.Web)!.Ids.Order().ShouldBe(meant.Order());
        (await _bench.Query(db => db.Set<AuditEntry>().CountAsync(e => e.ActorId == person.Id && e.Action == "documents.extract"))).ShouldBe(1);
    }

    [Fact]
    public void Arguments_OfACommandOnMany_ShowNeitherWordsNorTags()
    {
        var command = new ChangeDocuments(DocumentCommand.Edit, DocumentScope.Own, "q=dismissal", DateTimeOffset.UnixEpoch, 3) { Edit = new DocumentEdit { AddTags = ["lawsuit"] } };
        var shown = JobArguments.Show(System.Text.Json.JsonSerializer.Serialize(command, System.Text.Json.JsonSerializerOptions.Web), JobType.Of<ChangeDocuments, ChangeDocumentsHandler>());

        shown.ShouldNotContain("dismissal");
        shown.ShouldNotContain("lawsuit");
        shown.ShouldContain("\"count\": 3");
    }

    [Fact]
    public async Task Start_RightLostMeanwhile_ChangesNothing()
    {
        var person = await WithRole(DocumentsPermissions.Own);
        var id = await person.Upload("a.txt", Zips.Bytes("Words " + Guid.NewGuid()));
        await person.Bulk.Start(DocumentCommand.Delete, DocumentScope.Own, DocumentLists.Defaults, CancellationToken.None);
        await _bench.Query(db => db.UserRoles.Where(link => link.UserId == person.Id).ExecuteDeleteAsync());

        await _node.StartAsync();

        var job = await _bench.Query(db => db.Set<Job>().SingleAsync(j => j.Type == "documents.change"));
        (await _node.Reaches(job.Id, JobState.Failed)).Error!.ShouldContain("may not do that any more");
        (await _bench.Load(id)).DeletedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Start_WithoutPermission_IsRefused()
    {
        var (stranger, member) = (await _bench.Person(), await _bench.Person(DocumentsBench.Member));

        await Should.ThrowAsync<ForbiddenException>(() => stranger.Bulk.Start(DocumentCommand.Delete, DocumentScope.Own, DocumentLists.Defaults, CancellationToken.None));
        await Should.ThrowAsync<ForbiddenException>(() => member.Bulk.Start(DocumentCommand.Delete, DocumentScope.All, DocumentLists.Defaults, CancellationToken.None));
    }

    [Theory]
    [InlineData("en", "Recognising the text of page 3 of 4")]
    [InlineData("de", "Text auf Seite 3 von 4 wird erkannt")]
    public async Task Progress_OfAReading_IsShownInTheViewersLanguage(string culture, string expected)
    {
        using var context = new ShellContext(culture);
        var id = await _node.EnqueueAsync(new ReadDocument(Guid.NewGuid(), 0));
        await _bench.Query(db => db.Set<Job>().Where(j => j.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(j => j.State, JobState.Running).SetProperty(j => j.ProgressMessage, new ReadReason("RecognisingPage", "3", "4").ToString())));
        using var scope = _node.Scope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Caller.Portal);
        var jobs = scope.ServiceProvider.GetRequiredService<JobsService>();

        (await jobs.ListAsync(new ListQuery())).Rows.Single().ProgressMessage.ShouldBe(expected);
        (await jobs.LatestAsync(JobState.Running, 5)).Single().ProgressMessage.ShouldBe(expected);
        (await jobs.GetAsync(id))!.Job.ProgressMessage.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Inspecting", "Checking the file")]
    [InlineData("ReadingPages(1, 20, 40)", "Reading pages 1 to 20 of 40")]
    [InlineData("RecognisingPage(1)", null)]
    [InlineData("half done", null)]
    [InlineData("broken (off", null)]
    public void Read_ProgressMessage_IsWordsOrNull(string message, string? expected)
    {
        using var context = new ShellContext();

        new ReadingWords(context.Services.GetRequiredService<IStringLocalizer<DocumentsTexts>>()).Read(message).ShouldBe(expected);
    }

    private async Task<Person> WithRole(params string[] permissions)
    {
        var person = await _bench.Person(permissions);
        await _bench.Query(async db =>
        {
            var name = $"r{Guid.NewGuid():n}";
            var role = new Role { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Name = name, NormalizedName = name.ToUpperInvariant() };
            foreach (var permission in permissions) role.Permissions.Add(new RolePermission { RoleId = role.Id, Permission = permission });
            db.Add(role);
            db.UserRoles.Add(new() { RoleId = role.Id, UserId = person.Id });
            using (AuditScope.EngineOwn()) return await db.SaveChangesAsync();
        });
        return person;
    }

    private Task<int> Steps(Guid id) => _bench.Query(db => db.Set<DocumentStepRun>().CountAsync(run => run.DocumentId == id));
}
