using BlazorAdmin.Benchmarks.Figures;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>How much of what a run handles, from the number of rows that the command line gives.</summary>
/// <param name="List">Rows of the list that is searched.</param>
/// <param name="History">Finished jobs beside a drain, and jobs that wait beside a start.</param>
/// <param name="Jobs">Jobs of one drain or bulk.</param>
internal sealed record JobsSizes(int List, int History, int Jobs)
{
    private const int Million = 1_000_000;

    public static JobsSizes Of(int rows) => new(rows, Math.Min(rows, Million), rows >= Million ? Million / 10 : Million / 100);
}

/// <summary>How fast the job engine is: nodes of it in this process, on the portal's own database server, beside peers on the same server.</summary>
public sealed class JobsGroup(int rows) : IFigureGroup
{
    public string Name => "jobs";

    public async Task RunAsync(FigureSink sink, CancellationToken cancellation)
    {
        var sizes = JobsSizes.Of(rows);
        await using var server = await JobsServer.StartAsync(cancellation);
        if (sink.Wants("jobs.idle")) await IdleFigures.MeasureAsync(sink, server, cancellation);
        if (sink.Wants("jobs.cron")) await CronFigures.MeasureAsync(sink, server, cancellation);
        if (sink.Wants("jobs.enqueue") || sink.Wants("jobs.start") || sink.Wants("jobs.drain") || sink.Wants("jobs.commits"))
        {
            await using var graphile = await GraphilePeer.StartAsync(await server.CreateEmptyAsync("bench_graphile", cancellation), cancellation);
            sink.Say($"Peer: {graphile.Name}");
            if (sink.Wants("jobs.enqueue")) await EnqueueFigures.MeasureAsync(sink, server, graphile, sizes, cancellation);
            if (sink.Wants("jobs.start")) await StartFigures.MeasureAsync(sink, server, graphile, sizes, cancellation);
            if (sink.Wants("jobs.drain") || sink.Wants("jobs.commits")) await DrainFigures.MeasureAsync(sink, server, graphile, sizes, cancellation);
        }

        if (sink.Wants("jobs.quartz")) await QuartzFigures.MeasureAsync(sink, server, cancellation);
        if (sink.Wants("jobs.list")) await ListFigures.MeasureAsync(sink, server, sizes, cancellation);
    }
}
