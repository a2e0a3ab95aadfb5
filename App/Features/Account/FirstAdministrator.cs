using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Account;

/// <summary>Makes accounts. The caller saves the context, with an audit row of its own command.</summary>
public sealed class AccountFactory(IPasswordHasher<User> hasher, ILookupNormalizer normalizer, TimeProvider time)
{
    public string Normalize(string email) => normalizer.NormalizeEmail(email.Trim()) ?? "";

    /// <summary>Adds an account with <paramref name="roles"/> to <paramref name="db"/>.</summary>
    public User Add(AppDbContext db, string email, string name, string password, IEnumerable<Role> roles)
    {
        var address = email.Trim();
        var user = new User
        {
            Id = Guid.NewGuid(),
            TenantId = AppDbContext.DefaultTenant,
            UserName = address,
            NormalizedUserName = Normalize(address),
            Email = address,
            NormalizedEmail = Normalize(address),
            EmailConfirmed = true,
            DisplayName = name.Trim(),
            SecurityStamp = Guid.NewGuid().ToString("N"),
            ConcurrencyStamp = Guid.NewGuid().ToString(),
            CreatedAt = time.GetUtcNow(),
        };
        user.PasswordHash = hasher.HashPassword(user, password);
        db.Add(user);
        db.Add(new AuditActor { Id = user.Id, Name = user.DisplayName });
        foreach (var role in roles) db.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id });
        return user;
    }
}

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
