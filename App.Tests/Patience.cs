using System.Runtime.CompilerServices;

namespace BlazorAdmin.Tests;

/// <summary>A shared build machine may be slow; a state that never comes still fails the test.</summary>
internal static class Patience
{
    [ModuleInitializer]
    internal static void Set() => Bunit.BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(60);
}
