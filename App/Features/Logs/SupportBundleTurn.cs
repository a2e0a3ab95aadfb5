namespace BlazorAdmin.Features.Logs;

/// <summary>One bundle is written at a time on a node: it reads hundreds of thousands of rows.</summary>
public sealed class SupportBundleTurn
{
    private int _taken;

    /// <summary>False while somebody else has it; otherwise <see cref="Release"/> gives it back.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

    public void Release() => Volatile.Write(ref _taken, 0);
}
