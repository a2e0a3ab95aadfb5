namespace BlazorAdmin.Tests.Data;

/// <summary>A test that gives up root's rights, and so needs them first, with sources and .NET in places that everybody may read.</summary>
public sealed class RootFactAttribute : PostgresFactAttribute
{
    public RootFactAttribute()
    {
        if (Skip is not null) return;
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Skip = "needs root on Linux";
        else if (ClosedFolder() is { } folder)
            Skip = $"other users cannot enter {folder}";
    }

    private static string? ClosedFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (!folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return folder.FullName;
        return null;
    }
}
