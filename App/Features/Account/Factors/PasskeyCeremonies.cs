using System.Security.Cryptography;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>What a browser needs for a passkey ceremony.</summary>
/// <param name="Options">Options of the Web Authentication API, as JSON.</param>
/// <param name="State">Comes back with the answer; holds the challenge, for five minutes.</param>
public sealed record Ceremony(string Options, string State);

/// <summary>Asks devices to make or show passkeys, and checks the answers (Web Authentication, level 3). Each answer counts once.</summary>
public sealed class PasskeyCeremonies(
    IPasskeyHandler<User> handler, IDataProtectionProvider protection, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, TimeProvider time)
{
    internal const string UsedPrefix = "Passkey.Used.";

    private const int LongestAnswer = 20_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <param name="binding">Who may bring the answer: the sign-in that asked.</param>
    public async Task<Ceremony> BeginAddAsync(User user, string binding, HttpContext http)
    {
        var entity = new PasskeyUserEntity { Id = user.Id.ToString(), Name = user.Email!, DisplayName = user.DisplayName };
        var made = await handler.MakeCreationOptionsAsync(entity, http);
        return new Ceremony(made.CreationOptionsJson, Protect(binding, made.AttestationState));
    }

    /// <returns>Null if the answer is not right, too late, or for somebody else.</returns>
    public async Task<UserPasskeyInfo?> FinishAddAsync(Guid userId, string binding, string state, string answer, HttpContext http, CancellationToken cancellation)
    {
        if (Open(binding, state) is not { } opened || answer.Length > LongestAnswer) return null;
        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = answer, AttestationState = opened.State });
        return result.Succeeded && result.UserEntity.Id == userId.ToString() && await IsFirstAsync(opened, cancellation) ? result.Passkey : null;
    }

    /// <param name="user">Whose passkeys count; null: the device says whose it is.</param>
    public async Task<Ceremony> BeginShowAsync(User? user, string binding, HttpContext http)
    {
        var made = await handler.MakeRequestOptionsAsync(user, http);
        return new Ceremony(made.RequestOptionsJson, Protect(binding, made.AssertionState));
    }

    /// <returns>Whose passkey it is, and the passkey as the device left it; null if the answer is not right or too late.</returns>
    public async Task<(User User, UserPasskeyInfo Passkey)?> FinishShowAsync(string binding, string state, string answer, HttpContext http, CancellationToken cancellation)
    {
        if (Open(binding, state) is not { } opened || answer.Length > LongestAnswer) return null;
        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = answer, AssertionState = opened.State });
        return result.Succeeded && await IsFirstAsync(opened, cancellation) ? (result.User, result.Passkey) : null;
    }

    /// <summary>Keeps the counter by which a copied device is noticed, in the context of the command.</summary>
    public static async Task KeepAsync(AppDbContext db, UserPasskeyInfo shown, CancellationToken cancellation)
    {
        var stored = await db.UserPasskeys.SingleAsync(p => p.CredentialId == shown.CredentialId, cancellation);
        (stored.Data.SignCount, stored.Data.IsBackedUp) = (shown.SignCount, shown.IsBackedUp);
    }

    // A copied answer brings nobody in a second time, on whichever node it arrives. What was protected tells, not the text around it, which can be written in many ways.
    private async Task<bool> IsFirstAsync(Kept kept, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Add(new SystemValue { Key = UsedPrefix + Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(kept))), ChangedAt = time.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancellation);
            return true;
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return false;
        }
    }

    private string Protect(string binding, string? state) => Protector(binding).Protect(JsonSerializer.Serialize(new Kept(state, time.GetUtcNow() + Lifetime)));

    private Kept? Open(string binding, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Kept>(Protector(binding).Unprotect(text)) is { } kept && kept.ExpiresAt > time.GetUtcNow() ? kept : null;
        }
        catch (CryptographicException)
        {
            // Not made here, or for another sign-in.
            return null;
        }
    }

    private IDataProtector Protector(string binding) => protection.CreateProtector("BlazorAdmin.Passkey.v1", binding);

    private sealed record Kept(string? State, DateTimeOffset ExpiresAt);
}
