namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>A theory over the shared input files; skipped, with the reason, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = SharedData.WhyAbsent;
}
