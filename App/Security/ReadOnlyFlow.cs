namespace BlazorAdmin.Security;

/// <summary>
/// Marks the flow of a request or of a circuit's event whose person can only read, for <see cref="ReadOnlyInterceptor"/>: the last
/// line of defence behind <see cref="Guard"/>.
/// </summary>
internal static class ReadOnlyFlow
{
    private static readonly AsyncLocal<Mark?> Ambient = new();

    public static ReadOnlyReason? Current => Ambient.Value?.Reason;

    /// <summary>Until disposed, what this flow of execution saves is held against <paramref name="reason"/>.</summary>
    public static IDisposable Enter(ReadOnlyReason reason) => Ambient.Value = new Mark(reason);

    // The reason goes with the mark: a loop that was started inside the flow inherits the mark, not the refusal.
    private sealed class Mark(ReadOnlyReason reason) : IDisposable
    {
        public ReadOnlyReason? Reason { get; private set; } = reason;

        public void Dispose() => Reason = null;
    }
}
