using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Recognition;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Documents.Viewing;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>The slice on a real database and a store of its own, without the job engine: tests run the handlers themselves.</summary>
internal sealed class DocumentsBench : IDisposable
{
    public static readonly string[] Editor = [DocumentsPermissions.Own, DocumentsPermissions.Read, DocumentsPermissions.Manage];
    public static readonly string[] Member = [DocumentsPermissions.Own];
    public static readonly string[] Auditor = [DocumentsPermissions.Read];
    private readonly TestFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();

    public DocumentsBench(string connectionString)
    {
        Databases = new TestDatabases(connectionString, new CommitInterceptor(NullLogger<CommitInterceptor>.Instance));
        Data = new DataDirectory(_folder.Path);
        Store = new ContentStore(Data.Files, TimeProvider.System);
        Node = new NodeInfo("test", Guid.NewGuid(), DateTimeOffset.UtcNow);
        Topic = new Topic<DocumentChanged>("documents", new RecordingBus(), NullLogger<Topic<DocumentChanged>>.Instance);
        var types = new JobTypes([]);
        Jobs = new JobChanger(
            types, new JobRules(Databases, types), TestDatabases.Dialect, TimeProvider.System, TopicOf<JobChanged>("jobs"), TopicOf<JobsReady>("jobs.ready"), TopicOf<JobCancelRequested>("jobs.cancel"));
        Queue = new JobQueue(TestDatabases.Dialect, TestServer.Provider == DatabaseProvider.Postgres ? new PostgresJobBulkInsert() : new SqlServerJobBulkInsert(), new JobRules(Databases, types), TopicOf<JobsReady>("jobs.ready"), TopicOf<JobChanged>("jobs"), TimeProvider.System);
        Options = new FixedOptions();
        Options.CurrentValue.DiskReserveMegabytes = 0;
        Incoming = new IncomingFiles(Store);
        Tools = new ReadingTools(Data, Node, Options, TimeProvider.System, NullLogger<ReadingTools>.Instance);
    }

    private static Topic<T> TopicOf<T>(string name) where T : class => new(name, new RecordingBus(), NullLogger<Topic<T>>.Instance);

    public TestDatabases Databases { get; }

    public DataDirectory Data { get; }

    public ContentStore Store { get; }

    public IncomingFiles Incoming { get; }

    public Topic<ContentErased> Erased { get; } = TopicOf<ContentErased>("documents.contents");

    public NodeInfo Node { get; }

    public Topic<DocumentChanged> Topic { get; }

    /// <summary>Of retention, bin and editing.</summary>
    public FakeTime Time { get; } = new(DateTimeOffset.UtcNow);

    public Topic<CollectionsChanged> CollectionsTopic { get; } = TopicOf<CollectionsChanged>("documents.collections");

    public Topic<ClassifierChanged> Classifier { get; } = TopicOf<ClassifierChanged>("documents.classifier");

    public Topic<AccessChanged> AccessTopic { get; } = TopicOf<AccessChanged>("access");

    /// <summary>Its messages reach nobody: a worker learns of a cancel by its heartbeat.</summary>
    public JobChanger Jobs { get; }

    public JobQueue Queue { get; }

    public FixedOptions Options { get; }

    public ReadingTools Tools { get; }

    /// <summary>Of this bench only.</summary>
    public PageImageCache Images => field ??= new PageImageCache(Data, Options, TimeProvider.System, NullLogger<PageImageCache>.Instance);

    /// <summary>A person with an account of their own.</summary>
    public async Task<Person> Person(params string[] permissions)
    {
        await using var db = Databases.CreateDbContext();
        var name = "p" + Guid.NewGuid().ToString("n");
        var user = new User { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, UserName = name, NormalizedUserName = name.ToUpperInvariant(), DisplayName = name };
        using (BlazorAdmin.Features.Audit.AuditScope.EngineOwn())
        {
            db.Add(user);
            await db.SaveChangesAsync();
        }
        return Acting(user.Id, permissions);
    }

    /// <summary>Somebody whose account is there already.</summary>
    public Person Acting(Guid id, params string[] permissions)
    {
        var caller = new CurrentCaller(null!, _services);
        caller.Use(new Caller(id, null, id.ToString(), AppDbContext.DefaultTenant, null, permissions.ToFrozenSet()));
        var guard = new Guard(caller, Databases);
        var service = new DocumentsService(guard, Databases, TestDatabases.Dialect, Options, TimeProvider.System, Jobs, Topic);
        var finisher = new UploadFinisher(guard, Databases, Incoming, service, new DuplicateCommands(guard, Databases, Time, Topic), Node, TimeProvider.System, Topic);
        return new Person(id, caller, guard, service, new DocumentLibrary(guard, Databases, Store), new DocumentBulk(guard, Databases, TimeProvider.System))
        {
            Uploads = new UploadService(guard, Databases, Incoming, finisher, Options, BlazorAdmin.Tests.Features.Flags.TestFlags.Declared(Databases, caller, DocumentsFlags.Upload), TimeProvider.System),
            Editing = new DocumentEditing(guard, Databases, TestDatabases.Dialect, Time, Topic, Classifier),
            Collections = new CollectionsService(guard, Databases, TestDatabases.Dialect, Tools, Time, CollectionsTopic),
            Tags = new TagsService(guard, Databases, TestDatabases.Dialect, CollectionsTopic),
            Bin = new BinService(guard, Databases, TestDatabases.Dialect, Options, Time, Topic, Erased),
            Preview = new RetentionPreview(guard, Databases, Time),
            History = new DocumentHistory(guard, Databases),
        };
    }

