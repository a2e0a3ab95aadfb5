using System.Diagnostics;
using System.Reflection;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Statistics;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Monitor.Export;

/// <summary>The portal's own process: what counters in memory know, nothing that would have to be counted in a table.</summary>
internal sealed class PortalMetricsSource(
    NodeInfo node, PresenceTracker presence, RunningJobs running, JobStatisticsWriter ended, CollectorService collector, TickBroadcaster broadcaster, NodeBus bus) : IMetricsSource
{
    private static readonly (string State, JobState To)[] Ends =
        [("succeeded", JobState.Succeeded), ("failed", JobState.Failed), ("retried", JobState.Queued), ("cancelled", JobState.Cancelled)];

    private static readonly string[] Generations = ["0", "1", "2"];

    private static readonly double StartedAt = new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000d;

    private readonly (string Name, string Value)[] _build =
        [("version", Version), ("dotnet", Environment.Version.ToString()), ("node", node.Name)];

    /// <summary>Version of the portal without the commit.</summary>
    internal static string Version { get; } =
        (typeof(PortalMetricsSource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+')[0];

    public void Write(PrometheusWriter writer)
    {
        writer.Family("blazoradmin_build_info", "Always 1; version, runtime and node are the labels.", PrometheusType.Gauge);
        writer.Sample("blazoradmin_build_info", _build, 1);
        Gauge(writer, "process_start_time_seconds", "Start of the process, in Unix time.", StartedAt);
        Counter(writer, "process_cpu_seconds_total", "Processor time of the process.", Environment.CpuUsage.TotalTime.TotalSeconds);
        Gauge(writer, "process_resident_memory_bytes", "Memory of the process that is not swapped out.", Environment.WorkingSet);
        Gauge(writer, "blazoradmin_gc_heap_bytes", "Managed heap after the last collection, what was allocated since included.", GC.GetTotalMemory(forceFullCollection: false));
        Counter(writer, "blazoradmin_gc_allocated_bytes_total", "Bytes allocated on the managed heap since the start.", GC.GetTotalAllocatedBytes());
        writer.Family("blazoradmin_gc_collections_total", "Garbage collections since the start, by generation.", PrometheusType.Counter);
        for (var i = 0; i < Generations.Length; i++) writer.Sample("blazoradmin_gc_collections_total", "generation", Generations[i], GC.CollectionCount(i));
        Counter(writer, "blazoradmin_gc_pause_seconds_total", "Time that garbage collections held the process up.", GC.GetTotalPauseDuration().TotalSeconds);
        Gauge(writer, "blazoradmin_threadpool_threads", "Threads of the pool.", ThreadPool.ThreadCount);
        Gauge(writer, "blazoradmin_threadpool_queue_length", "Work that waits for a thread of the pool.", ThreadPool.PendingWorkItemCount);
        Gauge(writer, "blazoradmin_circuits", "Open pages on this node.", presence.Count);
        Gauge(writer, "blazoradmin_jobs_running", "Jobs that run on this node.", running.Count);
        writer.Family("blazoradmin_job_runs_total", "Runs of jobs that ended on this node since the start, by what became of the job.", PrometheusType.Counter);
        foreach (var (state, to) in Ends) writer.Sample("blazoradmin_job_runs_total", "state", state, ended.RunsTo(to));
        Counter(writer, "blazoradmin_collector_samples_total", "Samples of the machine since the start.", broadcaster.Ring.Last);
        Counter(writer, "blazoradmin_collector_missed_total", "Samples that fell out because the machine was busy or asleep.", collector.Missed);
        Counter(writer, "blazoradmin_collector_dropped_total", "Samples that slow viewers lost.", broadcaster.Dropped);
        Gauge(writer, "blazoradmin_collector_viewers", "Open pages that follow the samples.", broadcaster.Viewers);
        Counter(writer, "blazoradmin_bus_dropped_total", "Messages to other nodes that were dropped.", bus.Dropped);
    }

    private static void Gauge(PrometheusWriter writer, string name, string help, double value)
    {
        writer.Family(name, help, PrometheusType.Gauge);
        writer.Sample(name, value);
    }

    private static void Counter(PrometheusWriter writer, string name, string help, double value)
    {
        writer.Family(name, help, PrometheusType.Counter);
        writer.Sample(name, value);
    }
}
