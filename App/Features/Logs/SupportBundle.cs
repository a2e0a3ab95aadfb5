using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Monitor.Export;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Net.Http.Headers;

namespace BlazorAdmin.Features.Logs;

/// <summary>
/// One archive for whoever helps from outside: log and traces of the last hours, versions, nodes, the configuration in force without
/// secrets, the state of every component, the last figures. Streamed; taking it is recorded.
/// </summary>
public sealed class SupportBundle(
    SupportBundleTurn turn, IDbContextFactory<AppDbContext> databases, Guard guard, IDatabaseDialect dialect, NodeInfo node, LogQueue queue, IConfiguration configuration, IEnumerable<SettingsSection> sections,
    HealthCheckService health, IEnumerable<IMetricsSource> metrics, TimeProvider time)
{
    public const string Route = "/admin/logs/bundle";
    public const int MostHours = 24 * 14;

    /// <summary>Hours that the tab offers.</summary>
    public static readonly IReadOnlyList<int> Choices = [1, 24, 168];

    private const int MostLines = 200_000;
    private const int MostSpans = 50_000;

    private const string RetrySeconds = "30";

    private static readonly JsonSerializerOptions Readable = new(AuditExtensions.Json) { WriteIndented = true };

    /// <summary>Answers <c>GET /admin/logs/bundle?hours=24</c>.</summary>
    public async Task AnswerAsync(HttpContext http, CancellationToken cancellation)
    {
        var caller = await guard.Require(LogsPermissions.Bundle, cancellation);
        var given = http.Request.Query["hours"].ToString();
        var hours = 24;
        if (given.Length > 0 && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out hours) || hours is < 1 or > MostHours))
        {
            await Results.Problem($"hours is '{given}'; write a whole number from 1 to {MostHours}.", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
            return;
        }

        // A page elsewhere must not have somebody's browser work for it.
        if (http.Request.Headers["Sec-Fetch-Site"] == "cross-site")
        {
            await Results.Problem("Take the bundle from the tab Logs of the portal.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(http);
            return;
        }

        if (!turn.TryTake())
        {
            http.Response.Headers.RetryAfter = RetrySeconds;
            await Results.Problem("Another bundle is being written. Try again when it is done.", statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(http);
            return;
        }

        try
        {
            await SendAsync(http, caller, hours, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task SendAsync(HttpContext http, Caller caller, int hours, CancellationToken cancellation)
    {
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            db.Audit(caller, "logs.bundle", detail: new { hours });
            await db.SaveChangesAsync(cancellation);
        }

        var header = new ContentDispositionHeaderValue("attachment");
        header.SetHttpFileName($"blazoradmin-support-{time.GetUtcNow().ToString("yyyy-MM-dd-HHmm", CultureInfo.InvariantCulture)}.zip");
        http.Response.ContentType = "application/zip";
        http.Response.Headers.ContentDisposition = header.ToString();
        http.Response.Headers.CacheControl = "no-store";
        // The archive's classes write some bytes of its frame at once, which the body itself refuses.
        await using var body = http.Response.BodyWriter.AsStream(leaveOpen: true);
        await WriteAsync(body, TimeSpan.FromHours(hours), cancellation);
    }

    private async Task WriteAsync(Stream target, TimeSpan span, CancellationToken cancellation)
    {
        await using var zip = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation);
        var since = time.GetUtcNow() - span;
        await AddAsync(zip, "versions.json", Versions(), cancellation);
        await AddAsync(zip, "configuration.json", Configuration(), cancellation);
        await AddAsync(zip, "health.json", await HealthAsync(cancellation), cancellation);
        await using (var text = await zip.CreateEntry("metrics.txt").OpenAsync(cancellation))
        {
            var buffer = System.IO.Pipelines.PipeWriter.Create(text, new System.IO.Pipelines.StreamPipeWriterOptions(leaveOpen: true));
            var writer = new PrometheusWriter(buffer, isOpenMetrics: false);
            foreach (var source in metrics) source.Write(writer);
            await buffer.CompleteAsync();
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        var nodes = await db.Set<LogEntry>().Where(e => e.At >= since).GroupBy(e => e.Node).Select(g => new { node = g.Key, lines = g.Count(), last = g.Max(e => e.At) }).ToListAsync(cancellation);
        await AddAsync(zip, "nodes.json", new { here = new { node.Name, node.Instance, node.StartedAt }, seen = nodes }, cancellation);
        await AddLinesAsync(zip, "log.jsonl", db.Set<LogEntry>().AsNoTracking().Where(e => e.At >= since).OrderByDescending(e => e.At).Take(MostLines).AsAsyncEnumerable(), cancellation);
        await AddLinesAsync(zip, "traces.jsonl", db.Set<TraceSpan>().AsNoTracking().Where(s => s.StartedAt >= since).OrderByDescending(s => s.StartedAt).Take(MostSpans).AsAsyncEnumerable(), cancellation);
    }

    private object Versions() => new
    {
        takenAt = time.GetUtcNow(), portal = PortalMetricsSource.Version, dotnet = RuntimeInformation.FrameworkDescription, system = RuntimeInformation.OSDescription,
        architecture = RuntimeInformation.OSArchitecture.ToString(), processors = Environment.ProcessorCount, database = dialect.Provider.ToString(),
        culture = CultureInfo.CurrentCulture.Name, linesWritten = queue.Written, linesDropped = queue.Dropped, spansDropped = queue.DroppedSpans,
        assemblies = AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsDynamic).Select(a => a.GetName()).OrderBy(n => n.Name, StringComparer.Ordinal).Select(n => $"{n.Name} {n.Version}"),
    };

    // The registered sections alone: connection strings and whatever else stands in the environment are nobody's business.
    private object Configuration() => sections.OrderBy(s => s.Name, StringComparer.Ordinal).SelectMany(section => SettingKeys.Of(section, configuration)).Select(key =>
    {
        var origin = SettingOrigin.Of(configuration, key.Name);
        var isSecret = key.IsSecret || LogMask.IsSecret(key.Name.Split(':')[^1]);
        return new { key = key.Name, value = isSecret ? LogMask.Masked : origin.Value is { } value ? LogMask.Clean(value) : key.Default, source = origin.Source.ToString() };
    });

    private async Task<object> HealthAsync(CancellationToken cancellation)
    {
        var report = await health.CheckHealthAsync(cancellation);
        return new
        {
            status = report.Status.ToString(),
            components = report.Entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new { name = e.Key, status = e.Value.Status.ToString(), description = e.Value.Description is { } text ? LogMask.Clean(text) : null, milliseconds = e.Value.Duration.TotalMilliseconds, data = Clean(e.Value.Data) }),
        };
    }

    private static Dictionary<string, object> Clean(IReadOnlyDictionary<string, object> data) =>
        data.ToDictionary(d => d.Key, d => LogMask.IsSecret(d.Key) ? LogMask.Masked : d.Value is string text ? LogMask.Clean(text) : d.Value);

    private static async Task AddAsync(ZipArchive zip, string name, object content, CancellationToken cancellation)
    {
        await using var stream = await zip.CreateEntry(name).OpenAsync(cancellation);
        await JsonSerializer.SerializeAsync(stream, content, Readable, cancellation);
    }

    private static async Task AddLinesAsync<T>(ZipArchive zip, string name, IAsyncEnumerable<T> rows, CancellationToken cancellation)
    {
        await using var stream = await zip.CreateEntry(name).OpenAsync(cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            await JsonSerializer.SerializeAsync(stream, row, AuditExtensions.Json, cancellation);
            await stream.WriteAsync("\n"u8.ToArray(), cancellation);
        }
    }
}
