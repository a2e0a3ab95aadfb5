using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Validation;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Extraction;

/// <summary>What people said survives another reading and another extraction; nobody else can say it.</summary>
public sealed class CorrectionTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private const string Text = "Rechnung Nr. R-17 vom 05.03.2024\nGesamtbetrag 119,00 EUR\nbezahlt am 06.03.2024";
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Read_Text_StoresMentionsFieldsAndSteps()
    {
        var person = await _bench.Person(DocumentsBench.Member);

        var id = await Upload(person, Text);

        (await Fields(id))[FieldNames.Total].Value.ShouldBe("119.00 EUR");
        (await Mentions(id)).Select(mention => mention.Kind).ShouldBe([EntityKinds.Invoice, EntityKinds.Date, EntityKinds.Amount, EntityKinds.Date]);
        (await _bench.Query(db => db.Set<DocumentStepRun>().Where(run => run.DocumentId == id).Select(run => run.Step).ToListAsync())).ShouldBe(["inspect", "convert", "extract", "validate"], ignoreOrder: true);
        (await _bench.Query(db => db.Set<AuditEntry>().CountAsync(entry => entry.SubjectId == id.ToString()))).ShouldBe(1, "only the upload is a command of a person");
    }

    [Fact]
    public async Task Judge_RejectedMention_IsNotFoundAgain()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await Upload(person, Text);
        var first = (await Mentions(id)).First(mention => mention.Kind == EntityKinds.Date);

        (await Corrections(person).Judge(id, first.Id, MentionState.Rejected, CancellationToken.None)).ShouldBe(CorrectionResult.Done);
        await ReadAgain(person, id);

        var dates = (await Mentions(id)).Where(mention => mention.Kind == EntityKinds.Date).ToList();
        dates.Select(mention => mention.State).ShouldBe([MentionState.Rejected, MentionState.Found]);
        (await Fields(id))[FieldNames.Date].Value.ShouldBe("2024-03-06");
        (await Corrections(person).Judge(id, first.Id, MentionState.Found, CancellationToken.None)).ShouldBe(CorrectionResult.Done);
        (await Fields(id))[FieldNames.Date].Value.ShouldBe("2024-03-05");
        (await _bench.Query(db => db.Set<AuditEntry>().CountAsync(entry => entry.Action == "documents.judge" && entry.SubjectId == id.ToString()))).ShouldBe(2);
    }

    [Fact]
    public async Task Add_Words_AreFoundAgainWhenTheTextMoves()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await Upload(person, Text);

        (await Corrections(person).Add(id, 1, 0, "bezahlt", "Vermerk", CancellationToken.None)).ShouldBe(CorrectionResult.Done);
        (await Corrections(person).Add(id, 1, 0, "nirgends", "Vermerk", CancellationToken.None)).ShouldBe(CorrectionResult.TextNotThere);
        (await Corrections(person).CorrectPage(id, 1, 0, "Neue erste Zeile\n" + Text, CancellationToken.None)).ShouldBe(CorrectionResult.Done);

        var added = (await Mentions(id)).Single(mention => mention.Kind == "Vermerk");
        (added.State, added.Start).ShouldBe((MentionState.Added, ("Neue erste Zeile\n" + Text).IndexOf("bezahlt", StringComparison.Ordinal)));
        await ReadAgain(person, id);
        (await Mentions(id)).Single(mention => mention.Kind == "Vermerk").Start.ShouldBe(added.Start, "the corrected text stands instead of what was read");
    }

    [Fact]
    public async Task CorrectPage_TextOfAMentionGone_IsKeptAndComesBack()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await Upload(person, Text);
        var amount = (await Mentions(id)).Single(mention => mention.Kind == EntityKinds.Amount);
        await Corrections(person).Judge(id, amount.Id, MentionState.Confirmed, CancellationToken.None);

        await Corrections(person).CorrectPage(id, 1, 0, "nichts mehr", CancellationToken.None);
        (await Mentions(id)).ShouldHaveSingleItem().Start.ShouldBe(-1);
        (await Fields(id)).Keys.ShouldNotContain(FieldNames.Total);
        (await Corrections(person).RestorePage(id, 1, 1, CancellationToken.None)).ShouldBe(CorrectionResult.Done);

        var back = (await Mentions(id)).Single(mention => mention.Kind == EntityKinds.Amount);
        (back.Id, back.State, back.Start).ShouldBe((amount.Id, MentionState.Confirmed, amount.Start));
    }

    [Fact]
    public async Task CorrectPage_SeenBeforeAnotherCorrection_IsAConflict()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await Upload(person, Text);

        (await Corrections(person).CorrectPage(id, 1, 0, "one", CancellationToken.None)).ShouldBe(CorrectionResult.Done);

        (await Corrections(person).CorrectPage(id, 1, 0, "two", CancellationToken.None)).ShouldBe(CorrectionResult.Conflict);
        (await Corrections(person).CorrectPage(id, 1, 1, "two", CancellationToken.None)).ShouldBe(CorrectionResult.Done);
        (await Corrections(person).CorrectPage(id, 9, 0, "x", CancellationToken.None)).ShouldBe(CorrectionResult.NotFound);
        using var download = new MemoryStream();
        await (await person.Library.OpenText(id, CancellationToken.None))!.Value.Write(download, CancellationToken.None);
        System.Text.Encoding.UTF8.GetString(download.ToArray()).TrimStart('\uFEFF').ShouldBe("two");
    }

    [Fact]
    public async Task SetField_ByAPerson_IsNeverOverwrittenAndTheFoundValueKept()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await Upload(person, Text);

        (await Corrections(person).SetField(id, FieldNames.Total, "120.00 EUR", CancellationToken.None)).ShouldBe(CorrectionResult.Done);
        await ReadAgain(person, id);

        var field = (await Fields(id))[FieldNames.Total];
        (field.Value, field.Extracted, field.ByPerson).ShouldBe(("120.00 EUR", "119.00 EUR", true));
        (await Corrections(person).ResetField(id, FieldNames.Total, CancellationToken.None)).ShouldBe(CorrectionResult.Done);
        (await Fields(id))[FieldNames.Total].Value.ShouldBe("119.00 EUR");
        (await Corrections(person).SetField(id, FieldNames.Total, new string('x', 401), CancellationToken.None)).ShouldBe(CorrectionResult.WrongLength);
    }

    [Fact]
    public async Task SetField_ByAPerson_ChecksTheRulesAndReadsNoText()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await Upload(person, Text);
        var (extracted, validated) = (await At(id, "extract"), await At(id, "validate"));

        (await Corrections(person).SetField(id, FieldNames.Total, "120.00 EUR", CancellationToken.None)).ShouldBe(CorrectionResult.Done);

        (await At(id, "extract")).ShouldBe(extracted);
        (await At(id, "validate")).ShouldBeGreaterThan(validated);
        (await Fields(id))[FieldNames.Total].Extracted.ShouldBe("119.00 EUR");
    }

    [Fact]
    public async Task Corrections_ByAPersonWithoutRights_FindNothing()
    {
        var (owner, stranger, auditor) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Auditor));
        var id = await Upload(owner, Text);
        var mention = (await Mentions(id))[0].Id;
        var theirs = Corrections(stranger);

        (await theirs.Judge(id, mention, MentionState.Rejected, CancellationToken.None)).ShouldBe(CorrectionResult.NotFound);
        (await theirs.Add(id, 1, 0, "bezahlt", "x", CancellationToken.None)).ShouldBe(CorrectionResult.NotFound);
        (await theirs.SetField(id, "total", "1", CancellationToken.None)).ShouldBe(CorrectionResult.NotFound);
        (await theirs.CorrectPage(id, 1, 0, "x", CancellationToken.None)).ShouldBe(CorrectionResult.NotFound);
        (await theirs.ExtractAgain([id], CancellationToken.None)).ShouldBe(0);
        var library = new ExtractionLibrary(stranger.Guard, _bench.Databases);
        (await library.Page(id, 1, CancellationToken.None)).ShouldBeNull();
        (await library.Fields(id, CancellationToken.None)).ShouldBeNull();
        (await library.Findings(id, CancellationToken.None)).ShouldBeEmpty();
        (await new ExtractionLibrary(auditor.Guard, _bench.Databases).Fields(id, CancellationToken.None))!.MayChange.ShouldBeFalse();
        await Should.ThrowAsync<ForbiddenException>(() => Corrections(auditor).SetField(id, "total", "1", CancellationToken.None));
        (await Mentions(id)).ShouldAllBe(one => one.State == MentionState.Found);
    }

    [Fact]
    public async Task Findings_FollowRulesAndFields()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await Upload(editor, Text);
        var rules = new ValidationRules(editor.Guard, _bench.Databases, TestDatabases.Dialect, _bench.Queue, TimeProvider.System, Topic());
        (await rules.Save(null, 0, new ValidationRuleForm("needs iban " + id, null, ValidationKind.Required, FieldNames.Iban, null, null, null), CancellationToken.None)).Outcome.ShouldBe(RuleOutcome.Done);
        await Run(new ExtractDocuments(AppDbContextTenant, [id], null, true));

        var finding = (await new ExtractionLibrary(editor.Guard, _bench.Databases).Findings(id, CancellationToken.None)).Single(one => one.Rule.EndsWith(id.ToString(), StringComparison.Ordinal));
        (finding.ReasonKey, (await _bench.Load(id)).Findings).ShouldBe(("FindingRequired", 1));
        await Corrections(editor).SetField(id, FieldNames.Iban, "DE89370400440532013000", CancellationToken.None);
        (await _bench.Load(id)).Findings.ShouldBe(0);

        var view = (await rules.List(CancellationToken.None)).Single(rule => rule.Id == finding.RuleId);
        (await rules.Save(view.Id, view.Version - 1, new ValidationRuleForm(view.Name, null, ValidationKind.Required, "x", null, null, null), CancellationToken.None)).Outcome.ShouldBe(RuleOutcome.Conflict);
        (await rules.Delete(view.Id, CancellationToken.None)).Outcome.ShouldBe(RuleOutcome.Done);
    }

    [Fact]
    public async Task Findings_LongValuesThatEscape_AreShortened()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await Upload(editor, Text);
        var rules = new ValidationRules(editor.Guard, _bench.Databases, TestDatabases.Dialect, _bench.Queue, TimeProvider.System, Topic());
        var name = "pair " + id;
        await rules.Save(null, 0, new ValidationRuleForm(name, null, ValidationKind.CrossField, "a" + id, "=", "b" + id, null), CancellationToken.None);
        await Corrections(editor).SetField(id, "a" + id, string.Concat(Enumerable.Repeat("\ud83d\ude00", 200)), CancellationToken.None);

        (await Corrections(editor).SetField(id, "b" + id, string.Concat(Enumerable.Repeat("\"\u0001", 200)), CancellationToken.None)).ShouldBe(CorrectionResult.Done);

        (await new ExtractionLibrary(editor.Guard, _bench.Databases).Findings(id, CancellationToken.None)).ShouldContain(finding => finding.Rule == name && finding.ReasonKey == "FindingRelation");
        await rules.Delete((await rules.List(CancellationToken.None)).Single(rule => rule.Name == name).Id, CancellationToken.None);
    }

    [Fact]
    public async Task Extract_AfterARuleCame_FindsItInDocumentsReadBefore()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await Upload(editor, "Projekt PRJ-0815 beginnt");
        var rules = Rules(editor);
        var name = "Projekt " + id;

        (await rules.Save(null, 0, new ExtractionRuleForm(name, ExtractionRuleKind.Pattern, @"PRJ-\d+", false, true), CancellationToken.None)).Outcome.ShouldBe(RuleOutcome.Done);
        (await rules.Save(null, 0, new ExtractionRuleForm(name.ToUpperInvariant(), ExtractionRuleKind.Pattern, "x", false, true), CancellationToken.None)).Issues.ShouldHaveSingleItem().Key.ShouldBe("NameTaken");
        (await _bench.Query(db => db.Set<Job>().AnyAsync(job => job.Type == "documents.extract" && job.Subject == name))).ShouldBeTrue();
        await Run(new ExtractDocuments(AppDbContextTenant, [id], null, false));

        (await Fields(id))[name].Value.ShouldBe("PRJ-0815");
        var rule = (await rules.List(CancellationToken.None)).Single(one => one.Name == name);
        await rules.Delete(rule.Id, CancellationToken.None);
        await Run(new ExtractDocuments(AppDbContextTenant, [id], null, false));
        (await Fields(id)).Keys.ShouldNotContain(name);
    }

    [Fact]
    public async Task Extract_CutOff_GoesOnAfterTheLastDocument()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        Guid[] ids = [await Upload(person, "am 01.02.2024"), await Upload(person, "am 02.02.2024"), await Upload(person, "am 03.02.2024")];
        using var cut = new CancellationTokenSource();
        var job = new CursorJob(percent =>
        {
            if (percent is > 30 and < 60) cut.Cancel();
        });
        var before = (await _bench.Load(ids[0])).Version;

        await Should.ThrowAsync<OperationCanceledException>(() => Run(new ExtractDocuments(AppDbContextTenant, ids, null, false), job, cut.Token));
        job.Saved!.Done.ShouldBe(1);
        await Run(new ExtractDocuments(AppDbContextTenant, ids, null, false), job, CancellationToken.None);

        job.Saved.Done.ShouldBe(3);
        (await _bench.Load(ids[0])).Version.ShouldBe(before + 1, "what was done before is not done again");
    }

    [Fact]
    public async Task Rules_WithoutTheRight_AreRefused()
    {
        var (auditor, member) = (await _bench.Person(DocumentsBench.Auditor), await _bench.Person(DocumentsBench.Member));

        await Should.ThrowAsync<ForbiddenException>(() => Rules(member).List(CancellationToken.None));
        await Rules(auditor).List(CancellationToken.None);
        await Should.ThrowAsync<ForbiddenException>(() => Rules(auditor).Save(null, 0, new ExtractionRuleForm("x", ExtractionRuleKind.Pattern, "x", false, false), CancellationToken.None));
        await Should.ThrowAsync<ForbiddenException>(() => new ExtractionQuality(auditor.Guard, _bench.Databases, TimeProvider.System).Measure(CancellationToken.None));
    }

    [Fact]
    public async Task TryOn_DocumentOfSomebodyElseOrWithoutText_SaysSoAlike()
    {
        var (auditor, stranger, owner) = (await _bench.Person(DocumentsBench.Auditor), await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member));
        var unread = await owner.Upload("a.txt", System.Text.Encoding.UTF8.GetBytes("A-1"));
        var form = new ExtractionRuleForm("", ExtractionRuleKind.Pattern, @"A-\d", false, false);

        foreach (var id in new[] { unread, Guid.NewGuid() }) (await Rules(auditor).TryOn(form, id, CancellationToken.None)).Issues.ShouldHaveSingleItem().ShouldSatisfyAllConditions(issue => issue.Field.ShouldBe("document"), issue => issue.Key.ShouldBe("TrialDocumentEmpty"));
        await _bench.Read(unread);
        (await Rules(auditor).TryOn(form, unread, CancellationToken.None)).Found.ShouldHaveSingleItem().Text.ShouldBe("A-1");
        await owner.Service.Delete([unread], CancellationToken.None);
        (await Rules(auditor).TryOn(form, unread, CancellationToken.None)).Issues.ShouldHaveSingleItem().Key.ShouldBe("TrialDocumentEmpty");
        await Should.ThrowAsync<BlazorAdmin.Security.ForbiddenException>(() => Rules(stranger).TryOn(form, unread, CancellationToken.None));
    }

    [Fact]
    public async Task Try_PatternThatRunsOutOfTime_SaysSo()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);

        var trial = await Rules(editor).Try(new ExtractionRuleForm("x", ExtractionRuleKind.Pattern, @"^(?:(\w+)\s?)+\1$", false, false), string.Concat(Enumerable.Repeat("aaaaaaaaaa ", 40)) + "!", CancellationToken.None);
        var good = await Rules(editor).Try(new ExtractionRuleForm("", ExtractionRuleKind.Pattern, @"(a+)+$", false, false), "baa", CancellationToken.None);

        (trial.TimedOut, trial.Found.Count).ShouldBe((true, 0));
        good.Found.ShouldHaveSingleItem().Text.ShouldBe("aa");
    }

    [Fact]
    public async Task Measure_JudgedDocuments_CountsRightWrongAndMissed()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var id = await Upload(editor, Text);
        var dates = (await Mentions(id)).Where(mention => mention.Kind == EntityKinds.Date).ToList();
        await Corrections(editor).Judge(id, dates[0].Id, MentionState.Confirmed, CancellationToken.None);
        await Corrections(editor).Judge(id, dates[1].Id, MentionState.Rejected, CancellationToken.None);
        await Corrections(editor).Add(id, 1, 0, "Gesamtbetrag", EntityKinds.Person, CancellationToken.None);
        await Corrections(editor).SetField(id, FieldNames.Total, "119.00 EUR", CancellationToken.None);
        await Corrections(editor).SetField(id, FieldNames.Invoice, "R-18", CancellationToken.None);
        var judged = await _bench.Query(db => db.Set<EntityMention>().Where(mention => mention.DocumentId == id && mention.State != MentionState.Found).ToListAsync());
        var meter = new ExtractionMeter();
        var said = (await Fields(id)).Values.Where(field => field.ByPerson).ToDictionary(field => field.Name, field => field.Value);

        meter.Add([new EntityPage(1, Text)], [], [.. judged.Select(mention => new JudgedEntity(DocumentExtraction.Entity(mention), mention.State != MentionState.Rejected))], said, CancellationToken.None);
        await new MeasureExtractionHandler(_bench.Databases, TimeProvider.System, Topic()).RunAsync(new MeasureExtraction(AppDbContextTenant), new TestJob(1, null), CancellationToken.None);

        meter.Rows.ShouldBe(
        [
            new MeasuredRow(FieldNames.Invoice, true, 0, 1, 1), new MeasuredRow(FieldNames.Total, true, 1, 0, 0), new MeasuredRow(EntityKinds.Date, false, 1, 1, 0), new MeasuredRow(EntityKinds.Person, false, 0, 0, 1),
        ]);
        var report = (await new ExtractionQuality(editor.Guard, _bench.Databases, TimeProvider.System).Latest(CancellationToken.None))!;
        report.Documents.ShouldBeGreaterThan(0);
        report.Rows.ShouldContain(row => row.Name == EntityKinds.Date && row.Precision < 1);
    }

    private static Guid AppDbContextTenant => BlazorAdmin.Data.AppDbContext.DefaultTenant;

    private static Topic<RulesChanged> Topic() => new("documents.rules", new RecordingBus(), NullLogger<Topic<RulesChanged>>.Instance);

    private ExtractionRules Rules(Person person) => new(person.Guard, _bench.Databases, TestDatabases.Dialect, _bench.Queue, TimeProvider.System, Topic());

    private DocumentCorrections Corrections(Person person) => _bench.Corrections(person);

    private async Task<Guid> Upload(Person person, string text)
    {
        var id = await person.Upload("a.txt", System.Text.Encoding.UTF8.GetBytes(text));
        await _bench.Read(id);
        return id;
    }

    private async Task ReadAgain(Person person, Guid id)
    {
        await person.Service.ReadAgain([id], CancellationToken.None);
        await _bench.Read(id);
    }

    private Task Run(ExtractDocuments arguments) => Run(arguments, new TestJob(1, null), CancellationToken.None);

    private Task Run(ExtractDocuments arguments, JobContext job, CancellationToken cancel) =>
        new ExtractDocumentsHandler(_bench.Databases, new DocumentExtraction(_bench.Node, TimeProvider.System), _bench.Topic).RunAsync(arguments, job, cancel);

    private Task<Dictionary<string, DocumentField>> Fields(Guid id) => _bench.Query(db => db.Set<DocumentField>().AsNoTracking().Where(field => field.DocumentId == id).ToDictionaryAsync(field => field.Name));

    private Task<DateTimeOffset> At(Guid id, string step) => _bench.Query(db => db.Set<DocumentStepRun>().Where(run => run.DocumentId == id && run.Step == step).Select(run => run.StartedAt).SingleAsync());

    private Task<List<EntityMention>> Mentions(Guid id) => _bench.Query(db => db.Set<EntityMention>().AsNoTracking().Where(mention => mention.DocumentId == id).OrderBy(mention => mention.Page).ThenBy(mention => mention.Start).ToListAsync());

    private sealed class CursorJob(Action<double> onProgress) : JobContext
    {
        public ExtractCursor? Saved { get; private set; }

        public override long JobId => 1;

        public override int Attempt => 1;

        public override string IdempotencyKey => "test";

        public override T? Cursor<T>() where T : default => Saved is T saved ? saved : default;

        public override Task SaveCursorAsync<T>(BlazorAdmin.Data.AppDbContext db, T cursor, CancellationToken cancellation)
        {
            Saved = cursor as ExtractCursor;
            return Task.CompletedTask;
        }

        public override void Progress(double percent, string? message = null) => onProgress(percent);

        public override void Log(Microsoft.Extensions.Logging.LogLevel level, string message)
        {
            // Nobody reads it here.
        }
    }
}
