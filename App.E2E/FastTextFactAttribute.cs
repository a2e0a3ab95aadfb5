namespace BlazorAdmin.E2E;

/// <summary>A journey that trains a model; skipped where the program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FastTextFactAttribute : FactAttribute
{
    public FastTextFactAttribute()
    {
        if (!File.Exists("/usr/bin/fasttext")) Skip = "fasttext is not installed (package fasttext).";
    }
}
