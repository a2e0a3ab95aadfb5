using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Documents.Duplicates;

public sealed class DuplicatesTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Of_IdenticalAndNearlyIdentical_AreFoundWithTheirSimilarity()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var words = Words(1);
        var first = await Read(person, "first.txt", words);
        var same = await Read(person, "same.txt", words);
        var near = await Read(person, "near.txt", words + " and three more");
        await Read(person, "other.txt", Words(2));

        var group = (await Finder(person).Of(first, CancellationToken.None))!;

        group.Similar.Select(s => s.Id).ShouldBe([same, near]);
        (group.Similar[0].Exact, group.Similar[0].Similarity).ShouldBe((true, 1));
        group.Similar[1].Exact.ShouldBeFalse();
        group.Similar[1].Similarity.ShouldBeInRange(DuplicateFinder.Least, 1);
        group.MayChange.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_DocumentOfSomebodyElse_NeitherShowsNorCounts()
    {
        var (person, other, auditor) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Auditor));
        var words = Words(3);
        var foreign = await Read(other, "secret.txt", words);
        await Read(other, "secret near.txt", words + " more");
        var mine = await Read(person, "mine.txt", words);

        (await Finder(person).Of(mine, CancellationToken.None))!.Similar.ShouldBeEmpty();
        (await Finder(person).Open(null, 20, CancellationToken.None)).Groups.ShouldBeEmpty();
        (await Finder(person).Of(foreign, CancellationToken.None)).ShouldBeNull();
        (await Commands(person).Keep(mine, foreign, CancellationToken.None)).ShouldBe(DuplicateResult.NotFound);
        (await Commands(person).Join(mine, foreign, CancellationToken.None)).Result.ShouldBe(DuplicateResult.NotFound);
        var seen = (await Finder(auditor).Of(mine, CancellationToken.None))!;
        seen.Similar.Count.ShouldBe(2);
        seen.MayChange.ShouldBeFalse();
        seen.Similar.ShouldAllBe(s => !s.MayChange);
    }

    [Fact]
    public async Task Keep_ThenUnkeep_HidesAndShowsThePair()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var (first, second) = (await Read(person, "a.txt", Words(4)), await Read(person, "b.txt", Words(4)));
        (await Finder(person).Open(null, 20, CancellationToken.None)).Groups.ShouldHaveSingleItem().Id.ShouldBe(second);

        (await Commands(person).Keep(second, first, CancellationToken.None)).ShouldBe(DuplicateResult.Done);

        (await Finder(person).Of(first, CancellationToken.None))!.Similar.ShouldBeEmpty();
        (await Finder(person).Open(null, 20, CancellationToken.None)).Groups.ShouldBeEmpty();
        (await Audited("documents.keep_duplicate", second)).ShouldBe(1);
        await Commands(person).Unkeep(second, first, CancellationToken.None);
        (await Finder(person).Of(first, CancellationToken.None))!.Similar.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Open_ManyPairs_ArePagedWithoutLossOrRepetition()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        for (var i = 0; i < 3; i++)
        {
            await person.Upload($"{i} a.txt", Zips.Bytes("same " + i));
            await person.Upload($"{i} b.txt", Zips.Bytes("same " + i));
        }
        var seen = new List<string>();
        Guid? after = null;
        do
        {
            var page = await Finder(person).Open(after, 1, CancellationToken.None);
            seen.AddRange(page.Groups.Select(g => g.Name));
            after = page.Next;
        }
        while (after is not null);

        seen.ShouldBe(["2 b.txt", "1 b.txt", "0 b.txt"]);
    }

    [Fact]
    public async Task Join_ThenSplit_MakesAVersionAndTakesItBack()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var (first, second) = (await Read(person, "a.txt", Words(5)), await Read(person, "b.txt", Words(5) + " more"));

        (await Commands(person).Join(second, first, CancellationToken.None)).Result.ShouldBe(DuplicateResult.Done);

        var (a, b) = (await _bench.Load(first), await _bench.Load(second));
        (a.IsLatest, a.Edition, b.IsLatest, b.Edition, b.SeriesId).ShouldBe((false, 1, true, 2, first));
        (await Names(person)).ShouldBe(["b.txt"]);
        (await Finder(person).Of(second, CancellationToken.None))!.Similar.ShouldBeEmpty();
        (await Commands(person).Join(second, first, CancellationToken.None)).Result.ShouldBe(DuplicateResult.SameSeries);
        (await Audited("documents.join_series", second)).ShouldBe(1);
        var versions = await Versions(person).Of(first, CancellationToken.None);
        versions.Select(v => (v.Edition, v.IsLatest, v.IsFirst)).ShouldBe([(2, true, false), (1, false, true)]);
        (await Versions(person).Compare(first, second, CancellationToken.None))!.Lines.Count(l => l.Kind != BlazorAdmin.Features.Mail.DiffKind.Same).ShouldBe(2);

        (await Commands(person).Split(second, andLater: true, CancellationToken.None)).ShouldBe(DuplicateResult.Done);

        (a, b) = (await _bench.Load(first), await _bench.Load(second));
        (a.IsLatest, b.IsLatest, b.SeriesId, b.Edition).ShouldBe((true, true, second, 1));
        (await Commands(person).Split(second, andLater: true, CancellationToken.None)).ShouldBe(DuplicateResult.NotFound);
    }

    [Fact]
    public async Task Join_WithADeletedVersion_LetsItBeErased()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var (first, second, third) = (await Read(person, "a.txt", Words(11)), await Read(person, "b.txt", Words(11)), await Read(person, "c.txt", Words(11)));
        await Commands(person).Join(second, first, CancellationToken.None);
        await person.Service.Delete([first], CancellationToken.None);
        await Commands(person).Join(second, third, CancellationToken.None);
        await Commands(person).Split(second, andLater: true, CancellationToken.None);
        await Versions(person).MakeLatest(second, CancellationToken.None);
        var job = await _bench.Query(db => db.Set<BlazorAdmin.Features.Jobs.Job>().SingleAsync(j => j.Type == "documents.erase" && j.Arguments.Contains(first.ToString())));

        await new EraseDocumentHandler(_bench.Databases, TimeProvider.System, _bench.Erased).RunAsync(
            System.Text.Json.JsonSerializer.Deserialize<EraseDocument>(job.Arguments, System.Text.Json.JsonSerializerOptions.Web)!, new TestJob(1, null, id: job.Id), CancellationToken.None);

        (await _bench.Query(db => db.Set<Document>().AnyAsync(d => d.Id == first))).ShouldBeFalse();
    }

    [Fact]
    public async Task JoinTakenBack_EverythingStandsAsBefore()
    {
        var editor = await _bench.Person(DocumentsBench.Editor);
        var (a1, a2, other, child) = (await Read(editor, "a1.txt", Words(12)), await Read(editor, "a2.txt", Words(12)), await Read(editor, "b.txt", Words(13)), await Read(editor, "child.txt", Words(14)));
        await Commands(editor).Join(a2, a1, CancellationToken.None);
        await Attach(child, a2);
        var (former, target) = (await Collection(), await Collection(retention: 1));
        foreach (var id in new[] { a1, a2, child }) await Put(id, former);
        await Put(other, target);

        var joined = await Commands(editor).Join(a2, other, CancellationToken.None);
        foreach (var id in new[] { a1, a2, child }) (await _bench.Load(id)).CollectionId.ShouldBe(target);
        (await _bench.Load(a2)).KeepUntil.ShouldNotBeNull("the rule of the collection would take it at once");
        // By a reading, meanwhile.
        var late = await Read(editor, "late.txt", Words(15));
        await Attach(late, a2);
        await Put(late, target);

        (await Commands(editor).TakeBack(joined.Undo!, CancellationToken.None)).ShouldBe(DuplicateResult.Done);

        var (first, second) = (await _bench.Load(a1), await _bench.Load(a2));
        (first.SeriesId, first.Edition, first.IsLatest, first.CollectionId, first.KeepUntil).ShouldBe((a1, 1, false, former, null));
        (second.SeriesId, second.Edition, second.IsLatest, second.CollectionId, second.KeepUntil).ShouldBe((a1, 2, true, former, null));
        foreach (var id in new[] { child, late }) (await _bench.Load(id)).CollectionId.ShouldBe(former);
        var alone = await _bench.Load(other);
        (alone.IsLatest, alone.Edition, alone.CollectionId).ShouldBe((true, 1, target));
        (await Audited("documents.join_undo", a2)).ShouldBe(1);
        (await Commands(editor).TakeBack(joined.Undo!, CancellationToken.None)).ShouldBe(DuplicateResult.NotFound);
    }

    [Fact]
    public async Task JoinTakenBack_SomebodyChangedItSince_IsNotDone()
    {
        var (person, stranger) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member));
        var (a1, a2, other) = (await Read(person, "a1.txt", Words(16)), await Read(person, "a2.txt", Words(16)), await Read(person, "b.txt", Words(17)));
        await Commands(person).Join(a2, a1, CancellationToken.None);
        var joined = await Commands(person).Join(a2, other, CancellationToken.None);
        (await Commands(stranger).TakeBack(joined.Undo!, CancellationToken.None)).ShouldBe(DuplicateResult.NotFound);
        await Versions(person).MakeLatest(a1, CancellationToken.None);

        (await Commands(person).TakeBack(joined.Undo!, CancellationToken.None)).ShouldBe(DuplicateResult.NotFound);

        foreach (var id in new[] { a1, a2 }) (await _bench.Load(id)).SeriesId.ShouldBe(other);
    }

    [Fact]
    public async Task Delete_OfAMail_MakesTheVersionBeforeItsAttachmentTheLatest()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var (mail, attachment, ordinary) = (await Read(person, "mail.txt", Words(18)), await Read(person, "a.txt", Words(19)), await Read(person, "b.txt", Words(19)));
        await Attach(attachment, mail);
        await Commands(person).Join(attachment, ordinary, CancellationToken.None);

        await person.Service.Delete([mail], CancellationToken.None);

        (await Names(person)).ShouldBe(["b.txt"]);
    }

    [Fact]
    public async Task Delete_OfTheLatest_MakesTheOneBeforeItTheLatest()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var (first, second) = (await Read(person, "a.txt", Words(6)), await Read(person, "b.txt", Words(6) + " more"));
        await Commands(person).Join(second, first, CancellationToken.None);

        await person.Service.Delete([second], CancellationToken.None);
        (await _bench.Load(first)).IsLatest.ShouldBeTrue();
        (await Names(person)).ShouldBe(["a.txt"]);

        await person.Service.Restore([second], CancellationToken.None);
        (await _bench.Load(first)).IsLatest.ShouldBeFalse();
        (await Names(person)).ShouldBe(["b.txt"]);

        (await Versions(person).MakeLatest(first, CancellationToken.None)).ShouldBe(DuplicateResult.Done);
        var again = await _bench.Load(first);
        (again.IsLatest, again.Edition, (await _bench.Load(second)).IsLatest).ShouldBe((true, 3, false));
    }

    [Fact]
    public async Task Join_ToADocumentThatMayOnlyBeRead_IsRefused()
    {
        var (reader, owner) = (await _bench.Person(DocumentsPermissions.Own, DocumentsPermissions.Read), await _bench.Person(DocumentsBench.Member));
        var theirs = await Read(owner, "a.txt", Words(7));
        var mine = await Read(reader, "b.txt", Words(7));
        (await Finder(reader).Of(mine, CancellationToken.None))!.Similar.ShouldHaveSingleItem().MayChange.ShouldBeFalse();

        (await Commands(reader).Join(mine, theirs, CancellationToken.None)).Result.ShouldBe(DuplicateResult.NotFound);
        (await Commands(reader).Join(theirs, mine, CancellationToken.None)).Result.ShouldBe(DuplicateResult.NotFound);
        (await Versions(reader).MakeLatest(theirs, CancellationToken.None)).ShouldBe(DuplicateResult.NotFound);
    }

    [Fact]
    public async Task JoinSeries_TwoAtOnce_GetNumbersOfTheirOwn()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var first = await Read(person, "a.txt", Words(8));

        var added = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Add(person, first, $"v{i}.txt")));

        var all = await _bench.Query(db => db.Set<Document>().AsNoTracking().Where(d => d.SeriesId == first).OrderBy(d => d.Edition).ToListAsync());
        all.Select(d => d.Edition).ShouldBe([1, 2, 3, 4, 5]);
        all.Where(d => d.IsLatest).ShouldHaveSingleItem().Edition.ShouldBe(5);
        added.ShouldAllBe(id => all.Any(d => d.Id == id));
    }

    [Fact]
    public async Task JoinSeries_OfSomebodyElse_IsRefused()
    {
        var (person, other) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member));
        var theirs = await Read(other, "a.txt", Words(9));

        await Should.ThrowAsync<DocumentSeriesException>(() => Add(person, theirs, "mine.txt"));

        (await _bench.Load(theirs)).IsLatest.ShouldBeTrue();
    }

    [Fact]
    public async Task Join_OfTwoPeopleAtOnce_LeavesOneLatest()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var (first, second, third) = (await Read(person, "a.txt", Words(10)), await Read(person, "b.txt", Words(10)), await Read(person, "c.txt", Words(10)));

        await Task.WhenAll(Commands(person).Join(second, first, CancellationToken.None), Commands(person).Join(third, first, CancellationToken.None));

        var all = await _bench.Query(db => db.Set<Document>().AsNoTracking().Where(d => d.SeriesId == first).ToListAsync());
        all.Select(d => d.Edition).Order().ShouldBe([1, 2, 3]);
        all.Count(d => d.IsLatest).ShouldBe(1);
    }

    private async Task<Guid> Add(Person person, Guid series, string name)
    {
        var caller = (await person.Caller.GetAsync(CancellationToken.None))!;
        await using var db = _bench.Databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var id = Guid.CreateVersion7();
        var document = new Document { Id = id, SeriesId = id, TenantId = caller.TenantId, OwnerId = person.Id, Node = "test", Name = name, Sha256 = new string('0', 64), CreatedAt = DateTimeOffset.UtcNow, Version = 1 };
        await DocumentVersions.JoinSeries(db, caller, document, series, CancellationToken.None);
        db.Add(document);
        db.Audit(caller, "documents.upload", "document", id, name);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return id;
    }

    private async Task<Guid> Read(Person person, string name, string text)
    {
        var id = await person.Upload(name, Zips.Bytes(text));
        await _bench.Read(id);
        return id;
    }

    private Task Attach(Guid id, Guid parent) => _bench.Query(db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.ParentId, parent).SetProperty(d => d.ParentPart, 1)));

    private Task Put(Guid id, Guid collection) =>
        _bench.Query(db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.CollectionId, collection).SetProperty(d => d.CreatedAt, DateTimeOffset.UtcNow.AddDays(-30))));

    private async Task<Guid> Collection(int? retention = null)
    {
        var admin = await _bench.Person(DocumentsPermissions.ManageCollections, DocumentsPermissions.Read);
        return (await admin.Collections.Save(new CollectionDraft(null, 0, "C " + Guid.NewGuid(), null, false, null, retention, []), CancellationToken.None)).Id!.Value;
    }

    private static async Task<IReadOnlyList<string>> Names(Person person) =>
        [.. (await person.Library.List(DocumentScope.Own, DocumentLists.Defaults, CancellationToken.None)).Rows.Select(r => r.Name)];

    private Task<int> Audited(string action, Guid id) => _bench.Query(db => db.Set<AuditEntry>().CountAsync(e => e.Action == action && e.SubjectId == id.ToString()));

    private static string Words(int seed)
    {
        var random = new Random(seed);
        return string.Join(' ', Enumerable.Range(0, 200).Select(_ => "word" + random.Next(10_000)));
    }

    private DuplicateFinder Finder(Person person) => new(person.Guard, _bench.Databases);

    private DuplicateCommands Commands(Person person) => new(person.Guard, _bench.Databases, TimeProvider.System, _bench.Topic);

    private DocumentVersions Versions(Person person) => new(person.Guard, _bench.Databases, TimeProvider.System, _bench.Topic);
}
