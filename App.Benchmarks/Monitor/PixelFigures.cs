using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Benchmarks.Portal;

namespace BlazorAdmin.Benchmarks.Monitor;

/// <summary>From the reading of the kernel's counters to the frame of the browser that draws them.</summary>
internal static class PixelFigures
{
    private const int Frames = 150;

    // One reading for every frame in which something new was drawn; both clocks are the machine's.
    private const string Collect = """
        async count => {
          const url = performance.getEntriesByType("resource").map(entry => entry.name).find(name => name.includes("live-chart"));
          const { statistics } = await import(url);
          const lags = [];
          let last = statistics().frames;
          while (lags.length < count) {
            await new Promise(requestAnimationFrame);
            const { frames, lastPixelMs } = statistics();
            if (frames !== last) { last = frames; lags.push(lastPixelMs); }
          }
          return lags;
        }
        """;

    public static async Task MeasureAsync(FigureSink sink, ServedProgram program, HttpClient person, CancellationToken cancellation)
    {
        sink.Say("Sample to pixel in Chromium, all charts of the Monitor tab");
        await using var browser = await FirstLoad.StartAsync();
        await using var context = await browser.OpenAsync(new Uri(program.Address, Pages.Charts), person);
        var page = context.Pages[0];
        await page.Locator("canvas").First.WaitForAsync();
        FigureSpec[] specs = [new("monitor.pixel.p50", "ms", Better.Lower), new("monitor.pixel.p95", "ms", Better.Lower) { Must = 100, Aim = 50 }];
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), async _ =>
        {
            var lags = await page.EvaluateAsync<double[]>(Collect, Frames);
            return new RunResult([Runs.Median(lags), Runs.Percentile(lags, 0.95)], [double.NaN, double.NaN]);
        }, cancellation);
    }
}
