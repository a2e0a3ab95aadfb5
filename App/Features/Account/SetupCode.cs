using System.Security.Cryptography;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Account;

/// <summary>
/// The one-time code of <c>/setup</c>. Each node prints its own at start, replacing its earlier one, and any of them that is
/// still valid opens the set-up: whoever reads one node's console can use it. Stored as a keyed hash, valid for an hour.
/// </summary>
public sealed class SetupCode(NodeInfo node, RootKey rootKey, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(60);

    private const string Prefix = "Setup.Code.";
    // Without letters that are mistaken for digits.
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>Makes a new code, stores its hash and returns it for printing.</summary>
    public async Task<string> IssueAsync(AppDbContext db, CancellationToken cancellation)
    {
        var letters = RandomNumberGenerator.GetString(Alphabet, 16);
        var key = Prefix + (node.Name.Length > 80 ? node.Name[..80] : node.Name);
        var value = await db.Set<SystemValue>().SingleOrDefaultAsync(v => v.Key == key, cancellation);
        if (value is null) db.Add(value = new SystemValue { Key = key });
        value.Value = HashOf(letters);
        value.ChangedAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancellation);
        return string.Join('-', letters.Chunk(4).Select(part => new string(part)));
    }

    internal async Task<bool> IsValidAsync(AppDbContext db, string typed, CancellationToken cancellation)
    {
        var hash = HashOf(string.Concat(typed.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)));
        var oldest = time.GetUtcNow() - Lifetime;
        return await db.Set<SystemValue>().AnyAsync(v => v.Key.StartsWith(Prefix) && v.Value == hash && v.ChangedAt > oldest, cancellation);
    }

    /// <summary>Removes the codes of all nodes with the next save.</summary>
    internal async Task RemoveAsync(AppDbContext db, CancellationToken cancellation) =>
        db.RemoveRange(await db.Set<SystemValue>().Where(v => v.Key.StartsWith(Prefix)).ToListAsync(cancellation));

    private string HashOf(string letters) => Convert.ToHexStringLower(HMACSHA256.HashData(rootKey.Derive("setup-code"), System.Text.Encoding.UTF8.GetBytes(letters)));
}