    /// <summary>What the parts about types, models, duplicates and versions need beside the services of a person.</summary>
    public Topic<ClassifierChanged> AddClassification(IServiceCollection services)
    {
        ClassificationSetup.AddServices(services);
        services.AddSingleton(Classifier).AddSingleton<IContentStore>(Store).AddSingleton(Tools).AddSingleton(Jobs).AddSingleton(Queue).AddSingleton(TestDatabases.Dialect);
        return Classifier;
    }

    /// <summary>Erases a document that is in the bin, as its job does; nobody follows what it tells.</summary>
    public async Task Erase(Guid id) => await new EraseDocumentHandler(Databases, TimeProvider.System, Erased).RunAsync(new EraseDocument(id, (await Load(id)).DeletedAt), new TestJob(1, null), CancellationToken.None);

    /// <summary>Erases files that nothing has any more, as the job does that was ordered with the erasure.</summary>
    public Task EraseContents(params string[] sha256) => new EraseContentsHandler(Databases, Store, Erased).RunAsync(new EraseContents(sha256), new TestJob(1, null), CancellationToken.None);

    /// <summary>Whether a job was ordered that erases these bytes.</summary>
    public Task<bool> IsErasureOrdered(string sha256) => Query(db => db.Set<Job>().AnyAsync(j => j.Type == "documents.erase_contents" && j.Arguments.Contains(sha256)));

    /// <summary>Runs the latest reading of a document as the engine would.</summary>
    public async Task<TestJob> Read(Guid id, int attempt = 1, CancellationToken cancel = default, Action<double>? onProgress = null, bool isLast = false)
    {
        await using var db = Databases.CreateDbContext();
        var revision = await db.Set<Document>().Where(d => d.Id == id).Select(d => d.Revision).SingleAsync(cancel);
        return await Read(new ReadDocument(id, revision), attempt, cancel, onProgress, isLast);
    }

    public async Task<TestJob> Read(ReadDocument arguments, int attempt = 1, CancellationToken cancel = default, Action<double>? onProgress = null, bool isLast = false)
    {
        var job = new TestJob(attempt, onProgress, isLast);
        var reader = new DocumentReader(new InspectStep(), new ConvertStep(), new OcrStep(), TimeProvider.System);
        var handler = new ReadDocumentHandler(Databases, Store, Tools, reader, new DocumentExtraction(Node, TimeProvider.System), Options, Node, TimeProvider.System, Topic, NullLogger<ReadDocumentHandler>.Instance);
        await handler.RunAsync(arguments, job, cancel);
        return job;
    }

    public DocumentCorrections Corrections(Person person) => new(person.Guard, Databases, new DocumentExtraction(Node, TimeProvider.System), TimeProvider.System, Topic);

    public async Task<Document> Load(Guid id)
    {
        await using var db = Databases.CreateDbContext();
        return await db.Set<Document>().AsNoTracking().SingleAsync(d => d.Id == id);
    }

    public async Task<T> Query<T>(Func<AppDbContext, Task<T>> query)
    {
        await using var db = Databases.CreateDbContext();
        return await query(db);
    }

    public void Dispose()
    {
        Tools.Dispose();
        _services.Dispose();
        _folder.Dispose();
    }

    internal sealed class FixedOptions : IOptionsMonitor<ReadingOptions>
    {
        public ReadingOptions CurrentValue { get; } = new();

        public ReadingOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<ReadingOptions, string?> listener) => null;
    }
}

internal sealed record Person(Guid Id, CurrentCaller Caller, Guard Guard, DocumentsService Service, DocumentLibrary Library, DocumentBulk Bulk)
{
    public required UploadService Uploads { get; init; }

    public required DocumentEditing Editing { get; init; }

    public required CollectionsService Collections { get; init; }

    public required TagsService Tags { get; init; }

    public required BinService Bin { get; init; }

    public required RetentionPreview Preview { get; init; }

    public required DocumentHistory History { get; init; }

    public DocumentChoices Choices(DocumentsBench bench) => new(Guard, bench.Databases, Collections, Tags);

    public async Task<Guid> Upload(string name, byte[] bytes) => (await Uploads.Send(name, bytes)).Id;
}

internal sealed class TestJob(int attempt, Action<double>? onProgress, bool isLast = false, long id = 1) : JobContext
{
    public List<string> Lines { get; } = [];

    public override long JobId => id;

    public override int Attempt => attempt;

    public override bool IsLastAttempt => isLast;

    public override string IdempotencyKey => "test";

    public override void Progress(double percent, string? message = null) => onProgress?.Invoke(percent);

    public override void Log(LogLevel level, string message)
    {
        lock (Lines) Lines.Add(message);
    }
}
