using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <summary>How the parts read and change many rows of one person.</summary>
public static class PersonalRows
{
    // Below what makes SQL Server lock a whole table.
    private const int Part = 2_000;

    /// <summary>Most indexes by person begin with the tenant.</summary>
    public static Task<Guid> TenantOfAsync(this AppDbContext db, Guid userId, CancellationToken cancellation) =>
        db.Users.Where(u => u.Id == userId).Select(u => u.TenantId).SingleOrDefaultAsync(cancellation);

    /// <summary>Changes the rows part by part, until <paramref name="change"/> has left none that match.</summary>
    /// <returns>How many were changed.</returns>
    public static async Task<int> InPartsAsync<T>(this IOrderedQueryable<T> rows, Func<IQueryable<T>, Task<int>> change)
    {
        for (var total = 0; ;)
        {
            var changed = await change(rows.Take(Part));
            total += changed;
            if (changed < Part) return total;
        }
    }
}
