using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Account;

/// <summary><c>BlazorAdmin admin unlock email</c>: forgets the wrong passwords of an account, from every address.</summary>
public sealed class AdminUnlockVerb(IDbContextFactory<AppDbContext> databases, AccountFactory accounts) : ICommandLineVerb
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (arguments is not [var email])
        {
            await Console.Error.WriteLineAsync("Name the account: admin unlock <e-mail>");
            return 2;
        }

        var account = accounts.Normalize(email);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedEmail == account, cancellation);
        if (user is null)
        {
            await Console.Error.WriteLineAsync($"There is no account {email}.");
            return 1;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var cleared = await SignInThrottle.UnlockAsync(db, account, cancellation);
        db.Audit(Caller.Portal, "admin.unlock", "user", user.Id, user.DisplayName, new { by = "command line" });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        Console.WriteLine(cleared > 0 ? $"{email} is unlocked." : $"{email} was not locked.");
        return 0;
    }
}
