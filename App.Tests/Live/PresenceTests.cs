using BlazorAdmin.Features.Users;
using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Notifications;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Live;

public sealed class PresenceTests : IAsyncLifetime
{
    private readonly FakeTime _time = new(DateTimeOffset.UtcNow);
    private TestDatabase _database = null!;
    private Office _office = null!;
    private Caller _anna = null!;
    private Caller _reader = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _office = new Office(_database.ConnectionString);
        _anna = await _office.AddPersonAsync("Anna");
        _reader = (await _office.AddPersonAsync("Rita")) with { Permissions = new[] { PresencePermissions.Read }.ToFrozenSet() };
    }

    public async Task DisposeAsync()
    {
        _office.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Read_OpenMoveCloseOnTwoNodes_ShowsWhoIsThereNow()
    {
        var one = Node("one");
        var two = Node("two");
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        Open(one, first, "/admin/jobs");
        await one.StoreAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        Open(two, second, "/");
        await two.StoreAsync();
        var anna = (await ReadAsync()).ShouldHaveSingleItem();
        (anna.Name, anna.Pages, anna.Page).ShouldBe(("Anna", 2, "/"));
        anna.Nodes.ShouldBe(["one", "two"]);
        one.Tracker.Move(first, "/documents");
        one.Tracker.SetConnected(first, false);
        two.Tracker.Close(second);
        await one.StoreAsync();
        await two.StoreAsync();
        anna = (await ReadAsync()).ShouldHaveSingleItem();
        (anna.Pages, anna.Page, anna.IsConnected).ShouldBe((1, "/documents", false));
        one.Tracker.Close(first);
        await one.StoreAsync();
        (await ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Store_NothingChanged_WritesNothing()
    {
        var node = Node("quiet");
        var id = Guid.NewGuid();
        Open(node, id, "/");
        (await node.StoreAsync()).ShouldBeTrue();
        node.Tracker.Move(id, "/");
        (await node.StoreAsync()).ShouldBeFalse();
        var brief = Guid.NewGuid();
        Open(node, brief, "/");
        node.Tracker.Close(brief);
        (await node.StoreAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Read_NodeWithoutHeartbeat_IsIgnoredAndSweptByAnother()
    {
        var dead = Node("dead");
        Open(dead, Guid.NewGuid(), "/");
        await dead.StoreAsync();
        _time.Advance(PresenceService.DeadAfter + TimeSpan.FromSeconds(1));
        (await ReadAsync()).ShouldBeEmpty();
        var alive = Node("alive");
        await alive.Service.BeatAsync(CancellationToken.None);
        await alive.Service.SweepAsync(CancellationToken.None);
        await using var db = _office.Databases.CreateDbContext();
        (await db.Set<CircuitPresence>().CountAsync()).ShouldBe(0);
        (await db.Set<LiveNode>().Select(n => n.Name).ToListAsync()).ShouldBe(["alive"]);
    }

    [Fact]
    public async Task Sweep_NodeStartedAgain_RemovesWhatItLeftBefore()
    {
        var before = Node("same");
        Open(before, Guid.NewGuid(), "/");
        await before.StoreAsync();
        var after = Node("same");
        await after.Service.BeatAsync(CancellationToken.None);
        await after.Service.SweepAsync(CancellationToken.None);
        (await ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_WithoutPermission_IsRefused() =>
        await Should.ThrowAsync<ForbiddenException>(() => new Presence(_office.Databases, new Guard(_office.Current(_anna), _office.Databases), new SetOptions<PrivacyOptions>(new PrivacyOptions()), _time).ReadAsync());

    [Fact]
    public async Task Service_RunsAndStops_StoresRecoversFromASweepAndRemovesItsRows()
    {
        var node = Node("running", TimeProvider.System);
        node.State.SetReady();
        await node.Service.StartAsync(CancellationToken.None);
        var id = Guid.NewGuid();
        Open(node, id, "/");
        await Eventually.Holds(async () => (await ReadAsync(TimeProvider.System)).Count == 1);
        await using (var db = _office.Databases.CreateDbContext())
        {
            await db.Set<CircuitPresence>().ExecuteDeleteAsync();
            await db.Set<LiveNode>().ExecuteDeleteAsync();
        }

        node.Tracker.Move(id, "/documents");
        await Eventually.Holds(async () => (await ReadAsync(TimeProvider.System)).Any(p => p.Page == "/documents"));
        await node.Service.StopAsync(CancellationToken.None);
        await using var after = _office.Databases.CreateDbContext();
        (await after.Set<CircuitPresence>().AnyAsync()).ShouldBeFalse();
        (await after.Set<LiveNode>().AnyAsync()).ShouldBeFalse();
    }

    private void Open(PresenceNode node, Guid id, string page) => node.Tracker.Open(id, _anna.TenantId, _anna.PersonId, _anna.SessionId, page);

    private async Task<IReadOnlyList<PresentPerson>> ReadAsync(TimeProvider? time = null) =>
        await new Presence(_office.Databases, new Guard(_office.Current(_reader), _office.Databases), new SetOptions<PrivacyOptions>(new PrivacyOptions()), time ?? _time).ReadAsync();

    private PresenceNode Node(string name, TimeProvider? time = null)
    {
        var clock = time ?? _time;
        var info = new NodeInfo(name, Guid.NewGuid(), clock.GetUtcNow());
        var tracker = new PresenceTracker(info, clock);
        var state = new DatabaseState();
        var topic = new Topic<PresenceChanged>("presence", new RecordingBus(), NullLogger<Topic<PresenceChanged>>.Instance);
        return new PresenceNode(tracker, new PresenceService(tracker, _office.Databases, state, info, topic, clock, NullLogger<PresenceService>.Instance), state);
    }

    private sealed record PresenceNode(PresenceTracker Tracker, PresenceService Service, DatabaseState State)
    {
        public async Task<bool> StoreAsync()
        {
            await Service.BeatAsync(CancellationToken.None);
            return await Service.StoreAsync(CancellationToken.None);
        }
    }
}
