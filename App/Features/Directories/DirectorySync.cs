using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Directories.Ldap;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Directories;

/// <summary>What a sync found and did.</summary>
/// <param name="Found">People in the directory.</param>
/// <param name="Linked">Accounts of the portal that are linked to it.</param>
/// <param name="Gone">Accounts that were to be closed.</param>
/// <param name="Braked">Too many would have gone: nothing was changed.</param>
/// <param name="Failure">Why it did not come to its end, for the log and the health check; null if it did.</param>
/// <param name="Fault">The same for pages, in the reader's language.</param>
public sealed record SyncReport(DateTimeOffset At, long JobId, int Found, int Linked, int Changed, int Closed, int Reopened, int Gone, bool Braked, string? Failure = null, LdapFault? Fault = null);

/// <summary>The state of the directory's connection or accounts changed.</summary>
public sealed record DirectoryChanged;

/// <summary>Compares all linked accounts with the directory, and applies what differs. For the job and for the dry run.</summary>
public sealed class DirectorySync(IDbContextFactory<AppDbContext> databases, DirectoryClient client, DirectoryAccounts accounts, Topic<DirectoryChanged> changed, TimeProvider time)
{
    internal const string LastKey = "Directory.Sync";

    /// <summary>So many may go whatever share they are: in a small office one of three is no wrong filter.</summary>
    private const int AlwaysAllowed = 2;

    /// <summary>Reads the directory and compares; changes nothing.</summary>
    /// <exception cref="LdapException">The directory did not give the whole list.</exception>
    internal async Task<SyncPlan> PlanAsync(Action<int> found, CancellationToken cancellation)
    {
        var settings = client.Settings;
        var map = new RoleMap(settings.GroupRoles);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var linked = (await DirectoryAccounts.AllLinkedAsync(db, ExternalSource.Directory, cancellation)).ToDictionary(a => a.Key);
        var roles = (await db.Roles.AsNoTracking().Where(r => r.TenantId == AppDbContext.DefaultTenant).Select(r => new { r.Id, r.Name }).ToListAsync(cancellation)).ToDictionary(r => r.Name!, r => r.Id, StringComparer.OrdinalIgnoreCase);
        var (people, seen, changes) = (0, new HashSet<string>(), new List<(PersonChange Change, ExternalPerson? Person)>());
        await using (var conversation = await client.OpenAsync(null, cancellation))
            await foreach (var person in client.AllAsync(conversation, p => linked.ContainsKey(p.Key), cancellation))
            {
                if (++people % 100 == 0) found(people);
                if (!linked.TryGetValue(person.Key, out var account) || !seen.Add(person.Key)) continue;
                Compare(account, person);
            }

        foreach (var account in linked.Values.Where(a => !seen.Contains(a.Key))) Compare(account, null);
        var gone = changes.Count(c => c.Change.Close);
        var braked = (people == 0 && linked.Count > 0) || (gone > AlwaysAllowed && gone * 100L > (long)settings.BrakePercent * linked.Values.Count(a => !a.Closed));
        return new SyncPlan(people, linked.Count, gone, braked, changes, roles.ToDictionary(r => r.Value, r => r.Key));

        void Compare(LinkedAccount account, ExternalPerson? person)
        {
            var wanted = person?.Groups is { } groups ? map.RolesOf(groups).Where(roles.ContainsKey).Select(name => roles[name]).ToList() : null;
            var change = PersonChange.Between(account, person, wanted, ExternalSource.Directory);
            if (!change.IsEmpty) changes.Add((change, person));
        }
    }

    /// <summary>Plans and applies, person by person, each in a transaction with its audit row.</summary>
    /// <param name="progress">Percent, and what is happening.</param>
    public async Task<SyncReport> RunAsync(long job, Action<double, string?> progress, CancellationToken cancellation)
    {
        progress(0, "reading the directory");
        var plan = await PlanAsync(people => progress(0, $"{people} people read"), cancellation);
        var (changes, closed, reopened) = (0, 0, 0);
        var map = new RoleMap(client.Settings.GroupRoles);
        if (!plan.Braked)
            for (var i = 0; i < plan.Changes.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (change, person) = plan.Changes[i];
                // Compared again under the lock: somebody may have changed the account meanwhile.
                if (await accounts.ApplyAsync(change.Account.Id, ExternalSource.Directory, person, map, cancellation) is { } done)
                {
                    if (done.Close) closed++;
                    else if (done.Reopen) reopened++;
                    else changes++;
                }

                progress(100.0 * (i + 1) / plan.Changes.Count, $"{i + 1} of {plan.Changes.Count} accounts");
            }

        var report = new SyncReport(time.GetUtcNow(), job, plan.Found, plan.Linked, changes, closed, reopened, plan.Gone, plan.Braked);
        await WriteAsync(report, cancellation);
        return report;
    }

    public Task NoteFailureAsync(long job, LdapException why, CancellationToken cancellation) => WriteAsync(new SyncReport(time.GetUtcNow(), job, 0, 0, 0, 0, 0, 0, false, why.Message, why.Fault), cancellation);

    /// <summary>The last one; null if there was none.</summary>
    public static async Task<SyncReport?> LastAsync(AppDbContext db, CancellationToken cancellation) =>
        await db.Set<SystemValue>().AsNoTracking().Where(v => v.Key == LastKey).Select(v => v.Value).SingleOrDefaultAsync(cancellation) is { Length: > 0 } text
            ? JsonSerializer.Deserialize<SyncReport>(text, JsonSerializerOptions.Web)
            : null;

    private async Task WriteAsync(SyncReport report, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var text = JsonSerializer.Serialize(report, JsonSerializerOptions.Web);
        if (await db.Set<SystemValue>().SingleOrDefaultAsync(v => v.Key == LastKey, cancellation) is not { } row) db.Add(row = new SystemValue { Key = LastKey });
        (row.Value, row.ChangedAt) = (text, time.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
        changed.Publish(new DirectoryChanged());
    }
}

/// <summary>What a sync would do.</summary>
/// <param name="RoleNames">Names of roles by their ids.</param>
internal sealed record SyncPlan(int Found, int Linked, int Gone, bool Braked, IReadOnlyList<(PersonChange Change, ExternalPerson? Person)> Changes, IReadOnlyDictionary<Guid, string> RoleNames);
