using System.Collections.Frozen;
using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Jobs;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Store;
using BlazorAdmin.Security;
using Npgsql;
using NpgsqlTypes;

namespace BlazorAdmin.Benchmarks.Monitor;

/// <summary>How long a chart's range takes with a year stored.</summary>
internal static class RangeFigures
{
    private const int Series = 12;
    private const int Points = 600;
    private const int Shapes = 16;
    private const int Reads = 60;
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);
    private static readonly TimeSpan[] Lengths = [TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(30), TimeSpan.FromDays(90), Year];

    public static async Task MeasureAsync(FigureSink sink, JobsServer server, CancellationToken cancellation)
    {
        var database = await server.CreateAsync("bench_metrics", cancellation);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(MetricLevels.Floor(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), MetricLevel.Hour.Step()));
        var start = Stopwatch.GetTimestamp();
        var rows = await FillAsync(database, now, cancellation);
        sink.Say($"Ranges: {Series} series, a year of hours and minutes, 14 days of seconds: {rows:N0} rows in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        await using (var node = EngineNode.Create(database, server.Folder, Register))
        {
            using var scope = node.Scope();
            scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(new Caller(new Guid(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), null, "Benchmark", AppDbContext.DefaultTenant, null, new[] { MonitorPermissions.Read }.ToFrozenSet()));
            var history = scope.ServiceProvider.GetRequiredService<MetricHistory>();
            string[] keys = [.. Enumerable.Range(0, Series).Select(Key)];
            await ReadAsync(history, keys, now, cancellation);
            FigureSpec[] specs = [new("monitor.range.p95", "ms", Better.Lower) { Must = 150 }, new("monitor.range.p50", "ms", Better.Lower)];
            await Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Few, async token =>
            {
                var took = await ReadAsync(history, keys, now, token);
                return new RunResult([Runs.Percentile(took, 0.95), Runs.Median(took)], [double.NaN, double.NaN]);
            }, cancellation);
        }

        await server.DropAsync(database, cancellation);
    }

    private static async Task<List<double>> ReadAsync(MetricHistory history, string[] keys, DateTimeOffset now, CancellationToken cancellation)
    {
        var random = new Random(4);
        var took = new List<double>();
        for (var read = 0; read < Reads; read++)
        {
            var length = Lengths[read % Lengths.Length];
            var end = now - TimeSpan.FromMinutes(random.Next(1, (int)Math.Max(2, Math.Min(TimeSpan.FromDays(10).TotalMinutes, (Year - length).TotalMinutes))));
            var begun = Stopwatch.GetTimestamp();
            await history.ReadAsync(new MetricRange(end - length, end), keys, null, Points, cancellation);
            took.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return took;
    }

    private static void Register(Shell.Portal portal)
    {
        portal.Services.AddSingleton(new SampleRing(100));
        portal.Services.AddSingleton<TickBroadcaster>();
        MetricStoreSetup.AddStore(portal.Services);
    }

    private static string Key(int number) => $"bench.{number}";

    private static async Task<long> FillAsync(string database, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellation);
        await using (var series = await connection.BeginBinaryImportAsync("""COPY "MetricSeries" ("Id", "Node", "Key", "Family", "Kind", "FirstAt") FROM STDIN (FORMAT BINARY)""", cancellation))
        {
            for (var number = 0; number < Series; number++)
            {
                await series.StartRowAsync(cancellation);
                await series.WriteAsync(number + 1, NpgsqlDbType.Integer, cancellation);
                await series.WriteAsync("bench", NpgsqlDbType.Varchar, cancellation);
                await series.WriteAsync(Key(number), NpgsqlDbType.Varchar, cancellation);
                await series.WriteAsync(nameof(MetricFamily.Cpu), NpgsqlDbType.Varchar, cancellation);
                await series.WriteAsync(nameof(MetricKind.Percent), NpgsqlDbType.Varchar, cancellation);
                await series.WriteAsync((now - Year).UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            }

            await series.CompleteAsync(cancellation);
        }

        var written = 0L;
        foreach (var (level, kept) in new[] { (MetricLevel.Hour, Year), (MetricLevel.Minute, Year), (MetricLevel.Second, TimeSpan.FromDays(14)) })
        {
            var shapes = Enumerable.Range(0, Shapes).Select(seed => Shape(level, new Random(seed))).ToArray();
            await using var chunks = await connection.BeginBinaryImportAsync("""COPY "MetricChunks" ("SeriesId", "Level", "Start", "Count", "Data") FROM STDIN (FORMAT BINARY)""", cancellation);
            var first = MetricLevels.Floor((now - kept).ToUnixTimeMilliseconds(), level.Span());
            for (var at = first; at < now.ToUnixTimeMilliseconds(); at += level.Span())
                for (var number = 0; number < Series; number++, written++)
                {
                    await chunks.StartRowAsync(cancellation);
                    await chunks.WriteAsync(number + 1, NpgsqlDbType.Integer, cancellation);
                    await chunks.WriteAsync((short)level, NpgsqlDbType.Smallint, cancellation);
                    await chunks.WriteAsync(MetricLevels.At(at).UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
                    await chunks.WriteAsync((int)(level.Span() / level.Step()), NpgsqlDbType.Integer, cancellation);
                    await chunks.WriteAsync(shapes[(written + number) % Shapes], NpgsqlDbType.Bytea, cancellation);
                }

            await chunks.CompleteAsync(cancellation);
        }

        await JobsServer.ExecuteAsync(database, "ANALYZE", cancellation);
        return written;
    }

    /// <summary>A chunk of a value that wanders between 0 and 100: places count from the chunk's start, so one fits any.</summary>
    private static byte[] Shape(MetricLevel level, Random random)
    {
        var value = random.NextDouble() * 100;
        var samples = new float[20];
        var rollups = new List<MetricRollup>();
        for (long at = 0; at < level.Span(); at += level.Step())
        {
            for (var sample = 0; sample < samples.Length; sample++) samples[sample] = (float)(value = Math.Clamp(value + random.NextDouble() * 6 - 3, 0, 100));
            rollups.Add(new MetricRollup(at, samples.Length, samples.Min(), samples.Max(), samples.Average(), MetricSketch.Of(samples)));
        }

        return RollupChunk.Pack(rollups, 0, level.Step());
    }
}
