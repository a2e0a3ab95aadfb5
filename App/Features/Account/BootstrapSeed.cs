using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account;

/// <summary>Makes the first administrator from <c>Bootstrap:AdminEmail</c> and <c>Bootstrap:AdminPassword</c>; ignored once there is an account.</summary>
public sealed class BootstrapSeed(IConfiguration configuration, IServiceScopeFactory scopes) : ISeed
{
    public int Order => 1000;

    /// <exception cref="StartupException">Only one of the two is set, or the password breaks the rules.</exception>
    public async Task SeedAsync(AppDbContext db, CancellationToken cancellation)
    {
        var (email, password) = (configuration["Bootstrap:AdminEmail"], configuration["Bootstrap:AdminPassword"]);
        if (string.IsNullOrWhiteSpace(email) && string.IsNullOrEmpty(password)) return;
        if (await db.Users.AnyAsync(cancellation)) return;
        if (string.IsNullOrWhiteSpace(email) || string.IsNullOrEmpty(password))
            throw new StartupException("Bootstrap:AdminEmail and Bootstrap:AdminPassword belong together. Set both, or neither and use /setup.");
        if (!EmailRule.IsValid(email)) throw new StartupException($"Bootstrap:AdminEmail '{email}' is not an e-mail address.");
        var name = configuration["Bootstrap:AdminName"] is { Length: > 0 } given ? given : email.Split('@')[0];
        if (PasswordRules.Check(password, email, null) is var fault and not PasswordFault.None)
            throw new StartupException(fault switch
            {
                PasswordFault.TooShort => $"Bootstrap:AdminPassword is too short. Use at least {PasswordRules.MinLength} characters.",
                PasswordFault.TooLong => $"Bootstrap:AdminPassword is too long. Use at most {PasswordRules.MaxLength} characters.",
                PasswordFault.LikeAccount => "Bootstrap:AdminPassword contains the e-mail address or the product's name. Choose another.",
                _ => "Bootstrap:AdminPassword is among the passwords that are tried first. Choose another.",
            });
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FirstAdministrator>().CreateAsync(null, name, email, password, null, cancellation);
    }
}
