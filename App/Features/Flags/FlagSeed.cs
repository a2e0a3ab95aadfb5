using System.Security.Cryptography;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Flags;

/// <summary>Makes the flags that the slices declare, each once: what people change later stays.</summary>
public sealed class FlagSeed(FlagCatalog catalog, TimeProvider time) : ISeed
{
    public int Order => 0;

    public async Task SeedAsync(AppDbContext db, CancellationToken cancellation)
    {
        var keys = catalog.All.Select(d => d.Key).ToList();
        var there = await db.Set<Flag>().Where(f => f.TenantId == AppDbContext.DefaultTenant && keys.Contains(f.Key)).Select(f => f.Key).ToListAsync(cancellation);
        var missing = catalog.All.Where(d => !there.Contains(d.Key)).OrderBy(d => d.Key, StringComparer.Ordinal).ToList();
        if (missing.Count == 0) return;
        var now = time.GetUtcNow();
        var definition = (FlagDefinition.OnOff with { Permanent = true }).ToJson();
        foreach (var declared in missing)
        {
            var flag = new Flag
            {
                Id = Guid.CreateVersion7(now), TenantId = AppDbContext.DefaultTenant, Key = declared.Key, Enabled = declared.On, Definition = definition,
                Salt = NewSalt(), Version = 1, CreatedAt = now, ChangedAt = now,
            };
            db.Add(flag);
            db.Add(new FlagVersion { FlagId = flag.Id, Version = 1, Enabled = declared.On, Definition = definition, CreatedAt = now });
        }

        db.Audit(Caller.Portal, "flags.declare", "flag", missing.Count == 1 ? missing[0].Key : null, null, new { keys = missing.Select(d => d.Key) }, missing.Count);
        await db.SaveChangesAsync(cancellation);
    }

    internal static string NewSalt() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
