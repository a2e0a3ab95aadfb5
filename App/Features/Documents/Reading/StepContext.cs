namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>What a running step may use.</summary>
/// <param name="Log">Technical lines for operators, in English.</param>
public sealed record StepContext(WorkFolder Folder, ReadingOptions Options, IProcessRunner Runner, IProgress<StepProgress> Progress, Action<string> Log)
{
    public ToolLimits Limits => new()
    {
        WallClock = TimeSpan.FromSeconds(Options.ToolSeconds),
        Processor = TimeSpan.FromSeconds(Options.ToolSeconds),
        MemoryBytes = (long)Options.ToolMemoryMegabytes << 20,
        OutputBytes = (int)Math.Min(int.MaxValue / 2, Options.MaxTextBytes),
    };

    /// <summary>Runs a tool in the folder of this reading and logs how it ended.</summary>
    public Task<ToolResult> Run(string program, IReadOnlyList<string> arguments, IReadOnlyList<string> reads, CancellationToken cancel) => Run(program, arguments, reads, cancel, Limits);

    /// <summary>The same for a tool with needs of its own.</summary>
    public async Task<ToolResult> Run(string program, IReadOnlyList<string> arguments, IReadOnlyList<string> reads, CancellationToken cancel, ToolLimits limits)
    {
        var result = await Runner.Run(new ToolCommand(program, arguments, Folder) { Reads = reads, Limits = limits }, cancel);
        Log($"{program}: {result.End}, code {result.ExitCode}, {result.Duration.TotalMilliseconds:0} ms{FirstLine(result)}");
        return result;
    }

    private static string FirstLine(ToolResult result)
    {
        if (result.Succeeded || result.Errors.Length == 0) return "";
        var line = result.Errors.TrimStart().Split('\n', 2)[0].Trim();
        return ": " + (line.Length > 200 ? line[..200] : line);
    }
}
