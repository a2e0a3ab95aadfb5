using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Validation;
using BlazorAdmin.Live;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Extraction;

/// <summary>What becomes of rules that several people change, and of the passes over the documents that follow.</summary>
public sealed class RuleSavesTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private const int Savers = 6;
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

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

    private static Topic<RulesChanged> Topic() => new("documents.rules", new RecordingBus(), NullLogger<Topic<RulesChanged>>.Instance);

    private ExtractionRules Extraction(Person person) => new(person.Guard, _bench.Databases, TestDatabases.Dialect, TimeProvider.System, Topic());

    private ValidationRules Validation(Person person) => new(person.Guard, _bench.Databases, TestDatabases.Dialect, TimeProvider.System, Topic());
}
