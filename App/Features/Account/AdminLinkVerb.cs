using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account;

/// <summary><c>BlazorAdmin admin link [email]</c>: a one-time sign-in for an administrator who is locked out. Only writes to the database, so the portal may run.</summary>
public sealed class AdminLinkVerb(IDbContextFactory<AppDbContext> databases, AccountFactory accounts, IOptionsMonitor<SecurityOptions> options, DatabaseSettingsLoader settings, TimeProvider time) : ICommandLineVerb
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var administrators =
            from user in db.Users
            join link in db.UserRoles on user.Id equals link.UserId
            join role in db.Roles on link.RoleId equals role.Id
            where role.BuiltIn && role.Name == Roles.Administrator && user.DeactivatedAt == null
            select user;
        if (arguments is [var email, ..])
        {
            var account = accounts.Normalize(email);
            administrators = administrators.Where(u => u.NormalizedEmail == account);
        }

        if (await administrators.AsNoTracking().OrderBy(u => u.CreatedAt).FirstOrDefaultAsync(cancellation) is not { } administrator)
        {
            await Console.Error.WriteLineAsync(arguments.Count > 0 ? $"{arguments[0]} is no active administrator." : "There is no active administrator. With no account at all, start the portal and open /setup.");
            return 1;
        }

        var (made, token) = SignInLink.Make(administrator.Id, SignInLinkKind.SignIn, time.GetUtcNow(), Lifetime);
        db.Add(made);
        db.Audit(Caller.Portal, "admin.link", "user", administrator.Id, administrator.DisplayName, new { by = "command line" });
        await db.SaveChangesAsync(cancellation);
        // The address may be the portal's own setting, which only a portal that serves has read by now.
        await settings.ReloadAsync(cancellation);
        var address = options.CurrentValue.PublicUrl ?? (await db.Set<SystemValue>().AsNoTracking().SingleOrDefaultAsync(v => v.Key == SetupAnnouncer.AddressKey, cancellation))?.Value ?? "http://localhost:5000";
        Console.WriteLine($"""
            Sign-in link for {administrator.Email}, valid once and for {Lifetime.TotalMinutes:0} minutes:
              {address.TrimEnd('/')}/account/link?token={token}
            """);
        return 0;
    }
}
