using System.Threading.RateLimiting;
using BlazorAdmin.Security.Http;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>Limits how many refused passkeys of one address are recorded: rubbish from one place must not hide what comes from another.</summary>
public sealed class PasskeyAttempts : IDisposable
{
    internal const int PerMinute = 30;

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(network => RateLimitPartition.GetFixedWindowLimiter(
        network, _ => new FixedWindowRateLimiterOptions { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    public bool Allow(string? address)
    {
        using var permit = _limiter.AttemptAcquire(ClientAddress.NetworkOf(address ?? "unknown"));
        return permit.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
