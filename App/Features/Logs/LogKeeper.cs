using System.Collections.Concurrent;
using BlazorAdmin.Data;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Logs;

/// <summary>The logging provider that keeps the portal's log in the database. A line costs its text; nothing waits for the database.</summary>
[ProviderAlias("Portal")]
public sealed class LogKeeper : ILoggerProvider, ISupportExternalScope
{
    // Says what the Health tab shows anyway, at every run.
    private const string HealthChecks = "Microsoft.Extensions.Diagnostics.HealthChecks";
    private const string Ours = "BlazorAdmin.";

    private readonly ConcurrentDictionary<string, Logger> _loggers = new();
    private readonly LogQueue _queue;
    private readonly LogRecorder _recorder;
    private readonly IDisposable? _change;
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();
    private volatile LogsOptions _options;

    public LogKeeper(LogQueue queue, NodeInfo node, TimeProvider time, IOptionsMonitor<LogsOptions> options)
    {
        (_queue, _recorder, _options) = (queue, new LogRecorder(node, time), options.CurrentValue);
        _change = options.OnChange(changed => _options = changed);
    }

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, name => new Logger(this, name));

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() => _change?.Dispose();

    private sealed class Logger(LogKeeper keeper, string category) : ILogger
    {
        private readonly bool _isOurs = category.StartsWith(Ours, StringComparison.Ordinal);
        private readonly bool _isHealth = category.StartsWith(HealthChecks, StringComparison.Ordinal);
        private readonly string _slice = LogRecorder.SliceOf(category);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => keeper._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel != LogLevel.None && logLevel >= (_isHealth ? LogLevel.Critical : _isOurs ? keeper._options.Level : keeper._options.FrameworkLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || LogQueue.IsSilent) return;
            keeper._queue.Add(Record(logLevel, state, exception, formatter));
        }

        private LogEntry Record<TState>(LogLevel level, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            try
            {
                return keeper._recorder.Record(level, category, _slice, formatter(state, exception), exception, state as IReadOnlyList<KeyValuePair<string, object?>>, keeper._scopes);
            }
            catch (Exception failure)
            {
                // Values write themselves, and may fail at it: whoever logs must not fail for that.
                return keeper._recorder.Unreadable(level, category, _slice, failure);
            }
        }
    }
}
