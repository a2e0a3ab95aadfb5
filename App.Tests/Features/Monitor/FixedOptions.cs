using BlazorAdmin.Features.Monitor;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Monitor;

/// <summary>Settings of the monitor that a test sets.</summary>
internal sealed class FixedOptions : IOptionsMonitor<MonitorOptions>
{
    public MonitorOptions CurrentValue { get; set; } = new();

    public MonitorOptions Get(string? name) => CurrentValue;

    public IDisposable? OnChange(Action<MonitorOptions, string?> listener) => null;
}
