using BlazorAdmin.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Checklist.Items;

/// <summary>People reach the portal over TLS: through its own certificate, or a proxy that is believed.</summary>
public sealed class TlsItem(IServer server, IOptionsMonitor<SecurityOptions> options) : IChecklistItem
{
    // A page that came over TLS proves it for those who look without a page.
    private volatile string? _seen;

    public string Key => "tls";

    public int Order => 10;

    public Type Texts => typeof(ChecklistTexts);

    public string TitleKey => "TlsTitle";

    public Task<ChecklistFinding> MeasureAsync(ChecklistLook look, CancellationToken cancellation) => Task.FromResult(Measure(look.Address) with { Link = "/admin/system?section=Security" });

    private ChecklistFinding Measure(Uri? address)
    {
        if (IsTls(address?.ToString())) _seen = address!.GetLeftPart(UriPartial.Authority);
        if (address is not null && !IsTls(address.ToString())) return new ChecklistFinding(ChecklistState.Open, "TlsPlain", address.GetLeftPart(UriPartial.Authority));
        if (_seen is { } seen) return new ChecklistFinding(ChecklistState.Done, "TlsDone", seen);
        var known = (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Append(options.CurrentValue.PublicUrl).FirstOrDefault(IsTls);
        return known is null ? new ChecklistFinding(ChecklistState.Open, "TlsNone") : new ChecklistFinding(ChecklistState.Done, "TlsDone", known);
    }

    private static bool IsTls(string? address) => address?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;
}
