using System.Diagnostics;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>Reads files as the portal does, and with tesseract alone, both under the same limits and on one core.</summary>
internal sealed class RecognitionBench : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("recognition-").FullName;
    private readonly ReadingOptions _options = new() { KeepSearchable = false };
    private readonly DocumentReader _reader = new(new InspectStep(), new ConvertStep(), new OcrStep(), TimeProvider.System);
    private IProcessRunner _runner = null!;

    /// <summary>The folder shared/data beside the working copy, or where BLAZORADMIN_SHARED points; null when it is absent.</summary>
    public static string? SharedData()
    {
        var shared = Path.Combine(Environment.GetEnvironmentVariable("BLAZORADMIN_SHARED") ?? Path.Combine(Repository.Root, "..", "shared"), "data");
        return Directory.Exists(shared) ? shared : null;
    }

    public static async Task<RecognitionBench> CreateAsync(CancellationToken cancellation)
    {
        var bench = new RecognitionBench();
        (bench._runner, _) = await ProcessRunner.Create(StepMarker.ForThisProcess(bench._root, "benchmark"), bench._root, TimeProvider.System, cancellation);
        return bench;
    }

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public async Task<(string Text, TimeSpan Time)> ReadAsync(string path, CancellationToken cancellation)
    {
        using var folder = WorkFolder.Create(Path.Combine(_root, "work"));
        var start = Stopwatch.GetTimestamp();
        var reading = await _reader.Read(new DocumentSource(path, Path.GetFileName(path)), Context(folder), new NoJournal(), cancellation);
        return (string.Join('\n', reading.Pages.Select(page => page.Text)), Stopwatch.GetElapsedTime(start));
    }

    public async Task<(string Text, TimeSpan Time)> PlainAsync(string path, int segmentation, CancellationToken cancellation)
    {
        using var folder = WorkFolder.Create(Path.Combine(_root, "work"));
        var start = Stopwatch.GetTimestamp();
        var result = await Context(folder).Run("tesseract", [path, "stdout", "-l", _options.Languages, "--psm", $"{segmentation}"], [path], cancellation);
        return (result.Text, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Draws the first page of a file as a grey picture.</summary>
    public async Task<Features.Documents.Recognition.GrayPicture?> DrawAsync(string path, ContentType type, CancellationToken cancellation)
    {
        using var folder = WorkFolder.Create(Path.Combine(_root, "work"));
        var drawn = await Features.Documents.Recognition.PageDrawing.Draw(new OcrInput(new DocumentSource(path, Path.GetFileName(path)), type, 1), Context(folder), cancellation);
        return drawn.Fault is null ? await Features.Documents.Recognition.GrayPicture.Read(drawn.Path, _options.MaxPixels, cancellation) : null;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private StepContext Context(WorkFolder folder) => new(folder, _options, _runner, new Progress<StepProgress>(), _ => { });

    /// <summary>Each run is measured whole.</summary>
    private sealed class NoJournal : IReadingJournal
    {
        public Task<StepResult<T>?> Find<T>(string step, string version, string part, CancellationToken cancel)
            where T : class => Task.FromResult<StepResult<T>?>(null);

        public Task Record<T>(StepRecord record, StepResult<T> result, CancellationToken cancel)
            where T : class => Task.CompletedTask;
    }
}
