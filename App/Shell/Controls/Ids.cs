using System.Globalization;

namespace BlazorAdmin.Shell.Controls;

/// <summary>Element ids that are unique in the process, for aria references between elements of one component.</summary>
public static class Ids
{
    private static long _last;

    public static string Next(string prefix) => $"{prefix}-{Interlocked.Increment(ref _last).ToString("x", CultureInfo.InvariantCulture)}";
}
