namespace BlazorAdmin.Features.Audit;

/// <summary>
/// Saves that are the engine's own and no command of anybody: time of the last sign-in, failure counters of Identity.
/// The few callers are listed in the convention test.
/// </summary>
public static class AuditScope
{
    private static readonly AsyncLocal<bool> Exempt = new();

    public static bool IsExempt => Exempt.Value;

    /// <summary>Until disposed, this flow of execution may save audited entities without a row.</summary>
    public static IDisposable EngineOwn()
    {
        Exempt.Value = true;
        return new End();
    }

    private sealed class End : IDisposable
    {
        public void Dispose() => Exempt.Value = false;
    }
}
