using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Finds a job by its number (<c>#123</c>) and the list of a type by the type's name.</summary>
public sealed class JobsSearch(Guard guard, CurrentCaller current, IDbContextFactory<AppDbContext> databases, JobTypes types) : ISearchProvider
{
    private const string Kind = "Job";
    private const string Icon = "jobs";

    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int limit, CancellationToken cancellation)
    {
        if (!await guard.Allows(JobsPermissions.Read, cancellation) || await current.GetAsync(cancellation) is not { } caller) return [];
        var typed = text.Trim();
        if (long.TryParse(typed.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            return await db.Set<Job>().Where(j => j.Id == id && j.TenantId == caller.TenantId)
                .Select(j => new SearchHit(Kind, $"#{j.Id} {j.Type}", j.Subject, $"/admin/jobs?item={j.Id}", Icon)).Take(limit).ToListAsync(cancellation);
        }

        return [.. types.All.Where(t => typed.Length > 1 && t.Name.Contains(typed, StringComparison.OrdinalIgnoreCase)).OrderBy(t => t.Name, StringComparer.Ordinal).Take(limit)
            .Select(t => new SearchHit(Kind, t.Name, null, $"/admin/jobs?type={Uri.EscapeDataString(t.Name)}", Icon))];
    }
}
