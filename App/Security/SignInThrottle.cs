using System.Security.Cryptography;
using System.Text;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Security.Http;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Security;

/// <summary>What the counters say about one attempt.</summary>
/// <param name="Locked">Refuse without looking at the password.</param>
/// <param name="JustLocked">This attempt was the last allowed one: if it fails, the pair is locked from now on.</param>
/// <param name="Slow">The account is attacked from many places: make the attempt wait.</param>
public sealed record AttemptVerdict(bool Locked, bool JustLocked, bool Slow);

/// <summary>
/// Stops guessing without locking out an office that shares an address: five wrong passwords lock the pair of account and
/// address; an account attacked from many addresses becomes slow, not closed; an address that tries many accounts waits.
/// Codes of the second factor are only six digits, and whoever guesses them has the password: twice that many wrong ones from
/// wherever close the account for the window. An address is counted by its network (<see cref="ClientAddress.NetworkOf"/>).
/// </summary>
/// <remarks>An attempt is counted before its password is looked at and taken back when it was right, so that parallel attempts cannot pass the limit.</remarks>
public sealed class SignInThrottle(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, IOptionsMonitor<SecurityOptions> options, TimeProvider time)
{
    private const string Everywhere = "";
    private const string AllAccounts = "";

    // In place of an address, which it cannot be mistaken for.
    private const string Codes = "codes";
    private const string Resets = "resets";

    /// <summary>Links to a new password that one account gets within <see cref="SecurityOptions.LockoutMinutes"/>.</summary>
    internal const int ResetsPerAccount = 3;

    /// <summary>Links to new passwords that are asked for from one network within that time, whether or not there are such accounts.</summary>
    internal const int ResetsPerNetwork = 20;

    // Likewise: wrong passwords that another place was asked about.
    private const string Elsewhere = "directory";

    private int CodesPerAccount => 2 * options.CurrentValue.FailuresPerPair;

    public async Task<AttemptVerdict> BeginAsync(string normalizedAccount, string address, CancellationToken cancellation)
    {
        var limits = options.CurrentValue;
        var account = HashOf(normalizedAccount);
        address = ClientAddress.NetworkOf(address);
        var byAddress = await CountAsync(AllAccounts, address, limits.FailuresPerAddress, cancellation);
        if (byAddress > limits.FailuresPerAddress) return new AttemptVerdict(Locked: true, JustLocked: byAddress == limits.FailuresPerAddress + 1, Slow: false);
        var byPair = await CountAsync(account, address, limits.FailuresPerPair, cancellation);
        if (byPair > limits.FailuresPerPair) return new AttemptVerdict(Locked: true, JustLocked: false, Slow: false);
        var byAccount = await CountAsync(account, Everywhere, int.MaxValue - 1, cancellation);
        return new AttemptVerdict(Locked: false, JustLocked: byPair == limits.FailuresPerPair, Slow: byAccount > limits.FailuresPerAccount);
    }

    /// <summary>The same for a code of the second factor, which is also counted over all addresses.</summary>
    public async Task<AttemptVerdict> BeginCodeAsync(string normalizedAccount, string address, CancellationToken cancellation)
    {
        var verdict = await BeginAsync(normalizedAccount, address, cancellation);
        if (verdict.Locked) return verdict;
        var limit = CodesPerAccount;
        var count = await CountAsync(HashOf(normalizedAccount), Codes, limit, cancellation);
        if (count <= limit) return verdict with { JustLocked = verdict.JustLocked || count == limit };
        // The code was not looked at: the owner who keeps trying must not be locked for longer than whoever guessed.
        await TakeBackAsync(normalizedAccount, address, cancellation);
        return new AttemptVerdict(Locked: true, JustLocked: false, Slow: false);
    }

    /// <summary>The code was right: as <see cref="SucceedAsync"/>, and the codes of the account start anew.</summary>
    public async Task SucceedCodeAsync(string normalizedAccount, string address, CancellationToken cancellation)
    {
        await SucceedAsync(normalizedAccount, address, cancellation);
        var account = HashOf(normalizedAccount);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<SignInFailure>().Where(f => f.AccountHash == account && f.Address == Codes).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>Counts somebody who asks for a link to a new password.</summary>
    /// <returns>Locked: their network asks too often. Slow: the account has had enough of them; say nothing of it.</returns>
    public async Task<AttemptVerdict> BeginResetAsync(string normalizedAccount, string address, CancellationToken cancellation)
    {
        if (await CountAsync(Resets, ClientAddress.NetworkOf(address), ResetsPerNetwork, cancellation) > ResetsPerNetwork) return new AttemptVerdict(Locked: true, JustLocked: false, Slow: false);
        return new AttemptVerdict(Locked: false, JustLocked: false, Slow: await CountAsync(HashOf(normalizedAccount), Resets, ResetsPerAccount, cancellation) > ResetsPerAccount);
    }

    /// <summary>
    /// Counts an attempt that the organisation's directory is going to be asked about, over all addresses and all ways to write the person's
    /// name: the portal stops before the directory locks the person out everywhere.
    /// </summary>
    /// <returns>False: do not ask.</returns>
    public async Task<bool> BeginElsewhereAsync(string account, CancellationToken cancellation)
    {
        var limit = options.CurrentValue.FailuresPerPair;
        return await CountAsync(HashOf(account), Elsewhere, limit, cancellation) <= limit;
    }

    /// <summary>The directory took the password: its count starts anew.</summary>
    public async Task SucceedElsewhereAsync(string account, CancellationToken cancellation)
    {
        var hash = HashOf(account);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<SignInFailure>().Where(f => f.AccountHash == hash && f.Address == Elsewhere).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>The directory did not answer: it has not counted the attempt either.</summary>
    public async Task TakeBackElsewhereAsync(string account, CancellationToken cancellation)
    {
        var hash = HashOf(account);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<SignInFailure>().Where(f => f.AccountHash == hash && f.Address == Elsewhere && f.Failures > 0).ExecuteUpdateAsync(set => set.SetProperty(f => f.Failures, f => f.Failures - 1), cancellation);
    }

    /// <summary>The password was right: the pair starts anew, the other counters take the attempt back.</summary>
    public async Task SucceedAsync(string normalizedAccount, string address, CancellationToken cancellation)
    {
        var account = HashOf(normalizedAccount);
        address = ClientAddress.NetworkOf(address);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<SignInFailure>().Where(f => f.AccountHash == account && f.Address == address).ExecuteDeleteAsync(cancellation);
        await db.Set<SignInFailure>()
            .Where(f => f.Failures > 0 && ((f.AccountHash == account && f.Address == Everywhere) || (f.AccountHash == AllAccounts && f.Address == address)))
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.Failures, f => f.Failures - 1), cancellation);
    }

