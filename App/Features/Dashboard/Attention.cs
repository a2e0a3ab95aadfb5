using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>A tab with things that wait for a person.</summary>
public sealed record AttentionItem(string Route, string Title, string Icon, int Count);

/// <summary>What waits for the caller: the tabs whose badge asks for a person.</summary>
public sealed class Attention(IEnumerable<NavigationEntry> entries, IServiceProvider services, Guard guard, IStringLocalizerFactory texts)
{
    /// <exception cref="ForbiddenException">Nobody is signed in.</exception>
    public async ValueTask<IReadOnlyList<AttentionItem>> ReadAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        var items = new List<AttentionItem>();
        foreach (var (entry, badge) in Badges())
        {
            if (entry.Permission is not null && !caller.May(entry.Permission)) continue;
            var count = await badge.CountAsync(cancellation);
            if (count > 0) items.Add(new AttentionItem(entry.Route, texts.Create(entry.Texts)[entry.TitleKey], entry.Icon, count));
        }
        return items;
    }

    /// <summary>Calls <paramref name="changed"/> when the list may have changed, until all of the result is disposed.</summary>
    public IEnumerable<IDisposable> Subscribe(Action changed) => [.. Badges().Select(one => one.Badge.Subscribe(changed))];

    private IEnumerable<(NavigationEntry Entry, INavigationBadge Badge)> Badges() =>
        from entry in entries
        where entry.Badge is not null
        orderby entry.Group, entry.Order
        let badge = (INavigationBadge)services.GetRequiredService(entry.Badge!)
        where badge.NeedsAttention
        select (entry, badge);
}
