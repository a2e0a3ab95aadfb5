using BlazorAdmin.Data;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Live;

/// <summary>Somebody who has the portal open.</summary>
/// <param name="Since">When the first of the pages was opened.</param>
/// <param name="Page">Path of the page they came to last.</param>
/// <param name="Pages">How many they have open.</param>
/// <param name="Nodes">Names of the processes that serve them.</param>
/// <param name="IsConnected">False if none of the pages can be reached now.</param>
public sealed record PresentPerson(Guid UserId, string Name, DateTimeOffset Since, string Page, int Pages, IReadOnlyList<string> Nodes, bool IsConnected);

/// <summary>Who is connected, on all nodes, at most some seconds late.</summary>
public sealed class Presence(IDbContextFactory<AppDbContext> databases, Guard guard, IOptionsMonitor<PrivacyOptions> privacy, TimeProvider time)
{
    /// <summary>Pages that are read at most.</summary>
    public const int Limit = 1_000;

    /// <summary>Everybody of the caller's tenant whose presence they may see (settings <c>Privacy</c>), by name.</summary>
    /// <exception cref="ForbiddenException">Without <see cref="PresencePermissions.Read"/>.</exception>
    public async Task<IReadOnlyList<PresentPerson>> ReadAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.Require(PresencePermissions.Read, cancellation);
        var oldest = time.GetUtcNow() - PresenceService.DeadAfter;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await (
            from circuit in db.Set<CircuitPresence>().AsNoTracking()
            join node in db.Set<LiveNode>() on circuit.NodeInstance equals node.Instance
            join user in db.Users on circuit.UserId equals user.Id
            where circuit.TenantId == caller.TenantId && node.SeenAt >= oldest
            orderby user.DisplayName, user.Id, circuit.PageSince descending
            select new { circuit.UserId, user.DisplayName, circuit.ConnectedAt, circuit.Page, circuit.IsConnected, Node = node.Name }).Take(Limit).ToListAsync(cancellation);
        var seen = await Privacy.SeenAsync(db, caller, privacy.CurrentValue.Presence, [.. rows.Select(r => r.UserId).Distinct()], cancellation);
        return [.. rows.Where(r => seen.Contains(r.UserId)).GroupBy(r => r.UserId).Select(pages => new PresentPerson(
            pages.Key, pages.First().DisplayName, pages.Min(p => p.ConnectedAt), pages.First().Page, pages.Count(),
            [.. pages.Select(p => p.Node).Distinct().Order(StringComparer.Ordinal)], pages.Any(p => p.IsConnected)))];
    }
}
