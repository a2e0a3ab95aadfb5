using System.Diagnostics;

namespace BlazorAdmin.Benchmarks.Hosting;

/// <summary>The portal as it is delivered: published, ReadyToRun.</summary>
internal static class PublishedPortal
{
    /// <returns>The program, current with the sources.</returns>
    public static async Task<string> PublishAsync(CancellationToken cancellation)
    {
        var target = Path.Combine(Repository.Artifacts, "portal");
        var start = new ProcessStartInfo("dotnet", ["publish", Path.Combine(Repository.Root, "App", "App.csproj"), "-c", "Release", "-o", target, "-v", "quiet", "--nologo"])
        {
            RedirectStandardOutput = true,
        };
        // The build that runs this program hands its own settings down; a publish wants none of them.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        using var publish = Process.Start(start)!;
        var output = await publish.StandardOutput.ReadToEndAsync(cancellation);
        await publish.WaitForExitAsync(cancellation);
        if (publish.ExitCode != 0) throw new InvalidOperationException($"dotnet publish failed:\n{output}");
        return Path.Combine(target, OperatingSystem.IsWindows() ? "BlazorAdmin.exe" : "BlazorAdmin");
    }
}
