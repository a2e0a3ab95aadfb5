using System.Diagnostics;
using System.Text.Json;

namespace BlazorAdmin.E2E;

/// <summary>Lighthouse, in its desktop preset, over pages as a signed-in person sees them.</summary>
internal static class Lighthouse
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="state">What <see cref="Portal.SignedInAs"/> gives.</param>
    /// <param name="categories">For instance <c>accessibility</c>, <c>best-practices</c>, <c>performance</c>.</param>
    public static async Task<IReadOnlyList<LighthouseReport>> RunAsync(Uri address, string state, IEnumerable<string> paths, params string[] categories)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            ArgumentList = { Path.Combine(Places.Repository, "App.E2E", "lighthouse.mjs"), Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium" },
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var given = new { pages = paths.Select(path => new Uri(address, path)), cookies = Cookies(address, state), categories };
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(given, Json));
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await errors);
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<LighthouseReport>(line, Json)!)];
    }

    private static List<object> Cookies(Uri address, string state)
    {
        using var document = JsonDocument.Parse(state);
        return [.. document.RootElement.GetProperty("cookies").EnumerateArray().Select(cookie => (object)new
        {
            name = cookie.GetProperty("name").GetString(), value = cookie.GetProperty("value").GetString(), url = address.ToString(),
            httpOnly = cookie.GetProperty("httpOnly").GetBoolean(), secure = cookie.GetProperty("secure").GetBoolean(), sameSite = cookie.GetProperty("sameSite").GetString(),
        })];
    }
}

/// <param name="Scores">0 to 100 of each category.</param>
/// <param name="Failed">Audits that cost points, with the first places.</param>
/// <param name="Shift">Cumulative layout shift; null where performance was not asked for.</param>
/// <param name="Paint">Largest contentful paint in ms.</param>
/// <param name="Bytes">Transferred for the page.</param>
internal sealed record LighthouseReport(string Page, IReadOnlyDictionary<string, int> Scores, IReadOnlyList<string> Failed, string? Error, double? Shift, double? Paint, double? Bytes);
