using BlazorAdmin.Data;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>Whether somebody's roles demand a second factor (<see cref="SecurityOptions.RequireSecondFactorFor"/>).</summary>
public sealed class FactorRule(IOptionsMonitor<SecurityOptions> options)
{
    public async Task<bool> IsRequiredAsync(AppDbContext db, Guid userId, CancellationToken cancellation)
    {
        if (options.CurrentValue.RequireSecondFactorFor.Length == 0) return false;
        var (roles, _) = await AccessRegistry.RolesAsync(db, userId, cancellation);
        return options.CurrentValue.RequiresSecondFactor(roles);
    }
}
