using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents.Classification;

/// <summary>A test that needs the real fasttext; skipped with the package's name where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FastTextFactAttribute : FactAttribute
{
    public FastTextFactAttribute()
    {
        if (ToolChain.Find(FastText.Program) is null) Skip = $"{FastText.Program} is not installed (package {FastText.Package}).";
    }
}
