using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Account;

/// <summary>Makes accounts. The caller saves the context, with an audit row of its own command.</summary>
public sealed class AccountFactory(IPasswordHasher<User> hasher, ILookupNormalizer normalizer, TimeProvider time)
{
    public string Normalize(string email) => normalizer.NormalizeEmail(email.Trim()) ?? "";

    /// <summary>Adds an account with <paramref name="roles"/> to <paramref name="db"/>; without a password nobody can sign in to it yet.</summary>
    public User Add(AppDbContext db, string email, string name, string? password, IEnumerable<Role> roles)
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
        if (password is not null) user.PasswordHash = hasher.HashPassword(user, password);
        db.Add(user);
        db.Add(new AuditActor { Id = user.Id, Name = user.DisplayName });
        foreach (var role in roles) db.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id });
        return user;
    }
}
