using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Store;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Monitor.Store;

public sealed class MetricHistoryTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task EveryMethod_WithoutTheRight_IsRefused()
    {
        using var node = new StoreNode(database.ConnectionString, "closed", "cpu.a");
        var history = node.History("jobs.read");
        var range = new MetricRange(node.Time.GetUtcNow(), node.Time.GetUtcNow().AddHours(1));
        await Should.ThrowAsync<ForbiddenException>(() => history.ReadAsync(range, ["cpu.a"], null, 100));
        await Should.ThrowAsync<ForbiddenException>(() => history.StatisticsAsync(range, ["cpu.a"], null));
        await Should.ThrowAsync<ForbiddenException>(() => history.SeriesAsync(null));
        await Should.ThrowAsync<ForbiddenException>(() => history.NodesAsync());
        await Should.ThrowAsync<ForbiddenException>(() => history.MarksAsync(range));
        await Should.ThrowAsync<ForbiddenException>(async () => await history.ExportAsync(range, ["cpu.a"], null, 100).ToListAsync());
    }

    [Fact]
    public async Task ReadAsync_NothingStoredYet_ShowsTheNewestFromMemory()
    {
        using var node = new StoreNode(database.ConnectionString, "fresh", "cpu.a");
        node.Run(TimeSpan.FromSeconds(5), i => i);
        var line = (await node.History().ReadAsync(Last(node, Minute), ["cpu.a"], null, 2000)).Lines.Single();
        line.Times[^1].ShouldBe(node.Taken[^1].At);
        line.Times.Length.ShouldBe(50);
        (await node.History().SeriesAsync(null)).Select(s => s.Key).ShouldBe(["cpu.a"]);
        (await node.History().NodesAsync()).ShouldContain("fresh");
    }

    [Fact]
    public async Task ReadAsync_AnyNumberOfPoints_KeepsExtremesAndNewestSample()
    {
        using var node = new StoreNode(database.ConnectionString, "points", "cpu.a");
        node.Run(4 * Minute, i => i == 777 ? 1234 : 5);
        await node.SealAsync();
        foreach (var most in new[] { 2, 7, 24, 100, 2000, 5000 })
        {
            var page = await node.History().ReadAsync(Last(node, 4 * Minute), ["cpu.a"], null, most);
            var line = page.Lines.Single();
            line.Times.Length.ShouldBeInRange(1, most);
            line.Max.Max().ShouldBe(1234, $"{most} points of {page.Level}");
            line.Min.Min().ShouldBe(5);
            line.Times.ShouldBeInOrder(SortDirection.Ascending);
        }
    }

    [Fact]
    public async Task ReadAsync_LevelsOfOneRange_TellTheSameStory()
    {
        using var node = new StoreNode(database.ConnectionString, "story", "cpu.a");
        var random = new Random(71);
        node.Run(3 * Minute, _ => (float)random.NextDouble());
        await node.SealAsync();
        var range = new MetricRange(MetricLevels.At(MetricLevels.Floor(node.Taken[0].At, 60_000)).AddMinutes(1), node.Time.GetUtcNow());
        var expected = node.Taken.Where(s => s.At >= range.From.ToUnixTimeMilliseconds()).Select(s => s.Values[0]).ToList();
        foreach (var (points, level) in new[] { (20_000, MetricLevel.Raw), (100, MetricLevel.Second), (2, MetricLevel.Minute) })
        {
            var page = await node.History().ReadAsync(range, ["cpu.a"], null, points);
            page.Level.ShouldBe(level);
            page.Lines[0].Min.Min().ShouldBe(expected.Min());
            page.Lines[0].Max.Max().ShouldBe(expected.Max());
        }
    }

    [Fact]
    public async Task ReadAsync_Keys_KeepTheirOrderAndUnknownOnesAreLeftOut()
    {
        using var node = new StoreNode(database.ConnectionString, "keys", "cpu.a", "cpu.b");
        node.Run(70 * TimeSpan.FromSeconds(1), i => i);
        await node.SealAsync();
        var page = await node.History().ReadAsync(Last(node, Minute), ["cpu.b", "none", "cpu.a", "@clock"], null, 2000);
        page.Lines.Select(l => l.Key).ShouldBe(["cpu.b", "cpu.a"]);
        (await node.History().SeriesAsync("keys")).Select(s => s.Key).ShouldBe(["cpu.a", "cpu.b"]);
    }

    [Fact]
    public async Task ReadAsync_OtherNode_ReadsItsMinutes()
    {
        using var other = new StoreNode(database.ConnectionString, "there", "cpu.a");
        other.Run(70 * TimeSpan.FromSeconds(1), _ => 42);
        await other.SealAsync();
        using var node = new StoreNode(database.ConnectionString, "here", "cpu.a");
        node.Time.Advance(70 * TimeSpan.FromSeconds(1));
        node.Sample(7);
        var line = (await node.History().ReadAsync(Last(node, 2 * Minute), ["cpu.a"], "there", 2000)).Lines.Single();
        line.Mean.ShouldAllBe(mean => mean == 42);
        line.Times.Length.ShouldBe(599, "only the minute that is over");
    }

    [Fact]
    public async Task ReadAsync_BackwardsOrFuture_IsEmpty()
    {
        using var node = new StoreNode(database.ConnectionString, "backwards", "cpu.a");
        node.Run(TimeSpan.FromSeconds(2), i => i);
        var now = node.Time.GetUtcNow();
        foreach (var range in new[] { new MetricRange(now, now.AddHours(-1)), new MetricRange(now.AddDays(1), now.AddDays(2)), new MetricRange(DateTimeOffset.MinValue, DateTimeOffset.MinValue) })
        {
            (await node.History().ReadAsync(range, ["cpu.a"], null, 100)).Lines.Single().Times.ShouldBeEmpty();
            (await node.History().StatisticsAsync(range, ["cpu.a"], null)).Single().Count.ShouldBe(0);
        }
        (await node.History().ReadAsync(new MetricRange(DateTimeOffset.MinValue, DateTimeOffset.MaxValue), ["cpu.a"], null, 100)).Level.ShouldBe(MetricLevel.Hour);
    }

    [Fact]
    public async Task ReadAsync_MinuteJustCommitted_IsNotTakenFromMemoryToo()
    {
        using var node = new StoreNode(database.ConnectionString, "committed", "cpu.a");
        node.Run(70 * TimeSpan.FromSeconds(1), i => i);
        var start = MetricLevels.Floor(node.Taken[0].At, 60_000);
        var minute = JournalReader.Read(node.Files().Min()!, start).Samples;
        // Committed, and nobody in the process has heard of it yet.
        await node.Sealer.SealAsync(minute, CancellationToken.None);
        foreach (var points in new[] { MetricHistory.MostPoints, 8, 2 })
        {
            var found = (await node.History().StatisticsAsync(Last(node, 2 * Minute), ["cpu.a"], null)).Single();
            found.Count.ShouldBe(700);
            var line = (await node.History().ReadAsync(Last(node, 2 * Minute), ["cpu.a"], null, points)).Lines.Single();
            if (points == MetricHistory.MostPoints) line.Times.ShouldBe(node.Taken.Select(s => (double)s.At));
        }
    }

    [Fact]
    public async Task ReadAsync_WhileMinutesAreSealed_NeverMissesOrDoubles()
    {
        using var node = new StoreNode(database.ConnectionString, "race", "cpu.a");
        node.Run(5 * Minute, i => i);
        var sealing = node.SealAsync();
        var reads = 0;
        do
        {
            var line = (await node.History().ReadAsync(Last(node, 6 * Minute), ["cpu.a"], null, MetricHistory.MostPoints)).Lines.Single();
            line.Times.ShouldBe(node.Taken.Select(s => (double)s.At));
            reads++;
        }
        while (!sealing.IsCompleted || reads < 2);
        await sealing;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(70)]
    public async Task StatisticsAsync_OverARange_MatchesTheSamples(int minutes)
    {
        var random = new Random(72);
        using var node = new StoreNode(database.ConnectionString, $"statistics-{minutes}", "cpu.a");
        // A minute of samples, then slower ones, so that a longer range is read from seconds.
        node.Run(Minute, i => (float)Math.Exp(3 * random.NextDouble()));
        for (var second = 60; second < minutes * 60; second++)
        {
            node.Time.Advance(TimeSpan.FromSeconds(1));
            node.Sample((float)Math.Exp(3 * random.NextDouble()));
            node.Writer.Pump();
        }
        node.Time.Advance(TimeSpan.FromSeconds(3));
        node.Writer.Pump();
        await node.SealAsync();
        var found = (await node.History().StatisticsAsync(Last(node, TimeSpan.FromMinutes(minutes + 1)), ["cpu.a"], null)).Single();

        var values = node.Taken.Select(s => (double)s.Values[0]).Order().ToList();
        found.Count.ShouldBe(values.Count);
        found.Mean.ShouldBe(values.Average(), values.Average() * 1e-5);
        (found.Min, found.Max).ShouldBe((values[0], values[^1]));
        foreach (var (share, percentile) in new[] { (0.5, found.P50), (0.9, found.P90), (0.95, found.P95), (0.99, found.P99) })
        {
            var exact = values[(int)Math.Floor(share * (values.Count - 1))];
            percentile.ShouldBe(exact, exact * 0.0101);
        }
    }

    [Fact]
    public async Task StatisticsAsync_Ramp_KnowsItsTrendAndTheTimeBefore()
    {
        using var node = new StoreNode(database.ConnectionString, "ramp", "cpu.a");
        node.Run(4 * Minute, i => i < 1200 ? 100 : 100 + (i - 1200) / 10f);
        await node.SealAsync();
        var now = node.Time.GetUtcNow();
        var range = new MetricRange(now.AddMinutes(-2), now);
        var rising = (await node.History().StatisticsAsync(range, ["cpu.a"], null)).Single();
        var steady = (await node.History().StatisticsAsync(range.Earlier(2 * Minute), ["cpu.a"], null)).Single();
        rising.TrendPerHour!.Value.ShouldBe(3600, 36);
        steady.TrendPerHour!.Value.ShouldBe(0, 1e-6);
        (steady.P99, steady.Max).ShouldBe((100, 100));
    }

    [Fact]
    public async Task StatisticsAsync_TooFewPoints_HaveNoTrend()
    {
        using var node = new StoreNode(database.ConnectionString, "few", "cpu.a");
        for (var i = 0; i < 5; i++)
        {
            node.Time.Advance(TimeSpan.FromSeconds(1));
            node.Sample(i);
        }
        (await node.History().StatisticsAsync(Last(node, Minute), ["cpu.a"], null)).Single().TrendPerHour.ShouldBeNull();
    }

    [Fact]
    public async Task MarksAsync_ManyMarks_GivesTheNewestFirst()
    {
        using var node = new StoreNode(database.ConnectionString, "marks", "cpu.a");
        var now = node.Time.GetUtcNow();
        await using (var db = node.Databases.CreateDbContext())
        {
            for (var i = 0; i < 250; i++) db.Add(new MetricMark { At = now.AddMinutes(-i), Kind = "job.failed", Node = "marks", Subject = $"{i}" });
            await db.SaveChangesAsync();
        }
        var marks = await node.History().MarksAsync(new MetricRange(now.AddMinutes(-249), now));
        marks.Count.ShouldBe(MetricHistory.MostMarks);
        marks.Select(m => m.Subject).ShouldBe(Enumerable.Range(1, 200).Select(i => $"{i}"), "the end of a range is outside");
    }

    private static MetricRange Last(StoreNode node, TimeSpan length) => new(node.Time.GetUtcNow() - length, node.Time.GetUtcNow().AddMilliseconds(1));
}
