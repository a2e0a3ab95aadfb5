using BlazorAdmin.Data;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Flags;

/// <summary>Who was given what reaches the database in batches, from several nodes, and changes in place.</summary>
public sealed class FlagExposuresTests : IAsyncLifetime
{
    private readonly FlagNodes _nodes = new();

    // Stands: the writers of the nodes work only when a test says so.
    private readonly FakeTime _time = new(DateTimeOffset.UtcNow);

    public Task InitializeAsync() => _nodes.InitializeAsync();

    public Task DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task Ask_ManyPeopleOnTwoNodes_AreWrittenOnceEach()
    {
        var (one, two) = (await _nodes.StartAsync("one", _time), await _nodes.StartAsync("two", _time));
        var flag = (await FlagNodes.CreateAsync(one, "test.many", FlagDefinition.OnOff)).Id!.Value;
        await Eventually.Holds(() => FlagNodes.Decide(one, "test.many", Guid.Empty).IsOn && FlagNodes.Decide(two, "test.many", Guid.Empty).IsOn);
        var people = Enumerable.Range(0, 450).Select(_ => Guid.NewGuid()).ToList();
        var gone = Guid.NewGuid();
        await AddAsync(people);
        foreach (var person in people.Append(gone))
        {
            for (var i = 0; i < 3; i++) FlagNodes.Decide(one, "test.many", person);
            FlagNodes.Decide(two, "test.many", person);
        }

        await Task.WhenAll(Writer(one).WriteAsync(default), Writer(two).WriteAsync(default));

        await using var db = _nodes.Open();
        var rows = await db.Set<FlagExposure>().Where(e => e.FlagId == flag && people.Contains(e.UserId)).ToListAsync();
        rows.Count.ShouldBe(people.Count);
        rows.ShouldAllBe(r => r.Variant == "on" && r.Reason == "default" && r.Version == 1);
        var asked = (await db.Set<Flag>().SingleAsync(f => f.Id == flag)).LastAskedAt.ShouldNotBeNull();
        (asked.Second, asked.Millisecond).ShouldBe((0, 0));
        (await db.Set<FlagExposure>().AnyAsync(e => e.UserId == gone)).ShouldBeFalse("nobody has this id any more");
        (await Writer(one).WriteAsync(default)).ShouldBe(0, "nothing is new");
    }

    [Fact]
    public async Task Ask_GivenSomethingElseLater_ChangesTheRowAndSinceWhen()
    {
        var node = await _nodes.StartAsync("one", _time);
        var flag = (await FlagNodes.CreateAsync(node, "test.turns", FlagDefinition.OnOff)).Id!.Value;
        var person = Guid.NewGuid();
        await AddAsync([person]);
        await Eventually.Holds(() => FlagNodes.Decide(node, "test.turns", person).IsOn);
        await Writer(node).WriteAsync(default);
        await FlagNodes.ManageAsync(node, flags => flags.SwitchAsync([flag], false, "trouble", default));
        await Eventually.Holds(() => !FlagNodes.Decide(node, "test.turns", person).IsOn);
        _time.Advance(TimeSpan.FromMinutes(30));
        FlagNodes.Decide(node, "test.turns", person);
        await Eventually.Holds(async () =>
        {
            await Writer(node).WriteAsync(default);
            await using var db = _nodes.Open();
            var row = await db.Set<FlagExposure>().SingleAsync(e => e.FlagId == flag && e.UserId == person);
            return row is { Variant: "off", Reason: "off", Version: 2 };
        });
        _time.Advance(TimeSpan.FromDays(FlagExposureWriter.KeptDays + 1));
        await Writer(node).CleanAsync(default);
        await using var after = _nodes.Open();
        (await after.Set<FlagExposure>().CountAsync(e => e.FlagId == flag)).ShouldBe(0);
    }

