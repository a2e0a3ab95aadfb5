using System.Runtime.InteropServices;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Says on a page why the machine's own numbers are absent.</summary>
/// <param name="root">As in <see cref="MonitorOptions.HostRoot"/>.</param>
public sealed class CollectorStatement(string root)
{
    /// <summary>True where the kernel's text files are: the families of the machine and the processes can be read.</summary>
    public bool HasHost { get; } = File.Exists(Path.Combine(root, "proc/stat"));

    /// <summary>One sentence in the reader's language, or null when nothing is missing.</summary>
    public string? Text(IStringLocalizer<MonitorTexts> T)
    {
        if (HasHost) return null;
        return OperatingSystem.IsLinux() ? T["NoHostFiles", root] : T["NotLinux", RuntimeInformation.OSDescription];
    }
}
