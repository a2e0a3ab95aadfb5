using BlazorAdmin.Features.Monitor.Application;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Monitor.Application;

public sealed class SlowCommandsTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private readonly FakeTime _time = new();

    [Fact]
    public void List_SameTextTwice_IsOneEntryWithTheLongest()
    {
        var commands = new SlowCommands(_time);
        commands.Add("SELECT 1", TimeSpan.FromMilliseconds(20), failed: false);
        _time.Advance(TimeSpan.FromMinutes(6));
        commands.Add("SELECT 1", TimeSpan.FromMilliseconds(50), failed: true);
        commands.Add("SELECT 2", TimeSpan.FromMilliseconds(30), failed: false);
        commands.Add("SELECT 3", TimeSpan.FromMilliseconds(9), failed: false);
        commands.List().Select(command => (command.Text, command.Longest.TotalMilliseconds, command.Runs, command.Failed))
            .ShouldBe([("SELECT 1", 50d, 2, true), ("SELECT 2", 30d, 1, false)]);
    }

    [Fact]
    public void List_AnHourLater_IsEmpty()
    {
        var commands = new SlowCommands(_time);
        commands.Add("SELECT 1", TimeSpan.FromMilliseconds(20), failed: false);
        _time.Advance(TimeSpan.FromMinutes(54));
        commands.List().ShouldHaveSingleItem();
        _time.Advance(TimeSpan.FromMinutes(7));
        commands.List().ShouldBeEmpty();
    }

    [Fact]
    public void Add_MoreTextsThanFit_KeepsTheSlowest()
    {
        var commands = new SlowCommands(_time);
        for (var i = 0; i < 1000; i++) commands.Add($"SELECT {i}", TimeSpan.FromMilliseconds(10 + i * 7 % 1000), failed: false);
        var list = commands.List();
        list.Count.ShouldBe(50);
        list[0].Longest.TotalMilliseconds.ShouldBe(1009);
        list[^1].Longest.TotalMilliseconds.ShouldBe(960);
    }

    [Fact]
    public void Add_LongText_IsCut()
    {
        var commands = new SlowCommands(_time);
        commands.Add(new string('x', 100_000), TimeSpan.FromSeconds(1), failed: false);
        commands.List()[0].Text.Length.ShouldBe(SlowCommands.LongestText + 1);
    }

    [PostgresFact]
    public async Task Interceptor_SlowAndFailedCommands_AreKeptWithoutTheirValues()
    {
        var commands = new SlowCommands(TimeProvider.System);
        using var metrics = new ApplicationMetrics(new FixedOptions(), TimeProvider.System, NullLogger<ApplicationMetrics>.Instance);
        var databases = new TestDatabases(database.ConnectionString, new CommandInterceptor(commands, metrics));
        await using var db = databases.CreateDbContext();
        var secret = "hidden-value";
        await db.Database.ExecuteSqlAsync($"SELECT pg_sleep(0.02), {secret}::text");
        await Should.ThrowAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("SELECT pg_sleep(0.02), 1 / (random() * 0)::int"));

        var list = commands.List();
        list.ShouldContain(command => command.Text.Contains("pg_sleep", StringComparison.Ordinal) && !command.Failed && command.Longest >= TimeSpan.FromMilliseconds(20));
        list.ShouldContain(command => command.Failed);
        list.ShouldAllBe(command => !command.Text.Contains(secret, StringComparison.Ordinal));
        // This driver has a meter of its own, but nobody listens here: commands are timed where they are sent.
        metrics.Collect(1);
        metrics.Slots.Single(slot => slot.Metrics[0].Key == "app.db.commands.rate").IsPublished.ShouldBeTrue();
    }

    [PostgresFact]
    public async Task Driver_WithAMeter_IsTimedOnce()
    {
        using var metrics = new ApplicationMetrics(new FixedOptions(), TimeProvider.System, NullLogger<ApplicationMetrics>.Instance);
        metrics.Listen();
        metrics.Collect(0);
        var databases = new TestDatabases(database.ConnectionString, new CommandInterceptor(new SlowCommands(TimeProvider.System), metrics));
        await using var db = databases.CreateDbContext();
        for (var i = 0; i < 20; i++) await db.Database.ExecuteSqlRawAsync("SELECT pg_sleep(0.05)");
        metrics.Collect(1);
        var slot = metrics.Slots.Single(one => one.Metrics[0].Key == "app.db.commands.rate");
        metrics.Values[slot.Offset].ShouldBeGreaterThanOrEqualTo(20);
        metrics.Values[slot.Offset + 2].ShouldBeGreaterThan(45_000);
    }
}
