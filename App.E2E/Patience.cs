using System.Runtime.CompilerServices;

namespace BlazorAdmin.E2E;

/// <summary>A shared build machine may be slow; what must be fast says so with a limit of its own.</summary>
internal static class Patience
{
    [ModuleInitializer]
    internal static void Set() => Assertions.SetDefaultExpectTimeout(30_000);
}
