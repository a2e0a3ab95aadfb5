using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Fingerprinted addresses of the scripts that draw live metrics.</summary>
/// <param name="Module">The own module, <c>js/live-chart.js</c>.</param>
/// <param name="Charts">uPlot; loaded only by pages that have a chart.</param>
public sealed record LiveAssets(string Module, string Charts)
{
    public static LiveAssets From(ResourceAssetCollection assets) => new("./" + assets["js/live-chart.js"], "./" + assets["lib/uPlot.esm.js"]);
}
