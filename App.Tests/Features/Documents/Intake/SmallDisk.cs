using System.Diagnostics;

namespace BlazorAdmin.Tests.Features.Documents.Intake;

/// <summary>A file system of a few megabytes in memory.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TestFolder _folder = new();

    private SmallDisk()
    {
    }

    public string Path => _folder.Path;

    /// <exception cref="InvalidOperationException">It cannot be mounted here; see <see cref="SmallDiskFactAttribute"/>.</exception>
    public static SmallDisk Mount(int megabytes)
    {
        var disk = new SmallDisk();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", disk.Path) == 0) return disk;
        disk._folder.Dispose();
        throw new InvalidOperationException("A small file system cannot be mounted here.");
    }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
