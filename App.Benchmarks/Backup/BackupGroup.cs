using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Benchmarks.Jobs;
using BlazorAdmin.Features.Backup;
using Npgsql;

namespace BlazorAdmin.Benchmarks.Backup;

/// <summary>How long a backup and a restore of many rows take, beside a plain COPY of the same tables to a file and back.</summary>
/// <param name="rows">Finished jobs; a million at most.</param>
public sealed class BackupGroup(int rows) : IFigureGroup
{
    private const int Million = 1_000_000;

    public string Name => "backup";

    public async Task RunAsync(FigureSink sink, CancellationToken cancellation)
    {
        await using var server = await JobsServer.StartAsync(cancellation);
        var connectionString = await server.CreateAsync("bench_backup", cancellation);
        await JobRows.FillFinishedAsync(connectionString, sink, Math.Min(rows, Million), cancellation);
        await JobRows.FillFieldsAsync(connectionString, cancellation);
        var folder = Path.Combine(Repository.Artifacts, $"backup-{Guid.NewGuid():N}"[..15]);
        try
        {
            var site = await BackedUp.CreateAsync(connectionString, folder, cancellation);
            FigureSpec[] specs =
            [
                new("backup.write", "s", Better.Lower) { Must = 60, Peer = "COPY of the tables to files" },
                new("backup.restore", "s", Better.Lower) { Must = 120, Peer = "COPY of the tables from files" },
                new("backup.size", "B/row", Better.Lower) { Peer = "COPY of the tables to files" },
            ];
            await Runs.MeasureAsync(sink, specs, DatabaseProbe.Copy(server.Probes), Repetition.Few, token => MeasureAsync(sink, server, site, token), cancellation);
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The restore contains everything that the verb does: verify, fill, compare each row, swap.</summary>
    private static async Task<RunResult> MeasureAsync(FigureSink sink, JobsServer server, BackedUp site, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var made = await site.Writer.WriteAsync(new BackupRequest(site.Archive, WithFiles: true, null), _ => { }, cancellation);
        var write = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var (copyOut, bytes, files) = await CopyOutAsync(site, cancellation);
        var copyIn = await CopyInAsync(server, files, cancellation);
        NpgsqlConnection.ClearAllPools();
        start = Stopwatch.GetTimestamp();
        RestoreResult result;
        await using (var plan = await site.Restorer.PlanAsync(made.Path, null, _ => { }, cancellation)) result = await site.Restorer.RestoreAsync(plan, _ => { }, cancellation);
        var restore = Stopwatch.GetElapsedTime(start).TotalSeconds;
        sink.Say($"  {made.Manifest.Rows:N0} rows, {made.Bytes / 1e6:0} MB: {write:0.0} s, restored in {restore:0.0} s; COPY {bytes / 1e6:0} MB: {copyOut:0.0} and {copyIn:0.0} s");
        await JobsServer.ExecuteAsync(server.Probes, $"DROP DATABASE \"{result.Before}\" WITH (FORCE)", cancellation);
        File.Delete(made.Path);
        foreach (var (_, path) in files) File.Delete(path);
        return new RunResult([write, restore, made.Bytes / (double)made.Manifest.Rows], [copyOut, copyIn, bytes / (double)made.Manifest.Rows]);
    }

    private static async Task<(double Seconds, long Bytes, List<(string Table, string Path)> Files)> CopyOutAsync(BackedUp site, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var files = new List<(string, string)>();
        await using var connection = new NpgsqlConnection(site.ConnectionString);
        await connection.OpenAsync(cancellation);
        foreach (var table in site.Tables)
        {
            var path = Path.Combine(site.Folder, table + ".copy");
            await using var file = File.Create(path);
            await using (var copy = await connection.BeginRawBinaryCopyAsync($"COPY \"{table}\" TO STDOUT (FORMAT BINARY)", cancellation)) await copy.CopyToAsync(file, cancellation);
            file.Flush(flushToDisk: true);
            files.Add((table, path));
        }

        return (Stopwatch.GetElapsedTime(start).TotalSeconds, files.Sum(f => new FileInfo(f.Item2).Length), files);
    }

    private static async Task<double> CopyInAsync(JobsServer server, List<(string Table, string Path)> files, CancellationToken cancellation)
    {
        var target = await server.CreateAsync("bench_backup_peer", cancellation);
        var start = Stopwatch.GetTimestamp();
        await using (var connection = new NpgsqlConnection(target))
        {
            await connection.OpenAsync(cancellation);
            foreach (var (table, path) in files)
            {
                await using var file = File.OpenRead(path);
                await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY \"{table}\" FROM STDIN (FORMAT BINARY)", cancellation);
                await file.CopyToAsync(copy, cancellation);
            }
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await server.DropAsync(target, cancellation);
        return seconds;
    }
}
