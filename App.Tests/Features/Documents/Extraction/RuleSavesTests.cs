using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Validation;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Extraction;

/// <summary>What becomes of rules that several people change, and of the passes over the documents that follow.</summary>
public sealed class RuleSavesTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private const int Savers = 6;
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    // Other tests of this class leave passes behind.
    public Task InitializeAsync() => _bench.Query(db => db.Set<Job>().Where(job => job.Type == "documents.extract").ExecuteDeleteAsync());

    public Task DisposeAsync()
    {
        _bench.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task SaveExtractionRule_SeveralSawTheSameVersion_OneIsDoneTheOthersConflict()
    {
        var rules = Extraction(await _bench.Person(DocumentsBench.Editor));
        var form = new ExtractionRuleForm("rule " + Guid.NewGuid(), ExtractionRuleKind.Pattern, "x", false, false);
        await rules.Save(null, 0, form, CancellationToken.None);
        var seen = (await rules.List(CancellationToken.None)).Single(rule => rule.Name == form.Name);

        var results = await Task.WhenAll(Enumerable.Range(0, Savers).Select(i => rules.Save(seen.Id, seen.Version, form with { Definition = $"x{i}" }, CancellationToken.None)));

        results.Select(result => result.Outcome).Order().ShouldBe([RuleOutcome.Done, .. Enumerable.Repeat(RuleOutcome.Conflict, Savers - 1)]);
        (await rules.List(CancellationToken.None)).Single(rule => rule.Id == seen.Id).Version.ShouldBe(seen.Version + 1);
        (await rules.Delete(seen.Id, CancellationToken.None)).Outcome.ShouldBe(RuleOutcome.Done);
        (await rules.Save(seen.Id, seen.Version + 1, form, CancellationToken.None)).Outcome.ShouldBe(RuleOutcome.NotFound);
    }

    [Fact]
    public async Task SaveValidationRule_SeveralSawTheSameVersion_OneIsDoneTheOthersConflict()
    {
        var rules = Validation(await _bench.Person(DocumentsBench.Editor));
        var form = new ValidationRuleForm("check " + Guid.NewGuid(), null, ValidationKind.Required, "a", null, null, null);
        await rules.Save(null, 0, form, CancellationToken.None);
        var seen = (await rules.List(CancellationToken.None)).Single(rule => rule.Name == form.Name);

        var results = await Task.WhenAll(Enumerable.Range(0, Savers).Select(i => rules.Save(seen.Id, seen.Version, form with { Field = $"a{i}" }, CancellationToken.None)));

        results.Select(result => result.Outcome).Order().ShouldBe([RuleOutcome.Done, .. Enumerable.Repeat(RuleOutcome.Conflict, Savers - 1)]);
        (await rules.List(CancellationToken.None)).Single(rule => rule.Id == seen.Id).Version.ShouldBe(seen.Version + 1);
        (await rules.Switch(seen.Id, false, CancellationToken.None)).Outcome.ShouldBe(RuleOutcome.Done);
        (await rules.List(CancellationToken.None)).Single(rule => rule.Id == seen.Id).IsEnabled.ShouldBeFalse();
        (await rules.Delete(seen.Id, CancellationToken.None)).Outcome.ShouldBe(RuleOutcome.Done);
    }

    [Fact]
    public async Task Switch_AgainAndAgain_OnePassOverTheDocumentsWaits()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        await editor.Upload("a.txt", Zips.Bytes("x"));
        var rules = Extraction(editor);
        var form = new ExtractionRuleForm("switched " + Guid.NewGuid(), ExtractionRuleKind.Pattern, "x", false, false);
        await rules.Save(null, 0, form, CancellationToken.None);
        var id = (await rules.List(CancellationToken.None)).Single(rule => rule.Name == form.Name).Id;

        for (var i = 0; i < 10; i++) (await rules.Switch(id, i % 2 == 1, CancellationToken.None)).Outcome.ShouldBe(RuleOutcome.Done);

        (await Passes(JobState.Queued)).ShouldHaveSingleItem().LimitKey.ShouldBe(AppDbContext.DefaultTenant.ToString("n"));
        await _bench.Query(db => db.Set<Job>().Where(job => job.Type == "documents.extract").ExecuteUpdateAsync(set => set.SetProperty(job => job.State, JobState.Running).SetProperty(job => job.Attempts, 1)));
        await rules.Switch(id, false, CancellationToken.None);
        await rules.Switch(id, true, CancellationToken.None);
        (await Passes(JobState.Queued)).Count.ShouldBe(1, "what runs does not know of this change");
    }

    [Fact]
    public async Task Pass_ANewerOneWaits_LeavesTheDocumentsToIt()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await editor.Upload("a.txt", Zips.Bytes("am 01.02.2024"));
        await _bench.Read(id);
        var before = (await _bench.Load(id)).Version;
        var pass = new ExtractDocuments(AppDbContext.DefaultTenant, [], null, false);
        await _bench.Query(async db =>
        {
            db.Enqueue(pass, Caller.Portal with { TenantId = AppDbContext.DefaultTenant }, DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });

        var left = await Run(pass);

        left.Lines.ShouldBe(["A newer pass over the same documents waits, because a rule changed again."]);
        (await _bench.Load(id)).Version.ShouldBe(before);
        await Run(pass with { OnlyValidate = true });
        await Run(pass with { Ids = [id] });
        (await _bench.Load(id)).Version.ShouldBe(before + 2, "other passes, and jobs about some documents, go on");
    }

    private async Task<TestJob> Run(ExtractDocuments arguments)
    {
        var job = new TestJob(1, null);
        await new ExtractDocumentsHandler(_bench.Databases, new DocumentExtraction(_bench.Node, TimeProvider.System), _bench.Topic).RunAsync(arguments, job, CancellationToken.None);
        return job;
    }

    private Task<List<Job>> Passes(JobState state) => _bench.Query(db => db.Set<Job>().AsNoTracking().Where(job => job.Type == "documents.extract" && job.State == state).ToListAsync());

    private static Topic<RulesChanged> Topic() => new("documents.rules", new RecordingBus(), NullLogger<Topic<RulesChanged>>.Instance);

    private ExtractionRules Extraction(Person person) => new(person.Guard, _bench.Databases, TestDatabases.Dialect, _bench.Queue, TimeProvider.System, Topic());

    private ValidationRules Validation(Person person) => new(person.Guard, _bench.Databases, TestDatabases.Dialect, _bench.Queue, TimeProvider.System, Topic());
}
