using BlazorAdmin.Features.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account;

/// <summary>Attempts on an account that is guessed at from many places wait here, few at a time; and what the check of an account that does not exist needs.</summary>
public sealed class SlowLane(TimeProvider time, IOptions<PasswordHasherOptions> hashing) : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _places = new(16);
    private readonly Lazy<string> _hash = new(() => new PasswordHasher<User>(hashing).HashPassword(new User(), Guid.NewGuid().ToString()));

    /// <summary>Stands for an account that does not exist.</summary>
    public User Nobody { get; } = new();

    /// <summary>A hash of today's cost that no password matches.</summary>
    public string NobodysHash => _hash.Value;

    /// <returns>False if too many wait already; then the attempt is refused.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellation)
    {
        if (!await _places.WaitAsync(TimeSpan.Zero, cancellation)) return false;
        try
        {
            await Task.Delay(Wait, time, cancellation);
            return true;
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
