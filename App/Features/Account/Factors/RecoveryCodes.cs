using System.Security.Cryptography;
using System.Text;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>Codes that replace the authenticator app, each once. Stored as a hash under a key that is not in the database.</summary>
public sealed class RecoveryCodes(RootKey rootKey, TimeProvider time)
{
    public const int Count = 10;

    private const int Length = 10;

    // Without letters that are mistaken for digits: 32 signs, so 50 bits a code.
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>Replaces the codes of somebody, in the context's transaction; the caller saves.</summary>
    /// <returns>The new codes, known only now.</returns>
    public async Task<IReadOnlyList<string>> RenewAsync(AppDbContext db, Guid userId, CancellationToken cancellation)
    {
        await RemoveAsync(db, userId, cancellation);
        var now = time.GetUtcNow();
        var codes = Enumerable.Range(0, Count).Select(_ => RandomNumberGenerator.GetString(Alphabet, Length)).ToList();
        db.AddRange(codes.Select(code => new RecoveryCode { Id = Guid.NewGuid(), UserId = userId, Hash = HashOf(userId, code), CreatedAt = now }));
        return [.. codes.Select(code => $"{code[..5]}-{code[5..]}")];
    }

    public static Task<int> RemoveAsync(AppDbContext db, Guid userId, CancellationToken cancellation) =>
        db.Set<RecoveryCode>().Where(c => c.UserId == userId).ExecuteDeleteAsync(cancellation);

    public static Task<int> LeftAsync(AppDbContext db, Guid userId, CancellationToken cancellation) =>
        db.Set<RecoveryCode>().CountAsync(c => c.UserId == userId && c.UsedAt == null, cancellation);

    /// <summary>Uses a code up, however it was typed: with or without hyphen, in small letters.</summary>
    /// <returns>False if it is none of the person's, or used.</returns>
    public async Task<bool> UseAsync(AppDbContext db, Guid userId, string typed, CancellationToken cancellation)
    {
        var code = string.Concat(typed.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit));
        if (code.Length != Length) return false;
        var (hash, now) = (HashOf(userId, code), time.GetUtcNow());
        // Whoever sets the mark has the code; a second post at the same time finds it set.
        return await db.Set<RecoveryCode>().Where(c => c.UserId == userId && c.Hash == hash && c.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancellation) == 1;
    }

    private byte[] HashOf(Guid userId, string code) => HMACSHA256.HashData(rootKey.Derive("recovery-codes"), Encoding.UTF8.GetBytes($"{userId:N}.{code}"));
}
