using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests;

/// <summary>Options that a test sets.</summary>
public sealed class SetOptions<T>(T value) : IOptionsMonitor<T>
{
    private Action<T, string?>? _changed;

    public T CurrentValue { get; private set; } = value;

    public T Get(string? name) => CurrentValue;

    public IDisposable? OnChange(Action<T, string?> listener)
    {
        _changed += listener;
        return null;
    }

    public void Set(T changed)
    {
        CurrentValue = changed;
        _changed?.Invoke(changed, null);
    }
}
