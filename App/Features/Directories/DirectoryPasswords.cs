using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Directories.Ldap;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Directories;

/// <summary>
/// Passwords that the organisation's directory knows: the portal searches the person with its own account and signs in as them on a
/// connection of its own. Counted per person over all addresses before anybody is asked, so that the portal's lock comes before the
/// directory's. A name that is unknown there costs the same two questions.
/// </summary>
public sealed class DirectoryPasswords(
    IDbContextFactory<AppDbContext> databases, DirectoryClient client, DirectoryAccounts directory, DirectoryOutage outage, SignInThrottle throttle, AccountFactory accounts, ILogger<DirectoryPasswords> log)
    : IExternalPasswords
{
    public SignInMethod Method => SignInMethod.Directory;

    public bool IsEnabled => client.Settings.IsConfigured;

    public bool IsDown => IsEnabled && outage.IsDown;

    public bool Concerns(User? user) => IsEnabled && (user is null || user.DirectoryName is not null);

    public Task<ExternalAnswer> SignInAsync(string login, string password, CancellationToken cancellation) => AskAsync(password, async () =>
    {
        await using var conversation = await client.OpenAsync(null, cancellation);
        var found = await client.FindEntryAsync(conversation, login, cancellation);
        var counted = found is null ? accounts.Normalize(login) : ExternalSource.CountedAs(found.Value.Person.Key);
        // Who is locked or unknown is refused like everybody else, in words and in time: an entry that is not there is asked about instead.
        var mayAsk = await throttle.BeginElsewhereAsync(counted, cancellation);
        var entry = (mayAsk ? found?.Person.Entry : null) ?? $"cn={Guid.NewGuid():N},{client.Settings.BaseDn}";
        var refusal = await CheckAsync(conversation.Server, entry, password, mayAsk ? counted : null, cancellation);
        if (!mayAsk) return new ExternalAnswer(ExternalOutcome.Wrong, Reason: "locked before the directory was asked");
        if (found is null) return new ExternalAnswer(ExternalOutcome.Wrong, Reason: "unknown account");
        if (refusal is not null) return new ExternalAnswer(ExternalOutcome.Wrong, Reason: $"the directory says {refusal}");
        await throttle.SucceedElsewhereAsync(counted, cancellation);
        var person = await client.WithGroupsAsync(conversation, found.Value, cancellation);
        var (outcome, id) = await directory.EnterAsync(person, ExternalSource.Directory, client.Settings.CreateAccounts, new RoleMap(client.Settings.GroupRoles), cancellation);
        if (outcome == EntryOutcome.Collision) await TellAdministratorsAsync(person, id, cancellation);
        if (outcome != EntryOutcome.Done) return new ExternalAnswer(ExternalOutcome.Wrong, Reason: ReasonOf(outcome));
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return new ExternalAnswer(ExternalOutcome.Right, await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, cancellation));
    });

    public Task<ExternalAnswer> CheckAsync(User user, string password, CancellationToken cancellation) => AskAsync(password, async () =>
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var key = await db.UserLogins.Where(l => l.UserId == user.Id && l.LoginProvider == ExternalSource.Directory).Select(l => l.ProviderKey).FirstOrDefaultAsync(cancellation);
        var counted = key is null ? user.NormalizedEmail! : ExternalSource.CountedAs(key);
        LdapServer server;
        await using (var conversation = await client.OpenAsync(null, cancellation)) server = conversation.Server;
        if (!await throttle.BeginElsewhereAsync(counted, cancellation)) return new ExternalAnswer(ExternalOutcome.Locked, Reason: "locked before the directory was asked");
        if (await CheckAsync(server, user.DirectoryName!, password, counted, cancellation) is { } refusal) return new ExternalAnswer(ExternalOutcome.Wrong, Reason: $"the directory says {refusal}");
        await throttle.SucceedElsewhereAsync(counted, cancellation);
        return new ExternalAnswer(ExternalOutcome.Right, user);
    });

    internal static string ReasonOf(EntryOutcome outcome) => outcome switch
    {
        EntryOutcome.Unknown => "no account is linked, and none may be made",
        EntryOutcome.NoMail => "no usable mail address",
        EntryOutcome.Collision => "an account of the portal's own has this address",
        _ => "closed account",
    };

    // An empty password is no password: a directory takes it for nobody and says yes (RFC 4513, 5.1.2).
    private async Task<ExternalAnswer> AskAsync(string password, Func<Task<ExternalAnswer>> ask)
    {
        if (password.Length == 0) return new ExternalAnswer(ExternalOutcome.Wrong, Reason: "empty password");
        if (outage.IsDown) return new ExternalAnswer(ExternalOutcome.Unavailable, Reason: "the directory does not answer");
        try
        {
            var answer = await ask();
            outage.Answered();
            return answer;
        }
        catch (LdapException exception) when (exception.IsOutage)
        {
            outage.Failed(exception.Fault);
            DirectoryLog.Unavailable(log, exception.Message);
            return new ExternalAnswer(ExternalOutcome.Unavailable, Reason: "the directory does not answer");
        }
        catch (LdapException exception)
        {
            DirectoryLog.Refused(log, ExternalSource.Directory, exception.Message);
            return new ExternalAnswer(ExternalOutcome.Wrong, Reason: exception.Fault switch
            {
                LdapFault.Ambiguous => "several entries fit the name",
                LdapFault.BadFilter => "the filter of the settings cannot be read",
                _ => "the directory gave no usable answer",
            });
        }
    }

    /// <param name="counted">Under which name the attempt was counted; null: it was not.</param>
    private async Task<string?> CheckAsync(LdapServer server, string entry, string password, string? counted, CancellationToken cancellation)
    {
        try
        {
            return await client.CheckPasswordAsync(server, entry, password, cancellation);
        }
        catch (LdapException)
        {
            if (counted is not null) await throttle.TakeBackElsewhereAsync(counted, CancellationToken.None);
            throw;
        }
    }

    private async Task TellAdministratorsAsync(ExternalPerson person, Guid? account, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Notify(Caller.Portal, Audience.OfRole(Roles.Administrator), "directory.collision", NotificationLevel.Warning,
            NotificationText.Of<DirectoriesTexts>("CollisionTitle", "CollisionBody", person.Mail ?? "", person.Entry ?? person.Key), account is { } id ? $"/admin/users?item={id}" : "/admin/users/directory");
        await db.SaveChangesAsync(cancellation);
    }
}
