using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Data.Keys;

/// <summary>
/// Loads the root key and compares it with the fingerprint in the database, first of all seeds. A new key is made only for
/// a database that never had one: a lost key must be restored, not replaced, because what it encrypted would be lost.
/// </summary>
public sealed class RootKeySeed(RootKey rootKey, RootKeyFile file, TimeProvider time) : ISeed
{
    internal const string FingerprintKey = "Security.RootKeyFingerprint";

    public int Order => -1000;

    /// <exception cref="StartupException">The key is missing or another one.</exception>
    public async Task SeedAsync(AppDbContext db, CancellationToken cancellation)
    {
        var expected = (await db.Set<SystemValue>().AsNoTracking().SingleOrDefaultAsync(v => v.Key == FingerprintKey, cancellation))?.Value;
        var key = file.TryRead();
        if (expected is null)
        {
            key ??= file.Create();
            db.Add(new SystemValue { Key = FingerprintKey, Value = RootKey.FingerprintOf(key), ChangedAt = time.GetUtcNow() });
            await db.SaveChangesAsync(cancellation);
            rootKey.Load(key);
            if (!file.IsConfigured) PrintForRecovery(key);
            return;
        }

        if (key is null)
            throw new StartupException($"This database was set up with root key {expected[..8]}, and there is none here. Copy it to {file.FilePath} (from another node, a backup, or as printed at the first start) or set RootKey.");
        var found = RootKey.FingerprintOf(key);
        if (found != expected)
            throw new StartupException($"The root key here ({found[..8]}) is not the one of this database ({expected[..8]}). Restore {file.FilePath} or the setting RootKey, or connect to the database that belongs to it.");
        rootKey.Load(key);
    }

    private void PrintForRecovery(byte[] key) => Console.WriteLine($"""

          Recovery key of this installation (shown this once; keep it in a safe place outside this machine):
            {Convert.ToBase64String(key)}
          It is stored in {file.FilePath}. Without it, secrets in the database cannot be read again.

        """);
}
