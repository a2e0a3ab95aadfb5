using System.Runtime.InteropServices;

namespace BlazorAdmin.Features.Documents.Reading;

internal static class PosixCalls
{
    public const int KillSignal = 9;
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY on Linux

    public static bool Kill(int processOrGroup) => kill(processOrGroup, KillSignal) == 0;

    /// <summary>Makes a rename or a new entry in <paramref name="folder"/> survive a power cut. Does nothing where the system has no such call.</summary>
    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        var handle = open(folder, ReadOnlyDirectory);
        if (handle < 0) throw new IOException($"Cannot open the folder {folder} (error {Marshal.GetLastPInvokeError()}).");
        try
        {
            if (fsync(handle) != 0) throw new IOException($"Cannot flush the folder {folder} (error {Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            _ = close(handle);
        }
    }

    /// <summary>A second name for a file. False where the system or the file system has no such thing.</summary>
    public static bool Link(string existing, string another) => !OperatingSystem.IsWindows() && link(existing, another) == 0;

    /// <summary>The path without links in it.</summary>
    public static string RealPath(string path)
    {
        var found = realpath(path, 0);
        if (found == 0) throw new IOException($"Cannot resolve {path} (error {Marshal.GetLastPInvokeError()}).");
        try
        {
            return Marshal.PtrToStringUTF8(found)!;
        }
        finally
        {
            free(found);
        }
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern nint realpath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, nint buffer);

    [DllImport("libc")]
    private static extern void free(nint memory);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string another);

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int handle);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int handle);
}
