using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>The job that verifies now.</summary>
public sealed record RunningVerification(long JobId, DateTimeOffset StartedAt);

/// <summary>Runs verifications and remembers the last result, for every node.</summary>
public sealed class Verifications(IDbContextFactory<AppDbContext> databases, AuditVerifier verifier, Topic<AuditChainChanged> topic, TimeProvider time, ILogger<Verifications> log)
{
    internal const string LastKey = "Audit.Verification";
    internal const string RunningKey = "Audit.Verifying";

    /// <param name="job">The job that asks, null for the command line.</param>
    /// <param name="progress">Called with 0 to 100.</param>
    public async Task<VerificationReport> RunAsync(long? job, Action<double> progress, CancellationToken cancellation)
    {
        if (job is { } id) await WriteAsync(RunningKey, JsonSerializer.Serialize(new RunningVerification(id, time.GetUtcNow()), JsonSerializerOptions.Web), cancellation);
        var told = 0.0;
        try
        {
            topic.Publish(new AuditChainChanged(0));
            var report = await verifier.VerifyAsync(Tell, cancellation);
            if (!report.IsSound) AuditChainLog.Broken(log, report.ProblemCount, report.Problems.Count > 0 ? report.Problems[0].Describe() : "");
            await WriteAsync(LastKey, JsonSerializer.Serialize(report, JsonSerializerOptions.Web), cancellation);
            return report;
        }
        finally
        {
            // Also when the job is stopped: nothing runs any more.
            if (job is not null) await WriteAsync(RunningKey, null, CancellationToken.None);
            topic.Publish(new AuditChainChanged());
        }

        void Tell(double percent)
        {
            progress(percent);
            if (percent < told + 1) return;
            told = percent;
            topic.Publish(new AuditChainChanged(percent));
        }
    }

    /// <summary>Null if the chain was never verified.</summary>
    public Task<VerificationReport?> LastAsync(AppDbContext db, CancellationToken cancellation) => ReadAsync<VerificationReport>(db, LastKey, cancellation);

    /// <summary>Null if none runs.</summary>
    public Task<RunningVerification?> RunningAsync(AppDbContext db, CancellationToken cancellation) => ReadAsync<RunningVerification>(db, RunningKey, cancellation);

    private static async Task<T?> ReadAsync<T>(AppDbContext db, string key, CancellationToken cancellation) where T : class
    {
        var text = await db.Set<SystemValue>().AsNoTracking().Where(v => v.Key == key).Select(v => v.Value).SingleOrDefaultAsync(cancellation);
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null; // written by another version: as good as never
        }
    }

    private async Task WriteAsync(string key, string? value, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var row = await db.Set<SystemValue>().SingleOrDefaultAsync(v => v.Key == key, cancellation);
        if (row is null) db.Add(row = new SystemValue { Key = key });
        (row.Value, row.ChangedAt) = (value, time.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
    }
}
