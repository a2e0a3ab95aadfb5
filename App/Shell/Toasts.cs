using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Shell;

/// <summary>The messages of this circuit. What went well leaves after a while; what went wrong stays until the person closes it.</summary>
public sealed class Toasts(TimeProvider time, IOptionsMonitor<ToastOptions> options) : IDisposable
{
    private const int Most = 4;
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(6);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, ITimer> _timers = [];
    private List<Toast> _shown = [];
    private long _last;

    /// <summary>Raised on any thread.</summary>
    public event Action? Changed;

    public IReadOnlyList<Toast> Shown => _shown;

    public void Done(string text, Func<Task>? undo = null) => Show(Tone.Ok, text, undo);

    public void Failed(string text) => Show(Tone.Bad, text);

    public void Show(Tone tone, string text, Func<Task>? undo = null, string? linkText = null, string? link = null)
    {
        lock (_lock)
        {
            var toast = new Toast(++_last, tone, text, undo, linkText, link);
            var kept = _shown.Count < Most ? _shown : _shown[1..];
            foreach (var gone in _shown.Except(kept)) DropTimer(gone.Number);
            _shown = [.. kept, toast];
            if (tone is not (Tone.Bad or Tone.Warn))
                _timers[toast.Number] = time.CreateTimer(_ => Close(toast.Number), null, undo is null ? Stay : TimeSpan.FromSeconds(options.CurrentValue.UndoSeconds), Timeout.InfiniteTimeSpan);
        }
        Changed?.Invoke();
    }

    public void Close(long number)
    {
        lock (_lock)
        {
            DropTimer(number);
            _shown = [.. _shown.Where(toast => toast.Number != number)];
        }
        Changed?.Invoke();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var timer in _timers.Values) timer.Dispose();
            _timers.Clear();
        }
    }

    private void DropTimer(long number)
    {
        if (_timers.Remove(number, out var timer)) timer.Dispose();
    }
}
