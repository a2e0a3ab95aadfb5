using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Flags;

/// <summary>A form of a flag that waits for a second person.</summary>
/// <param name="Author">Null for somebody whose account is gone.</param>
/// <param name="IsOwn">The caller proposed it, so another one has to confirm.</param>
/// <param name="IsStale">The flag changed since: it can only be rejected.</param>
public sealed record FlagProposal(Guid FlagId, bool Enabled, FlagDefinition? Definition, DateTimeOffset At, string? Author, string? Note, bool IsOwn, bool IsStale);

/// <summary>
/// Four eyes: changes of flags that are marked for it (<see cref="FlagDefinition.FourEyes"/>) are proposed by one person and put in force
/// by another who may change flags too. Taking the mark off is such a change.
/// </summary>
public sealed class FlagProposals(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Guard guard, Topic<FlagsChanged> changes, TimeProvider time)
{
    /// <summary>Whether a change of the flag as it is now wants a second person.</summary>
    public static bool Wants(Flag flag) => FlagDefinition.TryRead(flag.Definition) is { FourEyes: true };

    /// <returns>Null if nothing waits.</returns>
    public async Task<FlagProposal?> FindAsync(Guid id, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = await (
            from version in db.Set<FlagVersion>().AsNoTracking()
            join flag in db.Set<Flag>() on version.FlagId equals flag.Id
            where flag.Id == id && flag.TenantId == caller.TenantId && version.Version == FlagVersion.Proposed
            select new { Row = version, flag.ChangedAt, Author = db.Users.Where(u => u.Id == version.CreatedBy).Select(u => u.DisplayName).FirstOrDefault() }).SingleOrDefaultAsync(cancellation);
        return found is null ? null : new FlagProposal(
            id, found.Row.Enabled, FlagDefinition.TryRead(found.Row.Definition), found.Row.CreatedAt, found.Author, found.Row.Note, found.Row.CreatedBy == caller.UserId, found.ChangedAt > found.Row.CreatedAt);
    }

    /// <summary>Puts a proposal in force as a new version of who proposed it.</summary>
    /// <param name="at">When the proposal that the person saw was made; another one is not confirmed.</param>
    public async Task<FlagResult> ConfirmAsync(Guid id, DateTimeOffset at, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await MineAsync(db, caller, id, cancellation) is not var (flag, proposal)) return new FlagResult(FlagOutcome.NotFound);
        if (proposal is null || proposal.CreatedAt != at) return new FlagResult(FlagOutcome.NoProposal, flag.Version);
        if (flag.ArchivedAt is not null) return new FlagResult(FlagOutcome.IsArchived, flag.Version);
        // A person, and not the one who proposed it: nobody confirms for somebody whose account is gone either.
        if (caller.PersonId == proposal.CreatedBy) return new FlagResult(FlagOutcome.OwnProposal, flag.Version);
        if (flag.ChangedAt > proposal.CreatedAt) return new FlagResult(FlagOutcome.ProposalStale, flag.Version);
        // Roles, and flags that it needs, may be gone since.
        var definition = FlagDefinition.TryRead(proposal.Definition);
        List<FlagIssue> issues = definition is null ? [new FlagIssue("definition", "Unreadable", flag.Version)] : [.. FlagValidator.Check(flag.Key, definition, await FlagDirectory.AroundAsync(db, caller, flag.Key, cancellation))];
        if (issues.Count > 0) return new FlagResult(FlagOutcome.Wrong, flag.Version) { Issues = issues };
        (flag.Definition, flag.Enabled, flag.Version, flag.ChangedAt) = (proposal.Definition, proposal.Enabled, flag.Version + 1, time.GetUtcNow());
        db.Add(new FlagVersion
        {
            FlagId = flag.Id, Version = flag.Version, Enabled = flag.Enabled, Definition = flag.Definition, CreatedAt = flag.ChangedAt, CreatedBy = proposal.CreatedBy, Note = proposal.Note,
        });
        db.Remove(proposal);
        db.Audit(caller, "flags.confirm", "flag", flag.Id, flag.Key, new { proposedBy = proposal.CreatedBy, version = flag.Version, note = proposal.Note });
        return await SaveAsync(db, flag, FlagOutcome.Done, cancellation);
    }

    /// <summary>Takes a proposal away: one's own, or somebody else's.</summary>
    public async Task<FlagResult> RejectAsync(Guid id, DateTimeOffset at, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await MineAsync(db, caller, id, cancellation) is not var (flag, proposal)) return new FlagResult(FlagOutcome.NotFound);
        if (proposal is null || proposal.CreatedAt != at) return new FlagResult(FlagOutcome.NoProposal, flag.Version);
        db.Remove(proposal);
        db.Audit(caller, "flags.reject", "flag", flag.Id, flag.Key, new { proposedBy = proposal.CreatedBy, note = proposal.Note });
        return await SaveAsync(db, flag, FlagOutcome.Done, cancellation);
    }

    /// <summary>For commands that have authorised and checked: keeps the form until somebody else confirms it, in place of an own or stale one. Saves.</summary>
    internal async Task<FlagResult> ProposeAsync(AppDbContext db, Caller caller, Flag flag, bool enabled, string definition, string? note, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var proposal = await db.Set<FlagVersion>().SingleOrDefaultAsync(v => v.FlagId == flag.Id && v.Version == FlagVersion.Proposed, cancellation);
        if (proposal is not null && proposal.CreatedBy != caller.PersonId && flag.ChangedAt <= proposal.CreatedAt) return new FlagResult(FlagOutcome.ProposalWaits, flag.Version);
        if (proposal is null) db.Add(proposal = new FlagVersion { FlagId = flag.Id, Version = FlagVersion.Proposed, Definition = definition });
        (proposal.Enabled, proposal.Definition, proposal.CreatedAt, proposal.CreatedBy, proposal.Note) = (enabled, definition, now, caller.PersonId, string.IsNullOrWhiteSpace(note) ? null : note.Trim());
        db.Audit(caller, "flags.propose", "flag", flag.Id, flag.Key, new { version = flag.Version, enabled, note = proposal.Note });
        return await SaveAsync(db, flag, FlagOutcome.Proposed, cancellation);
    }

    private async Task<FlagResult> SaveAsync(AppDbContext db, Flag flag, FlagOutcome done, CancellationToken cancellation)
    {
        db.AfterCommit(() => changes.Publish(new FlagsChanged(flag.Id)));
        try
        {
            await db.SaveChangesAsync(cancellation);
            return new FlagResult(done, flag.Version, flag.Id);
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException || dialect.IsDuplicateKey(exception))
        {
            return new FlagResult(FlagOutcome.Conflict, flag.Version);
        }
    }

    private static async Task<(Flag Flag, FlagVersion? Proposal)?> MineAsync(AppDbContext db, Caller caller, Guid id, CancellationToken cancellation)
    {
        if (await db.Set<Flag>().SingleOrDefaultAsync(f => f.Id == id && f.TenantId == caller.TenantId, cancellation) is not { } flag) return null;
        return (flag, await db.Set<FlagVersion>().SingleOrDefaultAsync(v => v.FlagId == id && v.Version == FlagVersion.Proposed, cancellation));
    }
}
