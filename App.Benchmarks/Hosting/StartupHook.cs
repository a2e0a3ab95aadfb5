using BlazorAdmin.Benchmarks.Hosting;

/// <summary>
/// Loaded by the runtime into the process that is measured (DOTNET_STARTUP_HOOKS), so that the unchanged program can be
/// asked for its live heap. The runtime wants this name, outside any namespace.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => HeapAgent.Start();
}
