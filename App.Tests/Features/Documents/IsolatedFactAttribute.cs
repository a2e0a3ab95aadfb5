using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>A test of tools that run isolated at least as well as it says; skipped, with the reason, where the machine cannot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IsolatedFactAttribute : FactAttribute
{
    private static readonly Lazy<IsolationLevel> Here = new(() => Task.Run(async () =>
    {
        using var bench = await ReadingBench.Create();
        return bench.Chain.Level;
    }).GetAwaiter().GetResult());

    /// <param name="program">What the tool is tried with, where it is not everywhere.</param>
    public IsolatedFactAttribute(IsolationLevel least, string? program = null)
    {
        if (Here.Value < least) Skip = $"tools are isolated here by {Here.Value} only, {least} is needed (package bubblewrap, user namespaces)";
        else if (program is not null && ToolChain.Find(program) is null) Skip = $"{program} is not installed";
    }
}
