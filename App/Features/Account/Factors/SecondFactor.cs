using System.Security.Cryptography;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>Seals the seed of an authenticator app, and checks what somebody types as the second factor. For services that have authorised.</summary>
public sealed class SecondFactor(SecretBox box, RecoveryCodes recovery, TimeProvider time, ILogger<SecondFactor> log)
{
    /// <summary>The seed as it is stored: it can be opened for this person only.</summary>
    public string Seal(Guid userId, string seed) => box.Seal(PurposeOf(userId), seed);

    /// <summary>Uses up a code of the app or a recovery code: however many try the same at once, one succeeds.</summary>
    /// <returns>Which of the two it was; null if it is wrong, too old, or used.</returns>
    public async Task<SignInMethod?> UseAsync(AppDbContext db, Guid userId, string typed, CancellationToken cancellation)
    {
        var code = string.Concat(typed.Where(letter => !char.IsWhiteSpace(letter)));
        if (code.Length == Totp.Digits && code.All(char.IsAsciiDigit)) return await UseCodeAsync(db, userId, code, cancellation) ? SignInMethod.Authenticator : null;
        return await recovery.UseAsync(db, userId, code, cancellation) ? SignInMethod.RecoveryCode : null;
    }

    /// <summary>Takes the app and its recovery codes away, in the context's transaction; the caller saves.</summary>
    public static async Task RemoveAsync(AppDbContext db, User user, CancellationToken cancellation)
    {
        (user.AuthenticatorSeed, user.AuthenticatorSince, user.AuthenticatorStep) = (null, null, null);
        await RecoveryCodes.RemoveAsync(db, user.Id, cancellation);
    }

    private async Task<bool> UseCodeAsync(AppDbContext db, Guid userId, string code, CancellationToken cancellation)
    {
        var user = await db.Users.AsNoTracking().Where(u => u.Id == userId && u.AuthenticatorSince != null)
            .Select(u => new { u.AuthenticatorSeed, u.AuthenticatorStep }).SingleOrDefaultAsync(cancellation);
        if (user?.AuthenticatorSeed is null || Open(userId, user.AuthenticatorSeed) is not { } seed) return false;
        if (Totp.Match(seed, code, time.GetUtcNow(), user.AuthenticatorStep) is not { } step) return false;
        return await db.Users.Where(u => u.Id == userId && (u.AuthenticatorStep == null || u.AuthenticatorStep < step))
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.AuthenticatorStep, step), cancellation) == 1;
    }

    private byte[]? Open(Guid userId, string sealedSeed)
    {
        try
        {
            return Base32.Decode(box.Open(PurposeOf(userId), sealedSeed));
        }
        catch (CryptographicException exception)
        {
            AccountLog.SeedUnreadable(log, userId, exception);
            return null;
        }
    }

    private static string PurposeOf(Guid userId) => $"authenticator.{userId:N}";
}
