using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>The steps of reading on this machine's tools, in their usual isolation, without database and jobs.</summary>
internal sealed class ReadingBay : IAsyncDisposable
{
    private readonly string _folder;

    private ReadingBay(string folder, ProcessRunner runner) => (_folder, Runner) = (folder, runner);

    public ProcessRunner Runner { get; }

    public ReadingOptions Options { get; } = new();

    public static async Task<ReadingBay> OpenAsync(CancellationToken cancellation)
    {
        var folder = Path.Combine(Repository.Artifacts, $"reading-{Guid.NewGuid():N}"[..16]);
        var (runner, _) = await ProcessRunner.Create(StepMarker.ForThisProcess(folder, "bench"), folder, TimeProvider.System, cancellation);
        return new ReadingBay(folder, runner);
    }

    /// <summary>The file as Markdown, page after page; null when it could not be read.</summary>
    public async Task<string?> ConvertAsync(string path, CancellationToken cancellation)
    {
        using var folder = NewFolder();
        var context = Context(folder);
        var source = new DocumentSource(path, Path.GetFileName(path));
        var inspected = await new InspectStep().Run(source, context, cancellation);
        if (inspected is not { Outcome: ReadOutcome.Ready, Output: { } inspection }) return null;
        var converted = await new ConvertStep().Run(new ConvertInput(source, inspection), context, cancellation);
        return converted.Output is { } conversion ? string.Join("\n\n", conversion.Pages.Select(page => page.Markdown ?? page.Text)) : null;
    }

    public WorkFolder NewFolder() => WorkFolder.Create(_folder);

    public StepContext Context(WorkFolder folder) => new(folder, Options, Runner, new Progress<StepProgress>(), _ => { });

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
