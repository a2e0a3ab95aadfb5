using BlazorAdmin.Data;
using BlazorAdmin.Live;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace BlazorAdmin.Tests.Live;

/// <summary>Two processes on one database, by both ways that messages travel.</summary>
public sealed class NodeBusTests(DatabaseFixture postgres) : IClassFixture<DatabaseFixture>
{
    [Theory]
    [PostgresData(false)]
    [InlineData(true)]
    public async Task Publish_TwoNodes_EachHearsTheOtherAndItselfOnce(bool outbox)
    {
        await using var one = await TestNode.StartAsync(postgres.ConnectionString, outbox, "one");
        await using var two = await TestNode.StartAsync(postgres.ConnectionString, outbox, "two");
        one.Topic.Publish(new Changed(1, "Grüße"));
        two.Topic.Publish(new Changed(2));
        await Eventually.Holds(() => one.Received.Count == 2 && two.Received.Count == 2);
        one.Received.ShouldBe([new Changed(1, "Grüße"), new Changed(2)], ignoreOrder: true);
        two.Received.ShouldBe([new Changed(1, "Grüße"), new Changed(2)], ignoreOrder: true);
        // A later round trip shows that nothing came twice in between.
        one.Topic.Publish(new Changed(3));
        await Eventually.Holds(() => two.Received.Contains(new Changed(3)));
        one.Received.Count.ShouldBe(3);
        two.Received.Count.ShouldBe(3);
    }

    [Theory]
    [PostgresData(false)]
    [InlineData(true)]
    public async Task Publish_ManyMessages_ArriveCompleteAndInOrder(bool outbox)
    {
        await using var one = await TestNode.StartAsync(postgres.ConnectionString, outbox, "one");
        await using var two = await TestNode.StartAsync(postgres.ConnectionString, outbox, "two");
        for (var i = 0; i < 3_000; i++) one.Topic.Publish(new Changed(i, "some text that fills the payload a little"));
        await Eventually.Holds(() => two.Received.Count >= 3_000);
        two.Received.Select(m => m.Id).ShouldBe(Enumerable.Range(0, 3_000).Select(i => (long)i));
        one.Bus.Dropped.ShouldBe(0);
        one.Bus.Sent.ShouldBe(3_000);
    }

    [Theory]
    [PostgresData(false)]
    [InlineData(true)]
    public async Task Send_UnknownTopicAndTooLongMessage_OnlyTheRestArrivesAndTheGapIsTold(bool outbox)
    {
        await using var one = await TestNode.StartAsync(postgres.ConnectionString, outbox, "one");
        await using var two = await TestNode.StartAsync(postgres.ConnectionString, outbox, "two");
        var gaps = two.Gaps;
        one.Bus.Send("topic.of.a.later.version", new { a = 1 });
        one.Topic.Publish(new Changed(1, new string('x', 8_000)));
        one.Topic.Publish(new Changed(2));
        await Eventually.Holds(() => two.Received.Contains(new Changed(2)));
        two.Received.ShouldHaveSingleItem();
        one.Bus.Dropped.ShouldBe(1);
        two.Gaps.ShouldBe(gaps + 1);
    }

    [PostgresFact]
    public async Task Listen_BackendKilled_ReconnectsTellsTheGapAndHearsAgain()
    {
        await using var one = await TestNode.StartAsync(postgres.ConnectionString, outbox: false, "kill-one");
        await using var two = await TestNode.StartAsync(postgres.ConnectionString, outbox: false, "kill-two");
        one.Topic.Publish(new Changed(1));
        await Eventually.Holds(() => two.Received.Contains(new Changed(1)));
        var gaps = two.Gaps;
        (await KillAsync("BlazorAdmin live kill-%")).ShouldBeGreaterThanOrEqualTo(3);
        await Eventually.Holds(() => two.Gaps > gaps && two.Bus.IsConnected);
        one.Topic.Publish(new Changed(2));
        await Eventually.Holds(() => two.Received.Contains(new Changed(2)));
    }

    [PostgresFact]
    public async Task Connections_OfOneProcess_AreOneListenerAndNoMoreThanTwoSenders()
    {
        await using var one = await TestNode.StartAsync(postgres.ConnectionString, outbox: false, "count");
        for (var i = 0; i < 500; i++) one.Topic.Publish(new Changed(i));
        await Eventually.Holds(() => one.Bus.Sent == 500);
        (await ScalarAsync("select count(*) from pg_stat_activity where application_name = 'BlazorAdmin live count' and query ilike 'listen%' or application_name = 'BlazorAdmin live count' and query = 'select 1'")).ShouldBe(1);
        (await ScalarAsync("select count(*) from pg_stat_activity where application_name = 'BlazorAdmin live count'")).ShouldBeLessThanOrEqualTo(3);
    }

    [PostgresFact]
    public async Task Send_BeforeTheDatabaseIsReady_ArrivesLater()
    {
        await using var listening = await TestNode.StartAsync(postgres.ConnectionString, outbox: false, "early-one");
        await using var early = TestNode.NotStarted(postgres.ConnectionString, "early-two");
        await early.Bus.StartAsync(CancellationToken.None);
        early.Topic.Publish(new Changed(7));
        early.Bus.IsConnected.ShouldBeFalse();
        early.State.SetReady();
        await Eventually.Holds(() => listening.Received.Contains(new Changed(7)));
    }

    [Theory]
    [PostgresData(false)]
    [InlineData(true)]
    public async Task StopAsync_MessagesInTheQueue_LeaveFirst(bool outbox)
    {
        await using var listening = await TestNode.StartAsync(postgres.ConnectionString, outbox, "stop-one");
        await using (var stopping = await TestNode.StartAsync(postgres.ConnectionString, outbox, "stop-two"))
            for (var i = 0; i < 50; i++)
                stopping.Topic.Publish(new Changed(i));
        await Eventually.Holds(() => listening.Received.Count == 50);
    }

    [Fact]
    public async Task Send_NobodyTakesMessages_DropsTheOldestAndCounts()
    {
        await using var node = TestNode.NotStarted(postgres.ConnectionString, "full");
        for (var i = 0; i < 10_005; i++) node.Topic.Publish(new Changed(i));
        node.Bus.Dropped.ShouldBe(5);
    }

    [PostgresFact]
    public async Task Health_ConnectedOrNot_IsHealthyOrDegraded()
    {
        await using var node = TestNode.NotStarted(postgres.ConnectionString, "health");
        var check = new LiveHealthCheck(node.Bus);
        (await check.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Degraded);
        await using var connected = await TestNode.StartAsync(postgres.ConnectionString, outbox: false, "health-2");
        (await new LiveHealthCheck(connected.Bus).CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Outbox_OldRows_AreDeleted()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var db = new TestDatabases(database.ConnectionString).CreateDbContext())
        {
            db.AddRange(
                new NodeMessage { Payload = "{}", At = DateTimeOffset.UtcNow.AddHours(-1) },
                new NodeMessage { Payload = "{}", At = DateTimeOffset.UtcNow });
            await db.SaveChangesAsync();
        }

        await using var node = await TestNode.StartAsync(database.ConnectionString, outbox: true, "clean");
        await Eventually.Holds(async () =>
        {
            await using var db = new TestDatabases(database.ConnectionString).CreateDbContext();
            return await db.Set<NodeMessage>().CountAsync() == 1;
        });
    }

    private Task<long> KillAsync(string applications) => ScalarAsync($"select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like '{applications}'");

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync() ?? 0L);
    }
}
