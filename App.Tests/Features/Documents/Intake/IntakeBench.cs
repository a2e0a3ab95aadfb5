using BlazorAdmin.Features.Documents.Duplicates;
using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Flags;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Intake;

/// <summary>The ways in on a real database and a store of its own, on a clock that the test moves.</summary>
internal sealed class IntakeBench : IDisposable
{
    private readonly TestFolder _folder = new();

    /// <param name="files">Folder of the content store, where the test brings one.</param>
    public IntakeBench(string connectionString, string? files = null)
    {
        Documents = new DocumentsBench(connectionString);
        Store = new ContentStore(files ?? _folder["files"], Time);
        Incoming = new IncomingFiles(Store);
        Options = new SetOptions<ReadingOptions>(new ReadingOptions { DiskReserveMegabytes = 0 });
        Maintenance = new SetOptions<MaintenanceOptions>(new MaintenanceOptions());
    }

    public DocumentsBench Documents { get; }

    public FakeTime Time { get; } = new(DateTimeOffset.UtcNow);

    public ContentStore Store { get; }

    public IncomingFiles Incoming { get; }

    public SetOptions<ReadingOptions> Options { get; }

    public SetOptions<MaintenanceOptions> Maintenance { get; }

    public TestDatabases Databases => Documents.Databases;

    /// <summary>Folder that the test's files stand in.</summary>
    public string Inbox => Directory.CreateDirectory(_folder["inbox"]).FullName;

    public string Outside => Directory.CreateDirectory(_folder["outside"]).FullName;

    public UploadService Uploads(Person person)
    {
        return new UploadService(person.Guard, Databases, Incoming, Finisher(person), Options, TestFlags.Declared(Databases, person.Caller, DocumentsFlags.Upload), Time);
    }

    public UploadFinisher Finisher(Person person) => new(person.Guard, Databases, Incoming, person.Service, new DuplicateCommands(person.Guard, Databases, Time, Documents.Topic), Documents.Node, Time, Documents.Topic);

    public UploadCleanUp CleanUp() => new(Databases, null!, Incoming, Options, Time, NullLogger<UploadCleanUp>.Instance);

    public FolderLook Look(TestDatabases? databases = null)
    {
        var store = new FlagStore(Databases, TestFlags.Topic<FlagsRenewed>(), NullLogger<FlagStore>.Instance);
        var flags = new FlagEvaluator(store, new FlagCatalog([new FlagDeclaration(DocumentsFlags.Upload, typeof(FlagsTexts), "Flag", true)]), new FlagExposures(), Time);
        return new FolderLook(databases ?? Databases, TestDatabases.Dialect, Taking(), flags, Maintenance, Options, Documents.Node, Time, TestFlags.Topic<WatchChanged>(), NullLogger<FolderLook>.Instance);
    }

    public FileTaking Taking() => new(Databases, Store, Incoming, Options, Documents.Node, Time, Documents.Topic);

    public WatchService Watched(Person person) => new(person.Guard, Databases, Options, Time, TestFlags.Topic<WatchChanged>());

    /// <summary>Gives the person an e-mail address.</summary>
    public async Task<string> MailOf(Person person)
    {
        var mail = $"{person.Id:n}@example.org";
        await using var db = Databases.CreateDbContext();
        await db.Users.Where(u => u.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Email, mail).SetProperty(u => u.NormalizedEmail, mail.ToUpperInvariant()));
        return mail;
    }

    public async Task<Guid> Collection(string name, bool restricted, params (Person Person, CollectionRight Right)[] grants)
    {
        await using var db = Databases.CreateDbContext();
        using var own = AuditScope.EngineOwn();
        var collection = new Collection { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Name = name, NormalizedName = name.ToLowerInvariant(), IsRestricted = restricted, CreatedAt = Time.GetUtcNow(), Version = 1 };
        db.Add(collection);
        foreach (var (person, right) in grants) db.Add(new CollectionGrant { Id = Guid.NewGuid(), CollectionId = collection.Id, TenantId = collection.TenantId, UserId = person.Id, Right = right });
        await db.SaveChangesAsync();
        return collection.Id;
    }

    public string FileOf(Guid id) => Path.Combine(Store.Incoming, $"{id:n}.upload");

    public void Dispose()
    {
        Documents.Dispose();
        _folder.Dispose();
    }
}
