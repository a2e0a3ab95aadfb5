using BlazorAdmin.Data;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account;

/// <summary>Prints the set-up code once the portal listens, and notes the address for links that the command line makes.</summary>
public sealed class SetupAnnouncer(
    IDbContextFactory<AppDbContext> databases, DatabaseState database, SetupState setup, SetupCode codes, IServer server,
    IHostApplicationLifetime lifetime, IOptionsMonitor<SecurityOptions> options, TimeProvider time, ILogger<SetupAnnouncer> log) : BackgroundService
{
    internal const string AddressKey = "Portal.Address";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            await database.WhenReady(stoppingToken);
            await AnnounceAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops before it was ready.
        }
        catch (Exception exception)
        {
            AccountLog.AnnouncementFailed(log, exception);
        }
    }

    private async Task AnnounceAsync(CancellationToken cancellation)
    {
        var address = (options.CurrentValue.PublicUrl ?? ListeningAddress()).TrimEnd('/');
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var value = await db.Set<SystemValue>().SingleOrDefaultAsync(v => v.Key == AddressKey, cancellation);
        if (value is null) db.Add(value = new SystemValue { Key = AddressKey });
        value.Value = address;
        value.ChangedAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancellation);
        if (!await setup.IsNeededAsync(cancellation)) return;
        var code = await codes.IssueAsync(db, cancellation);
        Console.WriteLine($"""

              ----------------------------------------------------------------
              BlazorAdmin has no account yet. Make the first administrator:
                {address}/setup
                Code: {code}
              The code is valid for {SetupCode.Lifetime.TotalMinutes:0} minutes and once; a restart prints a new one.
              ----------------------------------------------------------------

            """);
    }

    private string ListeningAddress()
    {
        var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses;
        var first = bound?.FirstOrDefault(a => a.StartsWith("https", StringComparison.OrdinalIgnoreCase)) ?? bound?.FirstOrDefault() ?? "http://localhost:5000";
        return first.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal);
    }
}
