using BlazorAdmin.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Mail;

/// <summary>Whether mails leave: how long the oldest waits, and what the server said. A portal without a mail server is healthy and says so.</summary>
public sealed class MailHealthCheck(IDbContextFactory<AppDbContext> databases, DatabaseState state, IOptionsMonitor<MailOptions> options, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(15);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!state.IsReady) return HealthCheckResult.Degraded("The database is not ready.");
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var mails = db.Set<MailMessage>().AsNoTracking();
        var waiting = await mails.CountAsync(m => m.State == MailState.Queued, cancellationToken);
        var settings = options.CurrentValue;
        var data = new Dictionary<string, object> { ["configured"] = settings.IsConfigured, ["waiting"] = waiting };
        if (!settings.IsConfigured) return HealthCheckResult.Healthy($"{MailAnswers.NoServer} {waiting} mails wait.", data);
        var failed = await mails.CountAsync(m => m.State == MailState.Failed && m.CreatedAt > now.AddDays(-1), cancellationToken);
        data["failedToday"] = failed;
        var oldest = await mails.Where(m => m.State == MailState.Queued).OrderBy(m => m.CreatedAt).Select(m => new { m.CreatedAt, m.Answer }).FirstOrDefaultAsync(cancellationToken);
        return oldest is not null && now - oldest.CreatedAt > LongWait
            ? HealthCheckResult.Degraded($"{waiting} mails wait, the oldest for {(now - oldest.CreatedAt).TotalMinutes:0} minutes. {oldest.Answer}", data: data)
            : HealthCheckResult.Healthy($"{waiting} mails wait, {failed} failed in the last 24 hours.", data);
    }
}
