using System.Data.Common;
using System.Net.Sockets;

namespace BlazorAdmin.Data;

/// <summary>
/// Migrates before anything else starts. While the server cannot be reached it says so once and tries again; the portal
/// then serves only <c>/health</c> and a page that says what is missing.
/// </summary>
public sealed class DatabaseStartup(DatabaseMigrator migrator, DatabaseState state, DatabaseChoice choice, IDatabaseDialect dialect, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DatabaseStartup> log)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    /// <summary>The first requests have the processor to themselves: a start compiles as much for the work in the background as for them.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(0.5);

    private readonly CancellationTokenSource _stopping = new();
    private Task _retrying = Task.CompletedTask;
    private Task _resting = Task.CompletedTask;
    private bool _prepared;
    private volatile bool _listening;

    /// <summary>Why the start was given up, if it was.</summary>
    public static StartupException? Failure { get; private set; }

    /// <summary>
    /// The first attempt, before the host starts: what stops the start then reaches the operator as one line and not as
    /// the host's report of a failed service.
    /// </summary>
    /// <exception cref="StartupException">Trying again cannot help.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        _prepared = true;
        await TryAsync(cancellation);
    }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!_prepared) await PrepareAsync(cancellationToken);
        if (!state.IsReady) _retrying = RetryAsync();
    }

    private async Task<bool> TryAsync(CancellationToken cancellation)
    {
        try
        {
            await migrator.MigrateAsync(cancellation);
            state.SetSchemaReady();
            if (_listening) state.SetReady();
            return true;
        }
        catch (Exception exception) when (dialect.IsTransient(exception))
        {
            var problem = $"{choice.Description} cannot be reached: {Innermost(exception).Message}";
            if (state.Problem != problem) DataLog.Unreachable(log, problem);
            state.SetProblem(problem);
            return false;
        }
        catch (Exception exception) when (exception.GetBaseException() is DbException)
        {
            throw NotPrepared(exception);
        }
    }

    private StartupException NotPrepared(Exception exception) => new($"{choice.Description} could not be prepared: {Innermost(exception).Message.ReplaceLineEndings(" ")}", exception);

    private async Task RetryAsync()
    {
        using var timer = new PeriodicTimer(RetryInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                if (!await TryAsync(_stopping.Token)) continue;
                DataLog.Reachable(log, choice.Description);
                return;
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The portal stops while it waits for its database.
        }
        catch (Exception exception)
        {
            Failure = exception as StartupException ?? NotPrepared(exception);
            lifetime.StopApplication();
        }
    }

    private static Exception Innermost(Exception exception)
    {
        // A refused connection of SQL Server carries an empty inner reason.
        while (exception.InnerException is { } inner and not SocketException { SocketErrorCode: SocketError.Success }) exception = inner;
        return exception;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _listening = true;
        if (state.IsReady) _resting = RestAsync();
        return Task.CompletedTask;
    }

    private async Task RestAsync()
    {
        await Task.Delay(Rest, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_stopping.IsCancellationRequested) state.SetReady();
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _retrying;
        await _resting;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();
}
