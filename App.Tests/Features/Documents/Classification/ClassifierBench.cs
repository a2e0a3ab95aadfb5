using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Validation;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Classification;

/// <summary>Types, labelled documents and models on a database, with the jobs run by hand.</summary>
internal sealed class ClassifierBench(string connectionString) : IDisposable
{
    private static readonly string[][] Vocabularies =
    [
        ["invoice", "amount", "payable", "tax", "total", "due", "bank", "account"],
        ["contract", "party", "agreement", "clause", "liability", "term", "signature", "law"],
        ["minutes", "meeting", "agenda", "attendees", "decision", "action", "chair", "vote"],
    ];

    // Words by number and ids in their order: a failure can be repeated.
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private int _added;

    public DocumentsBench Documents { get; } = new(connectionString);

    public Topic<ClassifierChanged> Changes { get; } = new("documents.classifier", new RecordingBus(), NullLogger<Topic<ClassifierChanged>>.Instance);

    public DocumentTypes Types(Person person) => new(person.Guard, Documents.Databases, TestDatabases.Dialect, Documents.Queue, TimeProvider.System, Changes);

    public DocumentTyping Typing(Person person) => new(person.Guard, Documents.Databases, Documents.Store, Documents.Tools, TimeProvider.System, Documents.Topic, Changes, NullLogger<DocumentTyping>.Instance);

    public ClassifierModels Models(Person person) => new(person.Guard, Documents.Databases, TestDatabases.Dialect, Documents.Queue, TimeProvider.System, Documents.Jobs, Changes);

    /// <summary>A text that belongs to one kind; <paramref name="doubt"/> of its words belong to another.</summary>
    public static string Text(int kind, int seed, double doubt = 0.1)
    {
        var random = new Random(seed * 31 + kind);
        return string.Join(' ', Enumerable.Range(0, 40).Select(_ =>
        {
            var words = Vocabularies[random.NextDouble() < doubt ? random.Next(Vocabularies.Length) : kind];
            return random.NextDouble() < 0.4 ? "common" + random.Next(30) : words[random.Next(words.Length)];
        }));
    }

    /// <summary>Types of that many kinds, and so many documents of each that the person has labelled.</summary>
    public async Task<IReadOnlyList<TypeChoice>> Label(Person person, int kinds, int each)
    {
        string[] names = ["Invoice", "Contract", "Minutes"];
        foreach (var name in names[..kinds]) await Types(person).Add(name, null, CancellationToken.None);
        var types = (await Types(person).Choices(CancellationToken.None)).ToDictionary(type => type.Name);
        for (var kind = 0; kind < kinds; kind++)
            await Typing(person).Set(await Add(person, kind, each), types[names[kind]].Id, CancellationToken.None);
        return [.. names[..kinds].Select(name => types[name])];
    }

    /// <summary>Documents that are read already: their rows and pages, without running the tools on each.</summary>
    public async Task<IReadOnlyList<Guid>> Add(Person owner, int kind, int count, double doubt = 0.1)
    {
        var ids = new List<Guid>();
        await using var db = Documents.Databases.CreateDbContext();
        for (var i = 0; i < count; i++)
        {
            var (number, id) = (++_added, Guid.CreateVersion7(_start.AddMilliseconds(_added)));
            db.Add(new Document
            {
                Id = id, SeriesId = id, TenantId = AppDbContext.DefaultTenant, OwnerId = owner.Id, Node = "test", Name = $"{kind}-{i}.txt", Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(id.ToByteArray())),
                State = DocumentState.Ready, CreatedAt = DateTimeOffset.UtcNow, Version = 1,
            });
            db.Add(new DocumentPage { DocumentId = id, Number = 1, TenantId = AppDbContext.DefaultTenant, Text = Text(kind, number, doubt) });
            ids.Add(id);
        }
        using (BlazorAdmin.Features.Audit.AuditScope.EngineOwn()) await db.SaveChangesAsync();
        return ids;
    }

    /// <summary>Begins a training and runs its job.</summary>
    public async Task<ClassifierModel> Train(Person person, CancellationToken cancel = default, Action<double>? onProgress = null, ReadingTools? tools = null)
    {
        (await Models(person).Train(CancellationToken.None)).ShouldBe(ModelResult.Done);
        var id = (await Models(person).Overview(CancellationToken.None)).Models[0].Id;
        var handler = new TrainClassifierHandler(Documents.Databases, Documents.Store, tools ?? Documents.Tools, TimeProvider.System, Changes);
        await handler.RunAsync(new TrainClassifier(id, person.Id), new TestJob(1, onProgress, isLast: true), cancel);
        return await Load(id);
    }

    public async Task<TestJob> Classify(Guid modelId, JobContext? job = null, params IReadOnlyList<Guid> ids)
    {
        var used = job as TestJob ?? new TestJob(1, null);
        await new ClassifyDocumentsHandler(Documents.Databases, Documents.Store, Documents.Tools, TimeProvider.System, Documents.Topic, Changes).RunAsync(new ClassifyDocuments(modelId) { Ids = ids }, used, CancellationToken.None);
        return used;
    }

    public Task<ClassifierModel> Load(Guid id) => Documents.Query(db => db.Set<ClassifierModel>().AsNoTracking().SingleAsync(m => m.Id == id));

    /// <summary>Every test begins without models, types and documents of others.</summary>
    public Task Clear() => Documents.Query(async db =>
    {
        await db.Set<ClassifierModel>().ExecuteDeleteAsync();
        await db.Set<ValidationRule>().ExecuteDeleteAsync();
        await db.Set<Document>().ExecuteDeleteAsync();
        return await db.Set<DocumentType>().ExecuteDeleteAsync();
    });

    public void Dispose() => Documents.Dispose();
}
