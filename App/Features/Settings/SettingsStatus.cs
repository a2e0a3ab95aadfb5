using System.Collections.Concurrent;

namespace BlazorAdmin.Features.Settings;

/// <summary>Something in the configuration that is not applied; the last good value stays in force.</summary>
/// <param name="Source">A file, or a section of typed options.</param>
/// <param name="Message">What is wrong, for people; no secret.</param>
public sealed record SettingsProblem(string Source, string Message, DateTimeOffset Since);

/// <summary>What is wrong with the configuration now. Exists before every service, as the first file is read.</summary>
public sealed class SettingsStatus(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, SettingsProblem> _problems = new();

    /// <summary>The folder whose files are read beside appsettings.</summary>
    public string? Folder { get; internal set; }

    /// <summary>Raised on any thread when a problem comes (with it) or goes (null).</summary>
    public event Action<string, SettingsProblem?>? Changed;

    public IReadOnlyList<SettingsProblem> Problems => [.. _problems.Values.OrderBy(p => p.Source, StringComparer.Ordinal)];

    /// <summary>Calls <paramref name="changed"/> on any thread when a problem comes or goes, until disposed.</summary>
    public IDisposable Subscribe(Action changed)
    {
        var subscription = new Subscription(this, changed);
        Changed += subscription.Tell;
        return subscription;
    }

    internal void Report(string source, string message)
    {
        if (_problems.TryGetValue(source, out var known) && known.Message == message) return;
        var problem = new SettingsProblem(source, message, time.GetUtcNow());
        _problems[source] = problem;
        Changed?.Invoke(source, problem);
    }

    internal void Resolve(string source)
    {
        if (_problems.TryRemove(source, out _)) Changed?.Invoke(source, null);
    }

    private sealed class Subscription(SettingsStatus status, Action changed) : IDisposable
    {
        public void Tell(string source, SettingsProblem? problem) => changed();

        public void Dispose() => status.Changed -= Tell;
    }
}
