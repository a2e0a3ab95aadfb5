using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Fingerprinted addresses of the scripts that draw live metrics.</summary>
/// <param name="Module">Reads the stream: <c>js/live-chart.js</c>.</param>
/// <param name="Views">Draws: <c>js/live-views.js</c>.</param>
/// <param name="Charts">uPlot; loaded only by pages that have a chart.</param>
public sealed record LiveAssets(string Module, string Views, string Charts)
{
    public static LiveAssets From(ResourceAssetCollection assets) => new("./" + assets["js/live-chart.js"], "./" + assets["js/live-views.js"], "./" + assets["lib/uPlot.esm.js"]);
}
