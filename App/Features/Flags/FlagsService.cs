using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Flags;

/// <summary>The commands on flags. Every change of what a flag gives is a version, and none is ever lost.</summary>
public sealed class FlagsService(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Guard guard, FlagCatalog catalog, FlagProposals proposals, Topic<FlagsChanged> changes, TimeProvider time)
{
    /// <summary>Flags of one tenant, the archived ones included.</summary>
    public const int MostFlags = 1_000;

    private const int Attempts = 5;

    public async Task<FlagResult> CreateAsync(string key, bool enabled, FlagForm form, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        var (wanted, now) = (key.Trim(), time.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellation);
        List<FlagIssue> issues = [.. FlagValidator.CheckKey(wanted), .. FlagValidator.CheckTexts(form.Description, form.Note), .. FlagValidator.Check(wanted, form.Definition, await AroundAsync(db, caller, wanted, cancellation))];
        if (await Mine(db, caller).AnyAsync(f => f.Key == wanted, cancellation)) issues.Add(new FlagIssue("key", "KeyTaken", wanted));
        if (await Mine(db, caller).CountAsync(cancellation) >= MostFlags) issues.Add(new FlagIssue("key", "TooMany", MostFlags));
        if (issues.Count > 0) return new FlagResult(FlagOutcome.Wrong) { Issues = issues };
        var flag = new Flag
        {
            Id = Guid.CreateVersion7(now), TenantId = caller.TenantId, Key = wanted, Description = Clean(form.Description), Enabled = enabled, Definition = form.Definition.ToJson(),
            Salt = FlagSeed.NewSalt(), Version = 1, CreatedAt = now, ChangedAt = now,
        };
        db.Add(flag);
        Keep(db, caller, flag, form.Note);
        db.Audit(caller, "flags.create", "flag", flag.Id, flag.Key, new { note = Clean(form.Note) });
        db.AfterCommit(() => changes.Publish(new FlagsChanged(flag.Id)));
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return new FlagResult(FlagOutcome.Wrong) { Issues = [new FlagIssue("key", "KeyTaken", wanted)] };
        }

