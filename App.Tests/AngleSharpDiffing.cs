using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace BlazorAdmin.Tests;

/// <summary>bunit asks for a newer AngleSharp.Diffing than partial mirrors hold; the one beside the tests serves it well.</summary>
internal static class AngleSharpDiffing
{
    [ModuleInitializer]
    internal static void ResolveBesideTheTests() =>
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "AngleSharp.Diffing" ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll")) : null;
}
