using System.Security.Cryptography;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Settings;

/// <summary>
/// Brings the overrides of the database into the configuration: once it is ready, when another node says that they changed,
/// and every ten seconds as the net. Also logs what <see cref="SettingsStatus"/> reports.
/// </summary>
public sealed class DatabaseSettingsLoader(
    IDbContextFactory<AppDbContext> databases, DatabaseState database, DatabaseSettingsProvider provider, SettingsStatus status, Topic<SettingsChanged> topic,
    RoleSettings roles, SecretBox secrets, TimeProvider time, ILogger<DatabaseSettingsLoader> log) : BackgroundService
{
    public const string SecretPurpose = "settings";
    private const string DatabaseSource = "database";

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Reads the overrides and applies what changed; running code has the new values when it returns.</summary>
    public async Task ReloadAsync(CancellationToken cancellation)
    {
        // One after the other: an older reading must not overwrite a newer one.
        await _one.WaitAsync(cancellation);
        try
        {
            var values = await ReadAsync(cancellation);
            if (provider.Replace(values)) SettingsLog.Applied(log, values.Count);
            await using var db = await databases.CreateDbContextAsync(cancellation);
            await roles.ReportAsync(db, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// The first reading, before anything is served: what is read at the start then has the portal's values. If it fails it is said and
    /// the readings that follow make up for it.
    /// </summary>
    public async Task LoadAtStartAsync(CancellationToken cancellation)
    {
        try
        {
            if (database.IsReady) await ReloadAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            SettingsLog.ReadFailed(log, exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        status.Changed += LogProblem;
        foreach (var problem in status.Problems) LogProblem(problem.Source, problem);
        try
        {
            await database.WhenReady(stoppingToken);
            await using var reload = new Throttle(TimeSpan.FromMilliseconds(100), ReloadAsync, time, exception => SettingsLog.ReadFailed(log, exception));
            using var subscription = topic.Subscribe(_ => reload.Signal(), reload.Signal);
            using var timer = new PeriodicTimer(PollInterval, time);
            do reload.Signal();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            status.Changed -= LogProblem;
        }
    }

    private async Task<Dictionary<string, string?>> ReadAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await db.Set<SettingOverride>().AsNoTracking().ToListAsync(cancellation);
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var unreadable = new List<string>();
        foreach (var row in rows)
        {
            // A command of the command line has no root key unless it asks for it.
            if (row.Encrypted && !secrets.IsReady)
            {
                unreadable.Add(row.Key);
                continue;
            }

            try
            {
                values[row.Key] = row is { Encrypted: true, Value: not null } ? secrets.Open(SecretPurpose, row.Value) : row.Value;
            }
            catch (CryptographicException)
            {
                unreadable.Add(row.Key);
            }
        }

        if (unreadable.Count == 0) status.Resolve(DatabaseSource);
        else status.Report(DatabaseSource, $"{string.Join(", ", unreadable.Order(StringComparer.Ordinal))} cannot be decrypted with this root key. Set it again.");
        return values;
    }

    private void LogProblem(string source, SettingsProblem? problem)
    {
        if (problem is null) SettingsLog.Resolved(log, source);
        else SettingsLog.Problem(log, source, problem.Message.TrimEnd('.'));
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }
}
