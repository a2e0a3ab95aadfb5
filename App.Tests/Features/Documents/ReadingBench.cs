using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Everything a reading needs, on real tools and a folder of its own.</summary>
internal sealed class ReadingBench : IDisposable
{
    private static readonly SemaphoreSlim Once = new(1, 1);
    private static ToolChain? _chain;
    private readonly string _root = Directory.CreateTempSubdirectory("reading-").FullName;

    private ReadingBench(ToolChain chain)
    {
        Marker = StepMarker.ForThisProcess(_root, "test");
        Runner = new ProcessRunner(chain, Marker, TimeProvider.System);
        Chain = chain;
    }

    public ToolChain Chain { get; }

    public StepMarker Marker { get; }

    public ProcessRunner Runner { get; }

    /// <summary>The portal's own, but for the time of a tool: a test whose subject is the time-out sets it.</summary>
    public ReadingOptions Options { get; } = new() { ToolSeconds = 300 };

    public string WorkRoot => Path.Combine(_root, "work");

    public List<StepProgress> Progress { get; } = [];

    public List<string> Lines { get; } = [];

    public static async Task<ReadingBench> Create(IsolationLevel? level = null)
    {
        if (level is { } wanted) return new ReadingBench(ToolChain.At(wanted));
        await Once.WaitAsync();
        try
        {
            if (_chain is null)
            {
                var probe = Directory.CreateTempSubdirectory("reading-probe-").FullName;
                (_, _chain) = await ProcessRunner.Create(StepMarker.ForThisProcess(probe, "probe"), probe, TimeProvider.System, CancellationToken.None);
                Directory.Delete(probe, recursive: true);
            }
        }
        finally
        {
            Once.Release();
        }
        return new ReadingBench(_chain);
    }

    public WorkFolder NewFolder() => WorkFolder.Create(WorkRoot);

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public StepContext Context(WorkFolder folder) => new(folder, Options, Runner, new Reporter(Progress), line =>
    {
        lock (Lines) Lines.Add(line);
    });

    public async Task<Reading> Read(string path, IReadingJournal? journal = null, CancellationToken cancel = default)
    {
        using var folder = NewFolder();
        var reader = new DocumentReader(new InspectStep(), new ConvertStep(), new OcrStep(), TimeProvider.System);
        return await reader.Read(new DocumentSource(path, Path.GetFileName(path)), Context(folder), journal ?? new MemoryJournal(), cancel);
    }

    public Task<Reading> Read(string name, byte[] bytes) => Read(Write(name, bytes));

    public IReadOnlyList<string> FilesLeft() => Directory.Exists(WorkRoot) ? [.. Directory.EnumerateFileSystemEntries(WorkRoot)] : [];

    /// <summary>Processes that carry the mark of this bench.</summary>
    public IReadOnlyList<int> ProcessesLeft() => [.. ProcessTable.Marked().Where(found => found.Marker.DataDirectory == Marker.DataDirectory).Select(found => found.Process)];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private sealed class Reporter(List<StepProgress> seen) : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            lock (seen) seen.Add(value);
        }
    }
}