        return new FlagResult(FlagOutcome.Done, 1, flag.Id);
    }

    /// <param name="basedOn">The version that the person began with.</param>
    public async Task<FlagResult> SaveAsync(Guid id, int basedOn, FlagForm form, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await Mine(db, caller).SingleOrDefaultAsync(f => f.Id == id, cancellation) is not { } flag) return new FlagResult(FlagOutcome.NotFound);
        if (flag.ArchivedAt is not null) return new FlagResult(FlagOutcome.IsArchived, flag.Version);
        List<FlagIssue> issues = [.. FlagValidator.CheckTexts(form.Description, form.Note), .. FlagValidator.Check(flag.Key, form.Definition, await AroundAsync(db, caller, flag.Key, cancellation))];
        if (issues.Count > 0) return new FlagResult(FlagOutcome.Wrong, flag.Version) { Issues = issues };
        if (flag.Version != basedOn) return new FlagResult(FlagOutcome.Conflict, flag.Version);
        var json = form.Definition.ToJson();
        if (flag.Definition == json && flag.Description == Clean(form.Description)) return new FlagResult(FlagOutcome.Unchanged, flag.Version);
        // Words change nothing of what it gives.
        if (FlagProposals.Wants(flag)) flag.Description = Clean(form.Description);
        if (FlagProposals.Wants(flag) && flag.Definition != json) return await proposals.ProposeAsync(db, caller, flag, flag.Enabled, json, form.Note, cancellation);
        (flag.Description, flag.Definition) = (Clean(form.Description), json);
        Touch(db, caller, flag, form.Note);
        db.Audit(caller, "flags.change", "flag", flag.Id, flag.Key, new { version = flag.Version, note = Clean(form.Note) });
        return await SaveAsync(db, flag, cancellation);
    }

    /// <summary>Puts an earlier form in force again, as a new version.</summary>
    public async Task<FlagResult> RollbackAsync(Guid id, int version, int basedOn, string? note, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await Mine(db, caller).SingleOrDefaultAsync(f => f.Id == id, cancellation) is not { } flag) return new FlagResult(FlagOutcome.NotFound);
        if (flag.ArchivedAt is not null) return new FlagResult(FlagOutcome.IsArchived, flag.Version);
        if (await db.Set<FlagVersion>().AsNoTracking().SingleOrDefaultAsync(v => v.FlagId == id && v.Version == version && version != FlagVersion.Proposed, cancellation) is not { } earlier) return new FlagResult(FlagOutcome.NotFound);
        // Roles, and flags that it needs, may be gone since.
        List<FlagIssue> issues = [.. FlagValidator.CheckTexts(null, note)];
        if (FlagDefinition.TryRead(earlier.Definition) is not { } definition) issues.Add(new FlagIssue("definition", "Unreadable", version));
        else issues.AddRange(FlagValidator.Check(flag.Key, definition, await AroundAsync(db, caller, flag.Key, cancellation)));
        if (issues.Count > 0) return new FlagResult(FlagOutcome.Wrong, flag.Version) { Issues = issues };
        if (flag.Version != basedOn) return new FlagResult(FlagOutcome.Conflict, flag.Version);
        if (flag.Definition == earlier.Definition && flag.Enabled == earlier.Enabled) return new FlagResult(FlagOutcome.Unchanged, flag.Version);
        if (FlagProposals.Wants(flag)) return await proposals.ProposeAsync(db, caller, flag, earlier.Enabled, earlier.Definition, note, cancellation);
        (flag.Definition, flag.Enabled) = (earlier.Definition, earlier.Enabled);
        Touch(db, caller, flag, note);
        db.Audit(caller, "flags.rollback", "flag", flag.Id, flag.Key, new { to = version, version = flag.Version, note = Clean(note) });
        return await SaveAsync(db, flag, cancellation);
    }

    /// <summary>
    /// Switches flags on or off, whatever somebody else saves meanwhile: the switch is for trouble, and must not meet a conflict. Off holds at
    /// once also where changes want a second person; on is proposed there.
    /// </summary>
    public async Task<FlagBulkResult> SwitchAsync(IReadOnlyCollection<Guid> ids, bool on, string? note, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        return await ChangeAsync(caller, ids, async (db, flags) =>
        {
            var waiting = on ? flags.Where(f => f.ArchivedAt is null && !f.Enabled && FlagProposals.Wants(f)).ToList() : [];
            var proposed = new List<string>();
            foreach (var flag in waiting)
                if ((await proposals.ProposeAsync(db, caller, flag, true, flag.Definition, note, cancellation)).Outcome == FlagOutcome.Proposed) proposed.Add(flag.Key);
            var guarded = waiting.Select(f => f.Key).Except(proposed).ToList();
            var changed = flags.Except(waiting).Where(f => f.ArchivedAt is null && f.Enabled != on).ToList();
            if (changed.Count == 0) return new FlagBulkResult([], []) { Proposed = proposed, Guarded = guarded };
            foreach (var flag in changed)
            {
                flag.Enabled = on;
                Touch(db, caller, flag, note);
            }

            db.Audit(caller, on ? "flags.on" : "flags.off", "flag", OnlyId(changed), OnlyKey(changed), new { keys = Keys(changed), note = Clean(note) }, changed.Count);
            await db.SaveChangesAsync(cancellation);
            return new FlagBulkResult([.. changed.Select(f => f.Id)], []) { Proposed = proposed, Guarded = guarded };
        });
    }

    /// <summary>Takes flags out of use; code that asks is given what it declares, else off. Those that others need stay, and those whose changes want a second person.</summary>
    public async Task<FlagBulkResult> ArchiveAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        return await ChangeAsync(caller, ids, async (db, flags) =>
        {
            var guarded = flags.Where(f => f.ArchivedAt is null && FlagProposals.Wants(f)).Select(f => f.Key).ToList();
            var going = flags.Where(f => f.ArchivedAt is null && !FlagProposals.Wants(f)).ToList();
            var staying = (await AroundAsync(db, caller, null, cancellation)).Others.Where(o => going.TrueForAll(f => f.Key != o.Key)).SelectMany(o => o.Value.Needs).Select(n => n.Flag).ToHashSet(StringComparer.Ordinal);
            var changed = going.Where(f => !staying.Contains(f.Key)).ToList();
            var needed = going.Except(changed).Select(f => f.Key).ToList();
            if (changed.Count == 0) return new FlagBulkResult([], needed) { Guarded = guarded };
            foreach (var flag in changed) (flag.ArchivedAt, flag.ChangedAt, flag.Version) = (time.GetUtcNow(), time.GetUtcNow(), flag.Version + 1);
            db.Audit(caller, "flags.archive", "flag", OnlyId(changed), OnlyKey(changed), new { keys = Keys(changed) }, changed.Count);
            await db.SaveChangesAsync(cancellation);
            return new FlagBulkResult([.. changed.Select(f => f.Id)], needed) { Guarded = guarded };
        });
    }

    /// <summary>Takes flags back into use as they were.</summary>
    public async Task<FlagBulkResult> UnarchiveAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        return await ChangeAsync(caller, ids, async (db, flags) =>
        {
            var changed = flags.Where(f => f.ArchivedAt is not null).ToList();
            if (changed.Count == 0) return new FlagBulkResult([], []);
            foreach (var flag in changed) (flag.ArchivedAt, flag.ChangedAt, flag.Version) = (null, time.GetUtcNow(), flag.Version + 1);
            db.Audit(caller, "flags.unarchive", "flag", OnlyId(changed), OnlyKey(changed), new { keys = Keys(changed) }, changed.Count);
            await db.SaveChangesAsync(cancellation);
            return new FlagBulkResult([.. changed.Select(f => f.Id)], []);
        });
    }

    /// <summary>Deletes an archived flag with its history and with who was given what.</summary>
    public async Task<FlagResult> DeleteAsync(Guid id, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await Mine(db, caller).SingleOrDefaultAsync(f => f.Id == id, cancellation) is not { } flag) return new FlagResult(FlagOutcome.NotFound);
        if (catalog.Find(flag.Key) is not null) return new FlagResult(FlagOutcome.Declared, flag.Version);
        if (flag.ArchivedAt is null) return new FlagResult(FlagOutcome.NotArchived, flag.Version);
        db.Remove(flag);
        db.Audit(caller, "flags.delete", "flag", flag.Id, flag.Key);
        return await SaveAsync(db, flag, cancellation);
    }

    /// <summary>Runs a command on flags whose rows others may be changing: who loses a race looks again.</summary>
    private async Task<FlagBulkResult> ChangeAsync(Caller caller, IReadOnlyCollection<Guid> ids, Func<AppDbContext, List<Flag>, Task<FlagBulkResult>> change)
    {
        var wanted = ids.Take(MostFlags).ToList();
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync();
            var flags = await Mine(db, caller).Where(f => wanted.Contains(f.Id)).OrderBy(f => f.Id).ToListAsync();
            db.AfterCommit(() => changes.Publish(new FlagsChanged(wanted.Count == 1 ? wanted[0] : null)));
            try
            {
                return await change(db, flags);
            }
            catch (DbUpdateException exception) when (attempt < Attempts && (exception is DbUpdateConcurrencyException || dialect.IsDuplicateKey(exception)))
            {
                // Somebody saved one of them between the reading and the writing.
            }
        }
    }

    private async Task<FlagResult> SaveAsync(AppDbContext db, Flag flag, CancellationToken cancellation)
    {
        db.AfterCommit(() => changes.Publish(new FlagsChanged(flag.Id)));
        try
        {
            await db.SaveChangesAsync(cancellation);
            return new FlagResult(FlagOutcome.Done, flag.Version, flag.Id);
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException || dialect.IsDuplicateKey(exception))
        {
            return new FlagResult(FlagOutcome.Conflict, flag.Version);
        }
    }

    private void Touch(AppDbContext db, Caller caller, Flag flag, string? note)
    {
        (flag.Version, flag.ChangedAt) = (flag.Version + 1, time.GetUtcNow());
        Keep(db, caller, flag, note);
    }

    private static void Keep(AppDbContext db, Caller caller, Flag flag, string? note) => db.Add(new FlagVersion
    {
        FlagId = flag.Id, Version = flag.Version, Enabled = flag.Enabled, Definition = flag.Definition, CreatedAt = flag.ChangedAt, CreatedBy = caller.UserId, Note = Clean(note),
    });

    private static async Task<FlagSurroundings> AroundAsync(AppDbContext db, Caller caller, string? except, CancellationToken cancellation) => await FlagDirectory.AroundAsync(db, caller, except, cancellation);

    private static IQueryable<Flag> Mine(AppDbContext db, Caller caller) => db.Set<Flag>().Where(f => f.TenantId == caller.TenantId);

    private static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static Guid? OnlyId(List<Flag> flags) => flags is [var only] ? only.Id : null;

    private static string? OnlyKey(List<Flag> flags) => flags is [var only] ? only.Key : null;

    private static IReadOnlyList<string> Keys(List<Flag> flags) => [.. flags.Select(f => f.Key).Order(StringComparer.Ordinal)];
}
