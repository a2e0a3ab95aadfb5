using System.Text;
using System.Text.Json;
using System.Threading.RateLimiting;

namespace BlazorAdmin.Security.Http;

/// <summary>Counts and logs what browsers report about the content security policy; there should be none.</summary>
public sealed class CspReports(ILogger<CspReports> log) : IDisposable
{
    private const int MaxBytes = 16 * 1024;

    private readonly FixedWindowRateLimiter _limiter = new(new FixedWindowRateLimiterOptions { PermitLimit = 60, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });
    private long _count;

    /// <summary>Reports since the start, the unlogged ones included.</summary>
    public long Count => Interlocked.Read(ref _count);

    public async Task<IResult> ReceiveAsync(HttpRequest request, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _count);
        using var permit = _limiter.AttemptAcquire();
        if (!permit.IsAcquired) return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        if (request.ContentLength is > MaxBytes) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        var buffer = new byte[MaxBytes];
        var read = await request.Body.ReadAtLeastAsync(buffer, MaxBytes, throwOnEndOfStream: false, cancellation);
        var (page, directive, blocked) = Parse(buffer.AsMemory(0, read));
        SecurityLog.CspReport(log, page, directive, blocked);
        return Results.NoContent();
    }

    private static (string Page, string Directive, string Blocked) Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("csp-report", out var report) && report.ValueKind == JsonValueKind.Object)
                return (Text(report, "document-uri"), Text(report, "violated-directive"), Text(report, "blocked-uri"));
        }
        // The latter for half a pair of surrogates in a text.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return ("(unreadable)", "", "");
        }

        return ("(unreadable)", "", "");
    }

    // One line, no control characters, whatever was sent.
    private static string Text(JsonElement report, string name) =>
        report.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? string.Concat((value.GetString() ?? "").EnumerateRunes().Where(rune => !Rune.IsControl(rune)).Take(300))
            : "";

    public void Dispose() => _limiter.Dispose();
}
