using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Documents.Intake;

/// <summary>A test on a disk that is soon full; skipped, with the reason, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(TryMount);

    public SmallDiskFactAttribute() => Skip = new RootFactAttribute().Skip ?? (CanMount.Value ? null : "a small file system cannot be mounted here");

    private static bool TryMount()
    {
        try
        {
            using var disk = SmallDisk.Mount(4);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
