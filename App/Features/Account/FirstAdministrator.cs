using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account;

public enum SetupResult
{
    Done,
    WrongCode,
    AlreadySetUp,
}

/// <summary>Makes the first administrator, exactly once however many ask at the same time.</summary>
public sealed class FirstAdministrator(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, AccountFactory accounts, SetupState state, SetupCode codes)
{
    /// <param name="code">The one-time code that was typed; null for the unattended set-up.</param>
    public async Task<(SetupResult Result, User? User)> CreateAsync(string? code, string name, string email, string password, string? address, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(db.Database.GetDbConnection(), "blazoradmin.setup", cancellation);
        if (await db.Users.AnyAsync(cancellation))
        {
            state.Done();
            return (SetupResult.AlreadySetUp, null);
        }

        if (code is not null && !await codes.IsValidAsync(db, code, cancellation)) return (SetupResult.WrongCode, null);
        var roles = await db.Roles.Where(r => r.BuiltIn && r.Name == Roles.Administrator).ToListAsync(cancellation);
        var user = accounts.Add(db, email, name, password, roles);
        await codes.RemoveAsync(db, cancellation);
        db.Audit(Caller.Portal with { Address = address }, "setup.administrator", "user", user.Id, user.DisplayName);
        await db.SaveChangesAsync(cancellation);
        state.Done();
        return (SetupResult.Done, user);
    }
}
