using System.Data.Common;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Schedules;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs.Schedules;

/// <summary>Nodes whose database has the clock of the test: an hour passes when the test says so.</summary>
internal static class VirtualNode
{
    public static TestNode Create(string connectionString, FakeTime time, string name = "node", TestBus? bus = null, TimeProvider? ownClock = null, TestWork? work = null, params JobSchedule[] schedules) =>
        new(connectionString, name, work, bus, more: services =>
        {
            services.AddSingleton<IDatabaseDialect>(new VirtualDialect(time));
            services.AddSingleton(new DatabaseClock(ownClock ?? time));
            foreach (var schedule in schedules) services.AddSingleton(schedule);
        });

    public static IDatabaseDialect Dialect(FakeTime time) => new VirtualDialect(time);

    public static Task SweepAsync(this TestNode node) => node.Get<ScheduleClock>().SweepAsync(CancellationToken.None);

    public static async Task<List<JobTick>> TicksAsync(this TestNode node, string schedule)
    {
        await using var db = await node.Databases.CreateDbContextAsync();
        return await db.Set<JobTick>().AsNoTracking().Where(t => t.Schedule == schedule).OrderBy(t => t.DueAt).ToListAsync();
    }

    public static async Task<List<Job>> JobsAsync(this TestNode node, string schedule)
    {
        await using var db = await node.Databases.CreateDbContextAsync();
        return await db.Set<Job>().AsNoTracking().Where(j => j.Schedule == schedule).OrderBy(j => j.Id).ToListAsync();
    }

    public static async Task ChangeAsync(this TestNode node, Func<AppDbContext, Task> change)
    {
        await using var db = await node.Databases.CreateDbContextAsync();
        await change(db);
    }

    private sealed class VirtualDialect(FakeTime time) : IDatabaseDialect
    {
        private readonly PostgresDialect _inner = new();

        public DatabaseProvider Provider => _inner.Provider;

        public string UtcNow => $"timestamptz '{time.GetUtcNow().UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'";

        public string Quote(string identifier) => _inner.Quote(identifier);

        public Task<IAsyncDisposable> LockAsync(DbConnection openConnection, string name, CancellationToken cancellation) => _inner.LockAsync(openConnection, name, cancellation);

        public bool IsDuplicateKey(Exception exception) => _inner.IsDuplicateKey(exception);

        public bool IsBrokenReference(Exception exception) => _inner.IsBrokenReference(exception);

        public bool IsTransient(Exception exception) => _inner.IsTransient(exception);
    }
}

/// <summary>A node's own clock, which somebody sets anew: what it says jumps, what passes does not.</summary>
internal sealed class SteppedTime(FakeTime time) : TimeProvider
{
    public TimeSpan Step { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Step;

    public override long GetTimestamp() => time.GetTimestamp();
}
