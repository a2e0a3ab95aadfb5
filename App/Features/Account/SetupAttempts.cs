using System.Threading.RateLimiting;

namespace BlazorAdmin.Features.Account;

/// <summary>Slows down whoever guesses at the set-up code, over all addresses together: the rightful person needs one attempt.</summary>
public sealed class SetupAttempts : IDisposable
{
    private readonly FixedWindowRateLimiter _limiter = new(new FixedWindowRateLimiterOptions { PermitLimit = 30, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });

    public bool Allow()
    {
        using var permit = _limiter.AttemptAcquire();
        return permit.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
