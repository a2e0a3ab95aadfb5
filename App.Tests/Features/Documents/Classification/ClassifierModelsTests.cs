using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Validation;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Classification;

/// <summary>Commands on models that meet those of others, or a fault.</summary>
public sealed class ClassifierModelsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly ClassifierBench _bench = new(fixture.ConnectionString);

    public Task InitializeAsync() => _bench.Clear();

    public Task DisposeAsync()
    {
        _bench.Dispose();
        return Task.CompletedTask;
    }

    [PostgresFact]
    public async Task Activate_DeletedInThisMoment_KeepsTheModelInUse()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        var (used, other) = (await Ready(1, isActive: true), await Ready(2, isActive: false));
        var deleted = new BeforeStatement("UPDATE \"ClassifierModels\"", async () => (await _bench.Models(person).Delete(other, CancellationToken.None)).ShouldBe(ModelResult.Done));

        (await Models(person, deleted).Activate(other, CancellationToken.None)).ShouldBe(ModelResult.NotFound);

        deleted.IsDone.ShouldBeTrue();
        (await _bench.Load(used)).IsActive.ShouldBeTrue();
    }

    [FastTextFact]
    public async Task Classify_RuleForAType_OnlyDocumentsOfAnotherTypeThanBeforeAreValidated()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        var types = await _bench.Label(person, 2, 12);
        var model = await _bench.Train(person);
        await _bench.Models(person).SetThreshold(model.Id, 0.4, CancellationToken.None);
        var added = await _bench.Add(person, 0, 2, doubt: 0);
        await _bench.Documents.Query(async db =>
        {
            db.Add(new ValidationRule { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Name = "r", NormalizedName = "r", TypeId = types[0].Id, Field = "x", IsEnabled = true, CreatedAt = DateTimeOffset.UtcNow });
            using (AuditScope.EngineOwn()) return await db.SaveChangesAsync();
        });
        await _bench.Documents.Query(db => db.Set<Job>().Where(job => job.Type == "documents.extract").ExecuteDeleteAsync());

        await _bench.Classify(model.Id);
        var first = await Validated();
        await _bench.Classify(model.Id);

        first.ShouldBe(added, ignoreOrder: true);
        (await Validated()).Count.ShouldBe(2, "the second time no type changed");

        async Task<IReadOnlyList<Guid>> Validated() =>
            [.. (await _bench.Documents.Query(db => db.Set<Job>().Where(job => job.Type == "documents.extract").Select(job => job.Arguments).ToListAsync())).SelectMany(json => JsonSerializer.Deserialize<ExtractDocuments>(json, JsonSerializerOptions.Web)!.Ids)];
    }

    [FastTextFact]
    public async Task Overview_LabelsThatCannotBeLearntFrom_AreNoReasonToTrainAgain()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        await _bench.Label(person, 2, 12);
        await Label(withText: false, ModelOverview.WorthIt);

        (await _bench.Train(person)).Documents.ShouldBe(24);

        var overview = await _bench.Models(person).Overview(CancellationToken.None);
        (overview.Labels, overview.NewLabels, overview.SuggestsTraining).ShouldBe((24 + ModelOverview.WorthIt, 0, false));
        await Label(withText: true, ModelOverview.WorthIt);
        (await _bench.Models(person).Overview(CancellationToken.None)).SuggestsTraining.ShouldBeTrue();

        async Task Label(bool withText, int count)
        {
            var ids = await _bench.Add(person, 0, count);
            if (!withText) await _bench.Documents.Query(db => db.Set<DocumentPage>().Where(page => ids.Contains(page.DocumentId)).ExecuteUpdateAsync(set => set.SetProperty(page => page.Text, "")));
            await _bench.Typing(person).Set(ids, (await _bench.Types(person).Choices(CancellationToken.None))[0].Id, CancellationToken.None);
        }
    }

    [PostgresFact]
    public async Task Commands_ConnectionLost_AreFaultsAndNoAnswers()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);

        await Should.ThrowAsync<DbUpdateException>(() => Types(person, Lost("INSERT INTO \"DocumentTypes\"")).Add("Invoice", null, CancellationToken.None));
        await Should.ThrowAsync<DbUpdateException>(() => Models(person, Lost("INSERT INTO \"ClassifierModels\"")).Train(CancellationToken.None));

        (await _bench.Types(person).Add("Invoice", null, CancellationToken.None)).ShouldBe(TypeProblem.None);
        (await _bench.Types(person).Add("invoice", null, CancellationToken.None)).ShouldBe(TypeProblem.NameTaken);

        static BeforeStatement Lost(string text) => new(text, () => throw new IOException("The connection is gone."));
    }

    [PostgresFact]
    public async Task DeleteType_GivenToADocumentInThisMoment_IsInUse()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        await _bench.Types(person).Add("Invoice", null, CancellationToken.None);
        var type = (await _bench.Types(person).List(CancellationToken.None)).ShouldHaveSingleItem();
        var id = (await _bench.Add(person, 0, 1))[0];
        var given = new BeforeStatement("DELETE FROM \"DocumentTypes\"", () => _bench.Documents.Query(db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.TypeId, type.Id))));

        (await Types(person, given).Delete(type.Id, type.Version, CancellationToken.None)).ShouldBe(TypeProblem.InUse);

        given.IsDone.ShouldBeTrue();
    }

    private TestDatabases With(BeforeStatement before) => new(fixture.ConnectionString, new CommitInterceptor(NullLogger<CommitInterceptor>.Instance), before);

    private DocumentTypes Types(Person person, BeforeStatement before) => new(person.Guard, With(before), TestDatabases.Dialect, _bench.Documents.Queue, TimeProvider.System, _bench.Changes);

    private ClassifierModels Models(Person person, BeforeStatement before) => new(
        person.Guard, With(before), TestDatabases.Dialect, _bench.Documents.Queue, TimeProvider.System, _bench.Documents.Jobs, _bench.Changes);

    /// <summary>The row of a model, without its file.</summary>
    private async Task<Guid> Ready(int number, bool isActive)
    {
        var model = new ClassifierModel
        {
            Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Number = number, State = ModelState.Ready, IsActive = isActive, Threshold = 0.9, Sha256 = Guid.NewGuid().ToString("n"), CreatedAt = DateTimeOffset.UtcNow,
        };
        await _bench.Documents.Query(async db =>
        {
            db.Add(model);
            return await db.SaveChangesAsync();
        });
        return model.Id;
    }
}
