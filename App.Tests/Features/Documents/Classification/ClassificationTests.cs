using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Classification;

/// <summary>From labels to answers with the real fastText, and what becomes of it when something is missing.</summary>
public sealed class ClassificationTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly ClassifierBench _bench = new(fixture.ConnectionString);

    public Task InitializeAsync() => _bench.Clear();

    public Task DisposeAsync()
    {
        _bench.Dispose();
        return Task.CompletedTask;
    }

    [FastTextFact]
    public async Task Train_LabelledDocuments_GivesAModelWithACardThatClassifiesTheRest()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        var types = await _bench.Label(person, 3, 14);
        var clear = (await _bench.Add(person, 1, 3, doubt: 0)).ToList();

        var model = await _bench.Train(person);

        (model.State, model.IsActive, model.Documents, model.Types).ShouldBe((ModelState.Ready, true, 42, 3));
        model.Accuracy!.Value.ShouldBeGreaterThan(0.85);
        var card = (await _bench.Models(person).Card(model.Id, CancellationToken.None))!;
        card.Confusion.Sum(row => row.Sum()).ShouldBe(42);
        card.Types.Select(type => type.Documents).ShouldBe([14, 14, 14]);
        card.Bins.Sum(bin => bin.Count).ShouldBe(42);
        card.Tried.Count.ShouldBe(3);
        card.Tool.ShouldStartWith("fastText");
        _bench.Documents.Store.Contains(model.Sha256!).ShouldBeTrue();
        (await _bench.Documents.Query(db => db.Set<Notification>().SingleAsync(n => n.UserId == person.Id))).Kind.ShouldBe("documents.model");
        (await _bench.Documents.Query(db => db.Set<Job>().CountAsync(j => j.Type == "documents.classify"))).ShouldBeGreaterThan(0);

        await _bench.Models(person).SetThreshold(model.Id, 0.5, CancellationToken.None);
        await _bench.Classify(model.Id);

        foreach (var id in clear)
        {
            var document = await _bench.Documents.Load(id);
            (document.TypeId, document.TypeSource, document.SuggestedByModelId).ShouldBe((types[1].Id, TypeSource.Model, model.Id));
            document.SuggestedConfidence!.Value.ShouldBeInRange(0.5, 1);
        }
        var reasons = (await _bench.Typing(person).Reasons(clear[0], CancellationToken.None))!;
        reasons.ShouldNotBeEmpty();
        "contract party agreement clause liability term signature law".Split(' ').ShouldContain(reasons[0].Word);
    }

    [FastTextFact]
    public async Task FindAgain_WithAModel_AsksItAboutTheSelectionAlone()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        var types = await _bench.Label(person, 2, 12);
        var (asked, other) = ((await _bench.Add(person, 1, 1, doubt: 0))[0], (await _bench.Add(person, 1, 1, doubt: 0))[0]);
        var model = await _bench.Train(person);
        await _bench.Documents.Query(db => db.Set<Job>().Where(j => j.Type == "documents.classify").ExecuteDeleteAsync());

        (await _bench.Documents.Corrections(person).ExtractAgain([asked], CancellationToken.None)).ShouldBe(1);

        var order = await _bench.Documents.Query(db => db.Set<Job>().Where(j => j.Type == "documents.classify").Select(j => j.Arguments).SingleAsync());
        var command = System.Text.Json.JsonSerializer.Deserialize<ClassifyDocuments>(order, System.Text.Json.JsonSerializerOptions.Web)!;
        command.Ids.ShouldBe([asked]);
        await _bench.Classify(command.ModelId, null, command.Ids);
        (await _bench.Documents.Load(asked)).SuggestedTypeId.ShouldBe(types[1].Id);
        (await _bench.Documents.Load(other)).SuggestedTypeId.ShouldBeNull();
    }

    [FastTextFact]
    public async Task Read_WithAModel_ClassifiesAndNeverOverAPersonsWord()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        var types = await _bench.Label(person, 2, 12);
        var model = await _bench.Train(person);
        await _bench.Models(person).SetThreshold(model.Id, 0.4, CancellationToken.None);
        var id = await person.Upload("new.txt", Zips.Bytes(ClassifierBench.Text(0, 1, doubt: 0)));

        await Read(id);

        var read = await _bench.Documents.Load(id);
        (read.State, read.TypeId, read.TypeSource).ShouldBe((DocumentState.Ready, types[0].Id, TypeSource.Model));
        (await person.Library.Details(id, CancellationToken.None))!.Steps.ShouldContain(step => step.Step == "classify");
        await _bench.Typing(person).Set([id], types[1].Id, CancellationToken.None);
        await person.Service.ReadAgain([id], CancellationToken.None);
        await Read(id);
        await _bench.Classify(model.Id);
        await _bench.Models(person).SetThreshold(model.Id, 0.9, CancellationToken.None);
        var said = await _bench.Documents.Load(id);
        (said.TypeId, said.TypeSource, said.SuggestedTypeId).ShouldBe((types[1].Id, TypeSource.Person, types[0].Id));
    }

    [FastTextFact]
    public async Task Read_LeftUnsure_IsToldToWhoeverDecides()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        await _bench.Label(person, 2, 12);
        var model = await _bench.Train(person);
        await _bench.Models(person).SetThreshold(model.Id, 1, CancellationToken.None);
        var id = await person.Upload("new.txt", Zips.Bytes(ClassifierBench.Text(0, 1, doubt: 0)));
        var told = 0;
        using var subscription = _bench.Changes.Subscribe(_ => told++);

        await Read(id);

        told.ShouldBe(1);
        (await _bench.Typing(person).CountUnsure(CancellationToken.None)).ShouldBe(1);
        await _bench.Models(person).SetThreshold(model.Id, 0.4, CancellationToken.None);
        told = 0;
        await person.Service.ReadAgain([id], CancellationToken.None);
        await Read(id);
        told.ShouldBe(0, "it was decided before and is now");
    }

    [FastTextFact]
    public async Task Train_CancelledInTheMiddle_KeepsTheModelInUse()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        await _bench.Label(person, 2, 12);
        var first = await _bench.Train(person);
        using var stop = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() => _bench.Train(person, stop.Token, percent =>
        {
            if (percent > 30) stop.Cancel();
        }));

        var second = (await _bench.Models(person).Overview(CancellationToken.None)).Training!;
        (await _bench.Models(person).Train(CancellationToken.None)).ShouldBe(ModelResult.Busy);
        (await _bench.Models(person).Cancel(second.Id, CancellationToken.None)).ShouldBe(ModelResult.Done);
        var overview = await _bench.Models(person).Overview(CancellationToken.None);
        overview.Active!.Id.ShouldBe(first.Id);
        (overview.Models[0].State, overview.Models[0].Reason!.Key).ShouldBe((ModelState.Failed, "TrainingCancelled"));
        Directory.EnumerateFileSystemEntries(_bench.Documents.Tools.WorkRoot).ShouldBeEmpty();
    }

    [FastTextFact]
    public async Task Train_CancelledWhileItIsSaved_HasTheBytesErased()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        await _bench.Label(person, 2, 12);
        await _bench.Documents.Query(db => db.Set<Job>().Where(j => j.Type == "documents.erase_contents").ExecuteDeleteAsync());
        var left = _bench.Documents.Store.List("").Select(file => file.Sha256).ToHashSet();

        var model = await _bench.Train(person, onProgress: percent =>
        {
            if (percent < 92) return;
            var training = _bench.Models(person).Overview(CancellationToken.None).GetAwaiter().GetResult().Training;
            if (training is not null) _bench.Models(person).Cancel(training.Id, CancellationToken.None).GetAwaiter().GetResult().ShouldBe(ModelResult.Done);
        });

        (model.State, model.Sha256).ShouldBe((ModelState.Failed, null));
        var stored = _bench.Documents.Store.List("").Single(file => !left.Contains(file.Sha256));
        (await _bench.Documents.IsErasureOrdered(stored.Sha256)).ShouldBeTrue();
    }

    [FastTextFact]
    public async Task Train_RunCutOff_TheNextAttemptFinishesTheSameModel()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        await _bench.Label(person, 2, 12);
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => _bench.Train(person, stop.Token, percent =>
        {
            if (percent > 30) stop.Cancel();
        }));
        var id = (await _bench.Models(person).Overview(CancellationToken.None)).Training!.Id;

        await new TrainClassifierHandler(_bench.Documents.Databases, _bench.Documents.Store, _bench.Documents.Tools, TimeProvider.System, _bench.Changes)
            .RunAsync(new TrainClassifier(id, person.Id), new TestJob(2, null), CancellationToken.None);

        (await _bench.Load(id)).State.ShouldBe(ModelState.Ready);
    }

    [FastTextFact]
    public async Task Activate_AnOlderModel_BringsItBackAndItsAnswersAreAskedAgain()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        await _bench.Label(person, 2, 12);
        var first = await _bench.Train(person);
        await _bench.Typing(person).Set(await _bench.Add(person, 1, 5), (await _bench.Types(person).Choices(CancellationToken.None))[0].Id, CancellationToken.None);
        var second = await _bench.Train(person);
        (await _bench.Load(first.Id)).IsActive.ShouldBeFalse();
        (await _bench.Models(person).Delete(second.Id, CancellationToken.None)).ShouldBe(ModelResult.IsActive);

        (await _bench.Models(person).Activate(first.Id, CancellationToken.None)).ShouldBe(ModelResult.Done);

        (await _bench.Load(first.Id)).IsActive.ShouldBeTrue();
        (await _bench.Load(second.Id)).IsActive.ShouldBeFalse();
        (await _bench.Classify(second.Id)).Lines.ShouldContain("Another model is active.");
        (await Audited("documents.activate_model", first.Id)).ShouldBe(1);
        (await _bench.Models(person).Delete(second.Id, CancellationToken.None)).ShouldBe(ModelResult.Done);
    }

    [FastTextFact]
    public async Task EraseContents_OfAModelInUse_KeepsItsFile()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        await _bench.Label(person, 2, 10);
        var model = await _bench.Train(person);

        await using var db = _bench.Documents.Databases.CreateDbContext();
        (await EraseContentsHandler.DeleteUnusedAsync(db, _bench.Documents.Store, model.Sha256!, TimeSpan.Zero, CancellationToken.None)).ShouldBeFalse();
        await db.Set<ClassifierModel>().ExecuteDeleteAsync();
        (await EraseContentsHandler.DeleteUnusedAsync(db, _bench.Documents.Store, model.Sha256!, TimeSpan.Zero, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Train_TooFewDocuments_SaysWhichTypesLack()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        await _bench.Label(person, 2, 9);

        var model = await _bench.Train(person);

        (model.State, model.ReasonKey, model.IsActive).ShouldBe((ModelState.Failed, "TooFewDocuments", false));
        model.ReasonArguments.ShouldBe("""["10","2","0","Contract: 9; Invoice: 9"]""");
    }

    [Fact]
    public async Task Train_WithoutTheTool_NamesThePackage()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        using var folder = WorkFolder.Create(Path.Combine(_bench.Documents.Data.Work, "t"));
        var missing = new FastText(new NoTools(), folder, _ => { });
        var texts = Enumerable.Range(0, 24).Select(i => LabelledText.Of(i % 2 == 0 ? person.Id : Guid.Empty, ClassifierBench.Text(i % 2, i))).ToList();

        var fault = await Should.ThrowAsync<ClassifierFaultException>(() =>
            new ClassifierTrainer(missing, (_, _) => { }).Train(texts, new Dictionary<Guid, string> { [person.Id] = "A", [Guid.Empty] = "B" }, CancellationToken.None));

        (fault.Reason.Key, fault.IsOfTheMachine).ShouldBe(("ToolMissing", true));
        fault.Reason.Arguments.ShouldBe(["fasttext", "fasttext"]);
    }

    [Fact]
    public async Task CloseEnded_JobWasCancelled_SaysSo()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);
        await _bench.Models(person).Train(CancellationToken.None);
        var model = (await _bench.Models(person).Overview(CancellationToken.None)).Training!;
        await _bench.Documents.Query(db => db.Set<Job>().Where(j => j.Id == model.JobId).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Cancelled)));

        (await _bench.Documents.Query(async db => await ModelFailure.CloseEnded(db, CancellationToken.None))).ShouldContain(model.Id);

        (await _bench.Load(model.Id)).ReasonKey.ShouldBe("TrainingCancelled");
    }

    [Fact]
    public async Task Train_TwoPeopleAtOnce_OneTrainingBegins()
    {
        var person = await _bench.Documents.Person(DocumentsBench.Editor);

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _bench.Models(person).Train(CancellationToken.None)));

        results.Count(result => result == ModelResult.Done).ShouldBe(1);
        (await _bench.Models(person).Overview(CancellationToken.None)).Models.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Unsure_Documents_LeastConfidentFirstAndOnlyWhatOneMayDecide()
    {
        var (editor, member, other) = (await _bench.Documents.Person(DocumentsBench.Editor), await _bench.Documents.Person(DocumentsBench.Member), await _bench.Documents.Person(DocumentsBench.Member));
        var types = await _bench.Label(editor, 2, 1);
        var mine = await _bench.Add(member, 0, 3);
        var theirs = await _bench.Add(other, 0, 1);
        await Suggest(mine[0], types[0].Id, 0.6);
        await Suggest(mine[1], types[0].Id, 0.4);
        await Suggest(theirs[0], types[1].Id, 0.5);

        (await _bench.Typing(member).Unsure(10, CancellationToken.None)).Documents.Select(d => d.Id).ShouldBe([mine[1], mine[0]]);
        (await _bench.Typing(editor).Unsure(10, CancellationToken.None)).Documents.Select(d => d.Id).ShouldBe([mine[1], theirs[0], mine[0]]);
        (await _bench.Typing(member).CountUnsure(CancellationToken.None)).ShouldBe(2);
        (await _bench.Typing(await _bench.Documents.Person(DocumentsBench.Auditor)).CountUnsure(CancellationToken.None)).ShouldBe(0);
        (await _bench.Typing(member).Set([mine[0], theirs[0]], types[1].Id, CancellationToken.None)).ShouldBe([mine[0]]);
        (await Audited("documents.set_type", mine[0])).ShouldBe(1);
        (await _bench.Documents.Load(theirs[0])).TypeId.ShouldBeNull();
        (await _bench.Typing(member).Unsure(10, CancellationToken.None)).Documents.Select(d => d.Id).ShouldBe([mine[1]]);
        (await _bench.Typing(member).Of(theirs[0], CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Threshold_Changed_DocumentsFollow()
    {
        var editor = await _bench.Documents.Person(DocumentsBench.Editor);
        var types = await _bench.Label(editor, 2, 1);
        var ids = await _bench.Add(editor, 0, 2);
        var model = await Ready(types);
        await Suggest(ids[0], types[0].Id, 0.6, model);
        await Suggest(ids[1], types[1].Id, 0.8, model);

        (await _bench.Models(editor).SetThreshold(model, 0.7, CancellationToken.None)).ShouldBe(ModelResult.Done);
        (await _bench.Documents.Load(ids[0])).TypeId.ShouldBeNull();
        (await _bench.Documents.Load(ids[1])).TypeSource.ShouldBe(TypeSource.Model);

        await _bench.Models(editor).SetThreshold(model, 1, CancellationToken.None);
        (await _bench.Documents.Load(ids[1])).TypeSource.ShouldBeNull();
        (await _bench.Models(editor).SetThreshold(model, double.NaN, CancellationToken.None)).ShouldBe(ModelResult.OutOfRange);
    }

    [Fact]
    public async Task Commands_WithoutPermission_AreRefused()
    {
        var (member, auditor) = (await _bench.Documents.Person(DocumentsBench.Member), await _bench.Documents.Person(DocumentsBench.Auditor));

        await Should.ThrowAsync<ForbiddenException>(() => _bench.Types(member).List(CancellationToken.None));
        await Should.ThrowAsync<ForbiddenException>(() => _bench.Types(auditor).Add("x", null, CancellationToken.None));
        await Should.ThrowAsync<ForbiddenException>(() => _bench.Types(auditor).Merge(Guid.NewGuid(), 1, Guid.NewGuid(), CancellationToken.None));
        await Should.ThrowAsync<ForbiddenException>(() => _bench.Models(member).Overview(CancellationToken.None));
        await Should.ThrowAsync<ForbiddenException>(() => _bench.Models(auditor).Train(CancellationToken.None));
        await Should.ThrowAsync<ForbiddenException>(() => _bench.Models(auditor).Activate(Guid.NewGuid(), CancellationToken.None));
        await Should.ThrowAsync<ForbiddenException>(() => _bench.Models(auditor).SetThreshold(Guid.NewGuid(), 0.5, CancellationToken.None));
        await Should.ThrowAsync<ForbiddenException>(() => _bench.Typing(auditor).Set([Guid.NewGuid()], null, CancellationToken.None));
    }

    [Fact]
    public async Task Types_AddedChangedMergedDeleted_FollowTheRules()
    {
        var editor = await _bench.Documents.Person(DocumentsBench.Editor);
        var types = await _bench.Label(editor, 2, 2);
        var rows = await _bench.Types(editor).List(CancellationToken.None);
        rows.Select(row => (row.Name, row.Documents.Count, row.ByPeople.Count)).ShouldBe([("Contract", 2, 2), ("Invoice", 2, 2)]);
        (await _bench.Types(editor).Add(" INVOICE ", null, CancellationToken.None)).ShouldBe(TypeProblem.NameTaken);
        (await _bench.Types(editor).Add(" ", null, CancellationToken.None)).ShouldBe(TypeProblem.NameMissing);
        (await _bench.Types(editor).Delete(rows[0].Id, rows[0].Version, CancellationToken.None)).ShouldBe(TypeProblem.InUse);
        (await _bench.Types(editor).Change(rows[0].Id, rows[0].Version, "Agreement", "signed", CancellationToken.None)).ShouldBe(TypeProblem.None);
        (await _bench.Types(editor).Change(rows[0].Id, rows[0].Version, "Late", null, CancellationToken.None)).ShouldBe(TypeProblem.Conflict);
        var model = await Ready(types);

        (await _bench.Types(editor).Merge(rows[0].Id, rows[0].Version + 1, rows[1].Id, CancellationToken.None)).ShouldBe(TypeProblem.None);

        (await _bench.Types(editor).List(CancellationToken.None)).ShouldHaveSingleItem().Documents.ShouldBe(new ListTotal(4));
        (await _bench.Models(editor).Card(model, CancellationToken.None))!.Labels.ShouldBe([rows[1].Id, rows[1].Id]);
        (await Audited("documents.merge_types", rows[0].Id)).ShouldBe(1);
    }

    private Task<int> Audited(string action, Guid id) => _bench.Documents.Query(db => db.Set<AuditEntry>().CountAsync(e => e.Action == action && e.SubjectId == id.ToString()));

    private Task<int> Suggest(Guid document, Guid type, double confidence, Guid? model = null) => _bench.Documents.Query(db => db.Set<Document>().Where(d => d.Id == document).ExecuteUpdateAsync(set => set
        .SetProperty(d => d.SuggestedTypeId, type).SetProperty(d => d.SuggestedConfidence, confidence).SetProperty(d => d.SuggestedByModelId, model)));

    /// <summary>The row of a model, without a file.</summary>
    private async Task<Guid> Ready(IReadOnlyList<TypeChoice> types)
    {
        var card = ClassifierTrainer.Describe([.. types.Select(t => t.Id)], types.ToDictionary(t => t.Id, t => t.Name), [0, 1], [[0.9, 0.1], [0.2, 0.8]]);
        var model = new ClassifierModel { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Number = 1, State = ModelState.Ready, IsActive = true, Threshold = 0.9, Card = card.Write(), CreatedAt = DateTimeOffset.UtcNow };
        await _bench.Documents.Query(async db =>
        {
            db.Add(model);
            return await db.SaveChangesAsync();
        });
        return model.Id;
    }

    private async Task Read(Guid id)
    {
        var bench = _bench.Documents;
        var revision = (await bench.Load(id)).Revision;
        var reader = new DocumentReader(new InspectStep(), new ConvertStep(), new OcrStep(), TimeProvider.System);
        var handler = new ReadDocumentHandler(
            bench.Databases, bench.Store, bench.Tools, reader, new DocumentExtraction(bench.Node, TimeProvider.System), bench.Options, bench.Node, TimeProvider.System, bench.Topic, NullLogger<ReadDocumentHandler>.Instance, new ClassifyReading(bench.Databases, bench.Store, _bench.Changes));
        await handler.RunAsync(new ReadDocument(id, revision), new TestJob(1, null), CancellationToken.None);
    }

    /// <summary>A machine without any tool.</summary>
    private sealed class NoTools : IProcessRunner
    {
        public Task<ToolResult> Run(ToolCommand command, CancellationToken cancel) => Task.FromResult(new ToolResult(ToolEnd.NotStarted, -1, [], "", TimeSpan.Zero));
    }
}