    /// <summary>The password was right and a second factor follows: only this attempt is taken back, earlier failures stay.</summary>
    public async Task TakeBackAsync(string normalizedAccount, string address, CancellationToken cancellation)
    {
        var account = HashOf(normalizedAccount);
        address = ClientAddress.NetworkOf(address);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<SignInFailure>()
            .Where(f => f.Failures > 0 && ((f.AccountHash == account && (f.Address == address || f.Address == Everywhere)) || (f.AccountHash == AllAccounts && f.Address == address)))
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.Failures, f => f.Failures - 1), cancellation);
    }

    /// <summary>The same for the account alone: nobody looked at the password, and the address keeps its count.</summary>
    public async Task TakeBackAccountAsync(string normalizedAccount, string address, CancellationToken cancellation)
    {
        var account = HashOf(normalizedAccount);
        address = ClientAddress.NetworkOf(address);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<SignInFailure>().Where(f => f.Failures > 0 && f.AccountHash == account && (f.Address == address || f.Address == Everywhere)).ExecuteUpdateAsync(set => set.SetProperty(f => f.Failures, f => f.Failures - 1), cancellation);
    }

    /// <summary>True while somebody cannot sign in to the account from at least one address.</summary>
    public async Task<bool> IsLockedAsync(AppDbContext db, string normalizedAccount, CancellationToken cancellation)
    {
        var (hashes, now, limit, codes) = (await HashesAsync(db, normalizedAccount, cancellation), time.GetUtcNow(), options.CurrentValue.FailuresPerPair, CodesPerAccount);
        return await db.Set<SignInFailure>().AnyAsync(
            f => hashes.Contains(f.AccountHash) && f.Address != Everywhere && f.Address != Resets && f.Failures >= (f.Address == Codes ? codes : limit) && f.WindowEndsAt > now, cancellation);
    }

    /// <summary>Forgets the failures of an account from every address.</summary>
    /// <returns>How many counters were cleared.</returns>
    public static async Task<int> UnlockAsync(AppDbContext db, string normalizedAccount, CancellationToken cancellation)
    {
        var hashes = await HashesAsync(db, normalizedAccount, cancellation);
        return await db.Set<SignInFailure>().Where(f => hashes.Contains(f.AccountHash)).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>Removes counters whose window is over.</summary>
    public async Task<int> CleanAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<SignInFailure>().Where(f => f.WindowEndsAt < now).ExecuteDeleteAsync(cancellation);
    }

    private async Task<int> CountAsync(string account, string address, int limit, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var windowEnd = now.AddMinutes(options.CurrentValue.LockoutMinutes);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        // Two rounds: between a missed update and the insert another attempt may insert the row first.
        for (var round = 0; ; round++)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            var row = db.Set<SignInFailure>().Where(f => f.AccountHash == account && f.Address == address);
            // Attempts while locked do not prolong the lock: the rightful owner gets in when it ends.
            var updated = await row.ExecuteUpdateAsync(
                set => set
                    .SetProperty(f => f.WindowEndsAt, f => f.WindowEndsAt < now || f.Failures < limit ? windowEnd : f.WindowEndsAt)
                    .SetProperty(f => f.Failures, f => f.WindowEndsAt < now ? 1 : f.Failures > limit + 1 ? f.Failures : f.Failures + 1),
                cancellation);
            if (updated == 1)
            {
                var count = await row.Select(f => f.Failures).SingleAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return count;
            }

            try
            {
                db.Add(new SignInFailure { AccountHash = account, Address = address, Failures = 1, WindowEndsAt = windowEnd });
                await db.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return 1;
            }
            catch (DbUpdateException exception) when (round < 3 && dialect.IsDuplicateKey(exception))
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    // The directory's people are counted by their lasting id there, whatever name or address they have.
    private static async Task<List<string>> HashesAsync(AppDbContext db, string normalizedAccount, CancellationToken cancellation)
    {
        var keys = await (from user in db.Users
                          join login in db.UserLogins on user.Id equals login.UserId
                          where user.NormalizedEmail == normalizedAccount && login.LoginProvider == ExternalSource.Directory
                          select login.ProviderKey).ToListAsync(cancellation);
        return [HashOf(normalizedAccount), .. keys.Select(key => HashOf(ExternalSource.CountedAs(key)))];
    }

    private static string HashOf(string normalizedAccount) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(normalizedAccount)));
}
