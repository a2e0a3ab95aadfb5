using System.Collections.Concurrent;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Converter;

/// <summary>
/// The runs of the converter page on this node. A file lies in a private folder until its run ends; what it became stays in memory until its
/// page goes, at most for <see cref="KeptFor"/>.
/// </summary>
public sealed class ConverterRuns(DataDirectory data, NodeInfo node, ReadingTools tools, DocumentReader reader, IncomingFiles disk, IOptionsMonitor<ReadingOptions> options, TimeProvider time, ILogger<ConverterRuns> log)
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(15);

    /// <summary>Results that stand in memory at most, beside what is going on.</summary>
    private const int Kept = 8;
    private const int BufferBytes = 128 << 10;
    private readonly ConcurrentDictionary<Guid, ConverterRun> _runs = new();
    private readonly Lock _lock = new();

    /// <summary>A run moved on; told with its id, from any thread.</summary>
    public event Action<Guid>? Changed;

    /// <summary>Private folders of this node's runs.</summary>
    internal string WorkRoot { get; } = Path.Combine(data.Work, "converter", node.Name);

    internal int Count => _runs.Count;

    /// <summary>The run of this id if it is this person's; null otherwise.</summary>
    internal ConverterRun? Find(Guid ownerId, Guid id) => _runs.TryGetValue(id, out var run) && run.OwnerId == ownerId ? run : null;

    /// <summary>Reserves a run.</summary>
    /// <exception cref="ConverterRefusedException"/>
    internal ConverterRun Open(Guid id, Guid ownerId, string name, long? size)
    {
        var limits = options.CurrentValue;
        if (size > limits.MaxFileBytes) throw new ConverterRefusedException(ConverterRefusal.TooLarge);
        if (disk.Free() - (size ?? 0) < (long)limits.DiskReserveMegabytes << 20) throw new ConverterRefusedException(ConverterRefusal.DiskFull);
        lock (_lock)
        {
            if (_runs.Values.Any(run => run.OwnerId == ownerId && run.IsActive) || _runs.ContainsKey(id)) throw new ConverterRefusedException(ConverterRefusal.OneAtATime);
            if (_runs.Values.Count(run => run.IsActive) >= limits.ConverterRuns) throw new ConverterRefusedException(ConverterRefusal.Busy);
            foreach (var old in _runs.Values.Where(run => !run.IsActive).OrderByDescending(run => run.StartedAt).Skip(Kept - 1)) Forget(old);
            var made = new ConverterRun(id, ownerId, name, size, time.GetUtcNow());
            _runs[id] = made;
            return made;
        }
    }

    /// <summary>Receives the file and converts it; returns when it is received, the run goes on by itself.</summary>
    /// <exception cref="ConverterRefusedException">More bytes than allowed came.</exception>
    internal async Task Start(ConverterRun run, Stream body, CancellationToken cancel)
    {
        var folder = WorkFolder.Create(WorkRoot);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, run.Stopped);
            await Receive(run, body, folder.File("original"), stop.Token);
        }
        catch
        {
            folder.Dispose();
            Drop(run);
            throw;
        }
        run.Run();
        Tell(run);
        _ = Convert(run, folder);
    }

    /// <summary>Ends a run and forgets what came of it.</summary>
    internal void Drop(ConverterRun run)
    {
        run.Cancel();
        Forget(run);
        Tell(run);
    }

    /// <summary>The same for the page that made up <paramref name="id"/> and goes.</summary>
    internal void DropOf(Guid id)
    {
        if (_runs.TryGetValue(id, out var run)) Drop(run);
    }

    /// <summary>Stops a run; that it was stopped stays to be seen.</summary>
    internal void Cancel(ConverterRun run)
    {
        run.Cancel();
        Tell(run);
    }

    /// <summary>Removes runs whose time is over, also one whose file is still coming in.</summary>
    internal int RemoveOld()
    {
        var oldest = time.GetUtcNow() - KeptFor;
        var old = _runs.Values.Where(run => run.StartedAt < oldest).ToList();
        foreach (var run in old) Drop(run);
        return old.Count;
    }

    private async Task Receive(ConverterRun run, Stream body, string path, CancellationToken cancel)
    {
        var limit = options.CurrentValue.MaxFileBytes;
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous });
            int read;
            while ((read = await body.ReadAsync(buffer.AsMemory(0, BufferBytes), cancel)) > 0)
            {
                run.Received += read;
                if (run.Received > limit) throw new ConverterRefusedException(ConverterRefusal.TooLarge);
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
                Tell(run);
            }
            run.Size = run.Received;
        }
        catch (IOException fault) when (DiskFaults.IsFull(fault))
        {
            throw new ConverterRefusedException(ConverterRefusal.DiskFull);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task Convert(ConverterRun run, WorkFolder folder)
    {
        var started = time.GetTimestamp();
        var journal = new ConverterJournal();
        try
        {
            // Nobody sees a result that comes later than it would be kept.
            using var timeUp = new CancellationTokenSource(KeptFor, time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Stopped, timeUp.Token);
            var runner = await tools.Runner(stop.Token);
            var progress = new Report(this, run);
            var context = new StepContext(folder, options.CurrentValue, runner, progress, _ => { });
            var result = await reader.Read(new DocumentSource(folder.File("original"), run.Name), context, journal, stop.Token);
            run.End(result, time.GetElapsedTime(started), journal.Engine, journal.Steps);
        }
        catch (OperationCanceledException)
        {
            run.Cancel();
        }
        catch (Exception exception)
        {
            ConverterLog.RunFailed(log, exception);
            run.End(new Documents.Reading.Reading(ReadOutcome.Failed, new ReadReason("ReadingFailed"), null, [], []), time.GetElapsedTime(started), journal.Engine, journal.Steps);
        }
        finally
        {
            folder.Dispose();
            Tell(run);
        }
    }

    private void Forget(ConverterRun run) => _runs.TryRemove(run.Id, out _);

    private void Tell(ConverterRun run) => Changed?.Invoke(run.Id);

    private sealed class Report(ConverterRuns runs, ConverterRun run) : IProgress<StepProgress>
    {
        void IProgress<StepProgress>.Report(StepProgress value)
        {
            run.Progress = value;
            runs.Tell(run);
        }
    }
}
