using BlazorAdmin.Features.Monitor.Store;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Monitor.Store;

/// <summary>From the ring over the disk into the database and back, also over crashes and outages.</summary>
public sealed class MetricStoreTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Seal_MinutesOfSamples_AreAllReadBackExactly()
    {
        using var node = new StoreNode(database.ConnectionString, "exact", "cpu.a", "cpu.b");
        var random = new Random(61);
        node.Run(3 * Minute + 30 * Second, _ => (float)(random.NextDouble() * 100));
        await node.SealAsync();
        node.State.LastSealed.ShouldNotBeNull();
        node.State.Waiting.ShouldBe(0);
        await ShouldKnowAsync(node, "cpu.a", "cpu.b");
        (await CountAsync("exact", MetricLevel.Raw)).ShouldBe(3 * 3, "two series and the clock");
        (await CountAsync("exact", MetricLevel.Minute)).ShouldBe(2);
    }

    [Fact]
    public async Task Killed_MidMinute_LosesTheLastSecondAtMost()
    {
        using var node = new StoreNode(database.ConnectionString, "killed", "cpu.a");
        node.Run(95 * Second, i => i);
        // Half a second that was never written.
        for (var i = 0; i < 5; i++)
        {
            node.Time.Advance(0.1 * Second);
            node.Sample(-1);
        }
        using var again = node.Killed("killed");
        again.State.InterruptedAt.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(again.Taken[^6].At));
        again.Taken.RemoveRange(again.Taken.Count - 5, 5);
        again.Time.Advance(7 * Second);
        again.Run(80 * Second, i => 1000 + i);
        await again.SealAsync();

        await ShouldKnowAsync(again, "cpu.a");
        again.State.Recovered.ShouldBe(950);
        (again.State.Lost, again.State.DamagedRecords).ShouldBe((0, 0));
        var line = (await again.History().ReadAsync(All(again), ["cpu.a"], null, 20_000)).Lines.Single();
        line.Mean.Count(float.IsNaN).ShouldBe(1, "the gap is seen");
    }

    [Fact]
    public async Task Killed_WithTornTail_KeepsTheRestAndCountsTheRecord()
    {
        using var node = new StoreNode(database.ConnectionString, "torn", "cpu.a");
        node.Run(20 * Second, i => i);
        var file = node.Files().Single();
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) stream.SetLength(stream.Length - 7);
        using var again = node.Killed("torn");
        again.Taken.RemoveRange(again.Taken.Count - 10, 10);
        again.Run(60 * Second, i => 500 + i);
        await again.SealAsync();

        await ShouldKnowAsync(again, "cpu.a");
        again.State.DamagedRecords.ShouldBe(1);
    }

    [Fact]
    public async Task Stopped_InOrder_LosesNothingAndIsNoInterruption()
    {
        using var node = new StoreNode(database.ConnectionString, "stopped", "cpu.a");
        node.Run(20.5 * Second, i => i);
        using var again = node.Stopped("stopped");
        again.State.InterruptedAt.ShouldBeNull();
        again.Run(60 * Second, i => i);
        await again.SealAsync();
        await ShouldKnowAsync(again, "cpu.a");
        again.State.Merged.ShouldBe(0, "the minute was written once, of both runs");
    }

    [Fact]
    public async Task Restart_InTheMiddleOfAnHour_ContinuesTheHour()
    {
        using var node = new StoreNode(database.ConnectionString, "hour", "cpu.a");
        node.Run(2 * Minute, _ => 10);
        node.Time.Advance(3 * Second);
        await node.SealAsync();
        using var again = node.Killed("hour");
        again.Run(2 * Minute, i => i == 77 ? 99 : 20);
        again.Time.Advance(3 * Second);
        await again.SealAsync();

        var hour = (await RollupsAsync("hour", MetricLevel.Hour)).Single();
        (hour.Count, hour.Min, hour.Max).ShouldBe((Sealed(again), 10, 99));
        ((double)hour.Mean).ShouldBe(again.Taken.Take(hour.Count).Average(s => (double)s.Values[0]), 1e-4);
        hour.Sketch.Count.ShouldBe(hour.Count);
    }

    [Fact]
    public async Task Rollups_OfEveryLevel_EqualTheSamplesBeneath()
    {
        using var node = new StoreNode(database.ConnectionString, "levels", "cpu.a");
        var random = new Random(62);
        node.Time.Advance(TimeSpan.FromMinutes(57));
        node.Run(5 * Minute, _ => random.Next(10) == 0 ? float.NaN : (float)(random.NextDouble() * 50));
        node.Time.Advance(3 * Second);
        await node.SealAsync();
        foreach (var level in new[] { MetricLevel.Second, MetricLevel.Minute, MetricLevel.Hour })
        {
            var rollups = await RollupsAsync("levels", level);
            var expected = node.Taken.Where(s => float.IsFinite(s.Values[0])).Take(rollups.Sum(r => r.Count)).GroupBy(s => s.At / level.Step() * level.Step()).ToList();
            rollups.Select(r => (r.At, r.Count, r.Min, r.Max)).ShouldBe(expected.Select(g => (g.Key, g.Count(), g.Min(s => s.Values[0]), g.Max(s => s.Values[0]))));
            foreach (var (rollup, group) in rollups.Zip(expected)) ((double)rollup.Mean).ShouldBe(group.Average(s => (double)s.Values[0]), 1e-4);
        }
        (await RollupsAsync("levels", MetricLevel.Hour)).Count.ShouldBe(2, "the run crosses an hour");
    }

    [Fact]
    public async Task Outage_OfTenMinutes_LosesNothing()
    {
        using var node = new StoreNode(database.ConnectionString, "outage", "cpu.a");
        node.Run(Minute, i => i);
        node.DatabaseIsAway = true;
        for (var minute = 0; minute < 11; minute++)
        {
            var at = minute;
            node.Run(Minute, i => 1000 * at + i);
            await node.SealAsync();
        }
        node.State.Waiting.ShouldBeGreaterThanOrEqualTo(10);
        node.State.Problem.ShouldNotBeNull();
        node.DatabaseIsAway = false;
        await node.SealAsync();

        (node.State.Waiting, node.State.Problem, node.State.Lost).ShouldBe((0, null, 0));
        await ShouldKnowAsync(node, "cpu.a");
    }

    [Fact]
    public async Task Outage_LongerThanThereIsRoom_DropsTheOldestAndCountsThem()
    {
        using var node = new StoreNode(database.ConnectionString, "room", [.. Enumerable.Range(0, 200).Select(i => $"cpu.{i}")]);
        node.Options.CurrentValue = new() { JournalMegabytes = 1 };
        node.DatabaseIsAway = true;
        node.Run(4 * Minute, i => i);
        await node.SealAsync();
        node.State.Lost.ShouldBeGreaterThan(0);
        node.DatabaseIsAway = false;
        await node.SealAsync();
        node.Taken.RemoveRange(0, (int)node.State.Lost);
        await ShouldKnowAsync(node, "cpu.0");
    }

    [Fact]
    public async Task Seal_SameMinuteTwice_ChangesNothing()
    {
        using var node = new StoreNode(database.ConnectionString, "twice", "cpu.a");
        node.Run(70 * Second, i => i);
        // As if the process had died between the commit and deleting the file.
        var copy = node.Files().First(f => f.EndsWith(".journal", StringComparison.Ordinal));
        var bytes = await File.ReadAllBytesAsync(copy);
        await node.SealAsync();
        var before = (await RollupsAsync("twice", MetricLevel.Hour)).Single();
        await File.WriteAllBytesAsync(copy, bytes);
        using var again = node.Killed("twice");
        again.Time.Advance(Minute);
        await again.SealAsync();

        var after = await RollupsAsync("twice", MetricLevel.Second);
        after.Sum(r => r.Count).ShouldBe(again.Taken.Count);
        (await RollupsAsync("twice", MetricLevel.Hour)).Single().Count.ShouldBe(again.Taken.Count);
        before.Count.ShouldBeLessThan(again.Taken.Count);
        again.State.Merged.ShouldBe(1);
    }

    [Fact]
    public async Task Clock_SetBack_AddsToTheMinutesThatAreThere()
    {
        using var node = new StoreNode(database.ConnectionString, "clock", "cpu.a");
        node.Run(130 * Second, i => i);
        await node.SealAsync();
        node.Time.Advance(-100 * Second - TimeSpan.FromMilliseconds(37));
        node.Run(100 * Second, i => 5000 + i);
        node.Time.Advance(Minute);
        node.Writer.Pump();
        await node.SealAsync();
        node.State.Merged.ShouldBeGreaterThan(0);
        (await RollupsAsync("clock", MetricLevel.Minute)).Sum(r => r.Count).ShouldBe(2300);
    }

    [Fact]
    public async Task Pump_RingOverwritten_CountsTheLoss()
    {
        using var node = new StoreNode(database.ConnectionString, "slow", "cpu.a");
        for (var i = 0; i < 6500; i++) node.Sample(i);
        node.Writer.Pump();
        node.State.Lost.ShouldBe(6500 - 5999);
        await node.SealAsync();
    }

    [Fact]
    public async Task Service_StartedAndStopped_WritesEverySampleAndEndsInOrder()
    {
        using var node = new StoreNode(database.ConnectionString, "service", "cpu.a");
        await node.StartAsync();
        await Eventually.Holds(() => node.Time.Sleepers > 0, because: "the writer waits for its next second");
        node.Sample(1);
        node.Time.Advance(Second);
        await Eventually.Holds(() => node.Files().Length == 1);
        // Taken by nobody until the writer stops.
        node.Sample(2);
        await node.Writer.StopAsync(CancellationToken.None);

        using var again = node.Killed("service");
        again.State.InterruptedAt.ShouldBeNull();
        again.State.Recovered.ShouldBe(2);
    }

    [Fact]
    public async Task Seal_MetricThatTheDatabaseDoesNotTake_KeepsTheOthers()
    {
        using var node = new StoreNode(database.ConnectionString, "names", "cpu.a", new string('x', 300));
        node.Run(65 * Second, i => i);
        await node.SealAsync();
        (node.State.Problem, node.State.Lost).ShouldBe((null, 0));
        await ShouldKnowAsync(node, "cpu.a");
        (await CountAsync("names", MetricLevel.Minute)).ShouldBe(1);
    }

    [Fact]
    public async Task Seal_DamagedRows_AreBegunAnewAndLeftOutWhenRead()
    {
        using var node = new StoreNode(database.ConnectionString, "broken", "cpu.a");
        node.Run(65 * Second, i => i);
        await node.SealAsync();
        await using (var db = node.Databases.CreateDbContext())
            await db.Set<MetricChunk>().Where(c => db.Set<MetricSeries>().Any(s => s.Id == c.SeriesId && s.Node == "broken")).ExecuteUpdateAsync(set => set.SetProperty(c => c.Data, new byte[] { 9, 9, 9 }));
        node.Run(65 * Second, i => i);
        await node.SealAsync();
        (node.State.Problem, node.State.Lost).ShouldBe((null, 0));
        (await RollupsAsync("broken", MetricLevel.Hour)).Single().Count.ShouldBe(600);
        var line = (await node.History().ReadAsync(All(node), ["cpu.a"], null, MetricHistory.MostPoints)).Lines.Single();
        line.Times.Length.ShouldBe(node.Taken.Count - 599, "the first minute is unreadable, the rest is there");
    }

    [PostgresFact]
    public async Task Seal_DatabaseRefuses_WaitsAnHourThenSetsTheMinuteAside()
    {
        using var node = new StoreNode(database.ConnectionString, "refused", "cpu.a");
        node.Run(65 * Second, i => i);
        await using var db = node.Databases.CreateDbContext();
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE \"MetricChunks\" RENAME TO \"Away\"");
        try
        {
            for (var attempt = 0; attempt < 10; attempt++) await node.SealAsync();
            node.State.Lost.ShouldBe(0);
            node.State.Problem.ShouldNotBeNull();
            node.Time.Advance(MetricStoreWriter.Patience);
            await node.SealAsync();
            node.State.Lost.ShouldBe(599);
            node.Files().Count(f => f.EndsWith(".refused", StringComparison.Ordinal)).ShouldBe(1);
        }
        finally
        {
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE \"Away\" RENAME TO \"MetricChunks\"");
        }
        node.Run(65 * Second, i => i);
        await node.SealAsync();
        node.State.Problem.ShouldBeNull("the next minutes get in");
    }

    [Fact]
    public async Task CleanUp_OldChunks_GoByLevel()
    {
        using var node = new StoreNode(database.ConnectionString, "old", "cpu.a");
        node.Run(61 * Second, i => i);
        node.Time.Advance(3 * Second);
        await node.SealAsync();
        await using (var db = node.Databases.CreateDbContext())
        {
            db.Add(new MetricMark { At = node.Time.GetUtcNow(), Kind = "portal.start", Node = "old" });
            await db.SaveChangesAsync();
        }

        async Task AfterAsync(TimeSpan time, params MetricLevel[] left)
        {
            node.Time.Advance(time);
            await node.Cleanup.RunAsync(CancellationToken.None);
            foreach (var level in MetricLevels.FromFine) (await CountAsync("old", level) > 0).ShouldBe(left.Contains(level), $"{level} after {time}");
        }

        await AfterAsync(TimeSpan.FromHours(47), MetricLevel.Raw, MetricLevel.Second, MetricLevel.Minute, MetricLevel.Hour);
        await AfterAsync(TimeSpan.FromHours(2), MetricLevel.Second, MetricLevel.Minute, MetricLevel.Hour);
        await AfterAsync(TimeSpan.FromDays(15), MetricLevel.Minute, MetricLevel.Hour);
        await AfterAsync(TimeSpan.FromDays(366), MetricLevel.Hour);
        await AfterAsync(TimeSpan.FromDays(1500));
        await using var after = node.Databases.CreateDbContext();
        (await after.Set<MetricSeries>().AnyAsync(s => s.Node == "old")).ShouldBeFalse("nothing is left of them");
        (await after.Set<MetricMark>().AnyAsync(m => m.Node == "old")).ShouldBeFalse();
    }

    private static MetricRange All(StoreNode node) => new(DateTimeOffset.FromUnixTimeMilliseconds(node.Taken[0].At), node.Time.GetUtcNow().AddSeconds(1));

    /// <summary>Samples of minutes that are in the database.</summary>
    private static int Sealed(StoreNode node) => node.Taken.Count(s => s.At < node.State.LastSealed!.Value.AddMinutes(1).ToUnixTimeMilliseconds());

    private static async Task ShouldKnowAsync(StoreNode node, params string[] keys)
    {
        var page = await node.History().ReadAsync(All(node), keys, null, MetricHistory.MostPoints);
        page.Level.ShouldBe(MetricLevel.Raw);
        for (var i = 0; i < keys.Length; i++)
        {
            var line = page.Lines[i];
            var known = line.Times.Zip(line.Mean).Where(s => !float.IsNaN(s.Second)).Select(s => ((long)s.First, s.Second)).ToList();
            var column = i;
            known.ShouldBe(node.Taken.Select(s => (s.At, s.Values[column])).ToList());
        }
    }

    private async Task<int> CountAsync(string node, MetricLevel level)
    {
        await using var db = new TestDatabases(database.ConnectionString).CreateDbContext();
        return await db.Set<MetricChunk>().CountAsync(c => c.Level == level && db.Set<MetricSeries>().Any(s => s.Id == c.SeriesId && s.Node == node));
    }

    private async Task<List<MetricRollup>> RollupsAsync(string node, MetricLevel level)
    {
        await using var db = new TestDatabases(database.ConnectionString).CreateDbContext();
        var chunks = await db.Set<MetricChunk>().Where(c => c.Level == level && db.Set<MetricSeries>().Any(s => s.Id == c.SeriesId && s.Node == node)).OrderBy(c => c.Start).ToListAsync();
        return [.. chunks.SelectMany(c => RollupChunk.Unpack(c.Data, c.Start.ToUnixTimeMilliseconds(), level.Step(), sketches: true))];
    }
}
