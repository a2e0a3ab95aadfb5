using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Account;

/// <summary><c>BlazorAdmin admin remove-factor email</c>: for the administrator who lost phone and recovery codes, when no other is left to help.</summary>
public sealed class AdminFactorVerb(IDbContextFactory<AppDbContext> databases, AccountFactory accounts) : ICommandLineVerb
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (arguments is not [var email])
        {
            await Console.Error.WriteLineAsync("Name the account: admin remove-factor <e-mail>");
            return 2;
        }

        var account = accounts.Normalize(email);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.NormalizedEmail == account, cancellation);
        if (user is null)
        {
            await Console.Error.WriteLineAsync($"There is no account {email}.");
            return 1;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var app = user.AuthenticatorSince is not null;
        var passkeys = await db.UserPasskeys.Where(p => p.UserId == user.Id).ExecuteDeleteAsync(cancellation);
        await SecondFactor.RemoveAsync(db, user, cancellation);
        var caller = Caller.Portal with { TenantId = user.TenantId };
        db.Audit(caller, "admin.factor", "user", user.Id, user.DisplayName, new { by = "command line", app, passkeys });
        if (app || passkeys > 0) db.TellOwner(caller, user.Id, "FactorRemovedTitle", "FactorRemovedBody", caller.Name);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        Console.WriteLine(app || passkeys > 0 ? $"{email} signs in with the password alone now." : $"{email} had no second factor.");
        return 0;
    }
}
