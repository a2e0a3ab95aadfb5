using System.Diagnostics;
using BlazorAdmin.Features.Documents.Reading;
using Xunit.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Every real input ends in a named outcome in time and leaves nothing behind.</summary>
public abstract class SharedFilesTests(ITestOutputHelper output)
{
    // For a hang, not for a slow machine.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    protected async Task<Reading> EndsInNamedOutcome(string file)
    {
        using var bench = await ReadingBench.Create();
        using var limit = new CancellationTokenSource(Limit);
        var clock = Stopwatch.StartNew();

        var reading = await bench.Read(SharedData.PathOf(file), cancel: limit.Token);

        output.WriteLine($"{file}: {reading.Outcome} {reading.Reason}, {reading.Inspection?.Type}, {reading.Pages.Count} pages, {reading.Pages.Sum(page => page.Text.Length)} characters, {reading.Warnings.Count} warnings, {clock.ElapsedMilliseconds} ms");
        foreach (var line in bench.Lines) output.WriteLine("  " + line);
        reading.Outcome.ShouldNotBe(ReadOutcome.Failed);
        if (reading.Outcome != ReadOutcome.Ready) reading.Reason.ShouldNotBeNull();
        bench.FilesLeft().ShouldBeEmpty();
        bench.ProcessesLeft().ShouldBeEmpty();
        return reading;
    }
}
