namespace BlazorAdmin.Features.Jobs;

/// <summary>One value that several ask for: the first one reads, the others wait for the same reading.</summary>
internal sealed class Cached<T>(TimeSpan lifetime, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Task<T>? _value;
    private long _readAt;

    public Task<T> GetAsync(Func<Task<T>> read)
    {
        lock (_lock)
        {
            if (_value is not null && !_value.IsFaulted && time.GetElapsedTime(_readAt) < lifetime) return _value;
            _readAt = time.GetTimestamp();
            return _value = read();
        }
    }
}
