using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Data;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Benchmarks.Portal;

/// <summary>Lighthouse in its desktop preset over every page that an administrator can open without naming a thing; the figures are those of the worst page.</summary>
internal static class LighthouseFigures
{
    private static readonly string[] Categories = ["performance", "accessibility", "best-practices"];

    public static async Task MeasureAsync(FigureSink sink, ServedProgram program, HttpClient person, CancellationToken cancellation)
    {
        var paths = Paths();
        sink.Say($"Lighthouse, desktop preset, {paths.Count} pages");
        FigureSpec[] specs =
        [
            new("portal.lighthouse.performance", "points", Better.Higher) { Must = 95 },
            new("portal.lighthouse.accessibility", "points", Better.Higher) { Must = 100 },
            new("portal.lighthouse.practices", "points", Better.Higher) { Must = 95 },
            new("portal.lighthouse.shift", "CLS", Better.Lower) { Must = 0.05 },
        ];
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Once, async token =>
        {
            var reports = await RunAsync(program.Address, person, paths, token);
            if (reports.FirstOrDefault(report => report.Error is not null || new Uri(report.Page).AbsolutePath == "/account/login") is { } bad)
                throw new InvalidOperationException($"Lighthouse saw no page at {bad.Page}: {bad.Error ?? "it led to the sign-in"}.");
            foreach (var report in reports.OrderBy(report => report.Scores["performance"]))
                sink.Say($"    {report.Scores["performance"],3} {report.Scores["accessibility"],3} {report.Scores["best-practices"],3}  shift {report.Shift ?? 0:0.000}  paint {report.Paint ?? 0,5:0} ms  {(report.Bytes ?? 0) / 1024,5:0} KB  {new Uri(report.Page).PathAndQuery}");
            foreach (var problem in reports.SelectMany(report => report.Failed.Select(audit => audit.Split(':')[0])).CountBy(audit => audit).OrderByDescending(audit => audit.Value).Take(8)) sink.Say($"    {problem.Value} pages: {problem.Key}");
            return new RunResult(
                [Least(reports, "performance"), Least(reports, "accessibility"), Least(reports, "best-practices"), reports.Max(report => report.Shift ?? 0)],
                [double.NaN, double.NaN, double.NaN, double.NaN]);
        }, cancellation);
    }

    private static double Least(IReadOnlyList<Report> reports, string category) => reports.Min(report => report.Scores[category]);

    private static List<string> Paths() =>
        [.. typeof(AppDbContext).Assembly.GetTypes().Where(type => type.GetCustomAttribute<AllowAnonymousAttribute>() is null).SelectMany(type => type.GetCustomAttributes<RouteAttribute>())
            .Select(route => route.Template).Where(route => !route.Contains('{', StringComparison.Ordinal) && route is not ("/not-found" or "/account/forbidden")).Order(StringComparer.Ordinal)];

    private static async Task<IReadOnlyList<Report>> RunAsync(Uri address, HttpClient person, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            ArgumentList = { Path.Combine(Repository.Root, "App.E2E", "lighthouse.mjs"), Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium" },
        };
        var cookies = person.DefaultRequestHeaders.GetValues("Cookie").SelectMany(header => header.Split("; "))
            .Select(cookie => cookie.Split('=', 2)).Select(cookie => new { name = cookie[0], value = cookie[1], url = address.ToString() });
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(new { pages = paths.Select(path => new Uri(address, path)), cookies, categories = Categories }));
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException($"Lighthouse ended with {process.ExitCode}: {await errors}");
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Report>(line, JsonSerializerOptions.Web)!)];
    }

    private sealed record Report(string Page, Dictionary<string, int> Scores, IReadOnlyList<string> Failed, string? Error, double? Shift, double? Paint, double? Bytes);
}
