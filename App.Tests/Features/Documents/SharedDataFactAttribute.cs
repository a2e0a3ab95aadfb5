namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>A test over the shared input files; skipped, with the reason, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute() => Skip = SharedData.WhyAbsent;
}