    [Fact]
    public async Task Write_DatabaseIsAway_KeepsWhatWaitsUntilItIsBack()
    {
        var node = await _nodes.StartAsync("one", _time);
        var id = (await FlagNodes.CreateAsync(node, "test.away", FlagDefinition.OnOff)).Id!.Value;
        await Eventually.Holds(() => FlagNodes.Decide(node, "test.away", Guid.Empty).IsOn);
        var (exposures, person, databases) = (new FlagExposures(), Guid.NewGuid(), new Away(node.Services.GetRequiredService<IDbContextFactory<AppDbContext>>()));
        await AddAsync([person]);
        var flag = node.Services.GetRequiredService<FlagStore>().Current.Find(AppDbContext.DefaultTenant, "test.away")!;
        exposures.Note(flag, person, flag.Evaluate(FlagBench.Person(person), 0), _time.GetUtcNow().UtcTicks);
        using var writer = new FlagExposureWriter(
            exposures, node.Services.GetRequiredService<FlagStore>(), databases, TestDatabases.Dialect, node.Services.GetRequiredService<DatabaseState>(), TestFlags.Topic<FlagsChanged>(), _time,
            NullLogger<FlagExposureWriter>.Instance);

        await Should.ThrowAsync<TimeoutException>(() => writer.WriteAsync(default));
        databases.IsBack = true;
        (await writer.WriteAsync(default)).ShouldBe(1);

        await using var db = _nodes.Open();
        (await db.Set<FlagExposure>().SingleAsync(e => e.FlagId == id && e.UserId == person)).Variant.ShouldBe("on");
        (await writer.WriteAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task Decide_ForSomebodyWhoIsLookedAt_IsAnsweredAndNotNoted()
    {
        var node = await _nodes.StartAsync("one", _time);
        await FlagNodes.CreateAsync(node, "test.seen", FlagDefinition.OnOff);
        await Eventually.Holds(() => FlagNodes.Decide(node, "test.seen", Guid.Empty).IsOn);
        var exposures = new FlagExposures();
        var evaluator = new FlagEvaluator(node.Services.GetRequiredService<FlagStore>(), node.Services.GetRequiredService<FlagCatalog>(), exposures, _time);
        var caller = new Caller(Guid.NewGuid(), null, "Grace", AppDbContext.DefaultTenant, null, []) { ImpersonatorId = Guid.NewGuid() };

        evaluator.Decide(FlagPerson.Of(caller), "test.seen").IsOn.ShouldBeTrue();
        exposures.Queue.Count.ShouldBe(0);
        evaluator.Decide(FlagPerson.Of(caller with { ImpersonatorId = null }), "test.seen");
        exposures.Queue.Count.ShouldBe(1);
    }

    [Fact]
    public void Note_QueueIsFull_CountsAndTakesTheAnswerLater()
    {
        var (exposures, flag) = (new FlagExposures(), FlagBench.Compile(FlagDefinition.OnOff));
        var decision = flag.Evaluate(FlagBench.Person(null), 0);
        for (var i = 0; i < FlagExposures.Capacity + 5; i++) exposures.Note(flag, new Guid(i, 0, 0, new byte[8]), decision, 0);
        exposures.Dropped.ShouldBe(5);
        exposures.Queue.TryRead(out _).ShouldBeTrue();

        exposures.Note(flag, new Guid(FlagExposures.Capacity + 4, 0, 0, new byte[8]), decision, 0);

        (exposures.Dropped, exposures.Queue.Count).ShouldBe((5, FlagExposures.Capacity));
    }

    [Fact]
    public async Task Ask_UnknownKey_IsOffAndNamedOnce()
    {
        var node = await _nodes.StartAsync("one", _time);

        FlagNodes.Decide(node, "no.such").ShouldBe(new FlagDecision("off", null, false, FlagReason.Unknown, 0));
        FlagNodes.Decide(node, "no.such");
        FlagNodes.Decide(node, "declared.on");

        node.Services.GetRequiredService<FlagStore>().Unknown.ShouldBe(["no.such"]);
    }

    private async Task AddAsync(IEnumerable<Guid> people)
    {
        await using var db = _nodes.Open();
        db.AddRange(people.Select(id => new User { Id = id, TenantId = AppDbContext.DefaultTenant, DisplayName = "P", UserName = $"{id}", NormalizedUserName = $"{id}", Email = $"{id}", NormalizedEmail = $"{id}", CreatedAt = DateTimeOffset.UtcNow }));
        using (BlazorAdmin.Features.Audit.AuditScope.EngineOwn()) await db.SaveChangesAsync();
    }

    private static FlagExposureWriter Writer(Microsoft.AspNetCore.Builder.WebApplication node) => node.Services.GetRequiredService<FlagExposureWriter>();

    private sealed class Away(IDbContextFactory<AppDbContext> databases) : IDbContextFactory<AppDbContext>
    {
        public bool IsBack { get; set; }

        public AppDbContext CreateDbContext() => IsBack ? databases.CreateDbContext() : throw new TimeoutException();
    }
}
