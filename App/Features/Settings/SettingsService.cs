using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Settings;

/// <summary>
/// Reads the configuration with its sources and changes the portal's values in batches: all of one is checked together and
/// committed together, with its rows in the history and one in the audit. It holds here when the command returns and on the other nodes within two seconds.
/// </summary>
public sealed class SettingsService(
    IDbContextFactory<AppDbContext> databases, Guard guard, SettingsCatalog catalog, SettingsStatus status, DatabaseSettingsLoader loader, SecretBox secrets, Topic<SettingsChanged> topic,
    IDatabaseDialect dialect, RecentProof proof, TimeProvider time)
{
    public const int MostReason = 500;

    internal const string LockName = "settings";

    // Who gets in, who says so, and where the links go that let people in.
    private static readonly string[] Delicate = [SecurityOptions.Section, SingleSignOnOptions.Section, DirectoryOptions.Section, MailOptions.Section];

    /// <summary>Every setting of the registered sections.</summary>
    public async Task<IReadOnlyList<SettingValue>> ReadAsync(CancellationToken cancellation = default)
    {
        await guard.Require(SettingsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var keys = await db.Set<SettingOverride>().Select(s => s.Key).ToListAsync(cancellation);
        return [.. catalog.Read(keys.ToHashSet(StringComparer.OrdinalIgnoreCase), await VersionsAsync(db, cancellation))];
    }

    /// <summary>The watched files in the order in which they are read, later ones win, each with what is wrong with it.</summary>
    public async Task<IReadOnlyList<SettingsFile>> FilesAsync(CancellationToken cancellation = default)
    {
        await guard.Require(SettingsPermissions.Read, cancellation);
        if (catalog.Configuration is not IConfigurationRoot root) return [];
        var problems = status.Problems.ToDictionary(p => p.Source, StringComparer.Ordinal);
        return [.. root.Providers.OfType<SettingsFilesProvider>().SelectMany(provider => provider.Files).Select(file => file with { Problem = problems.GetValueOrDefault(file.Name) })];
    }

    /// <summary>What is wrong with the configuration now: files that are refused, sections whose last good values stay.</summary>
    public async Task<IReadOnlyList<SettingsProblem>> ProblemsAsync(CancellationToken cancellation = default)
    {
        await guard.Require(SettingsPermissions.Read, cancellation);
        return status.Problems;
    }

    /// <summary>What <paramref name="edits"/> would do, and why they would be refused.</summary>
    public async Task<SettingsPlan> PlanAsync(IReadOnlyList<SettingEdit> edits, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(SettingsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return (await ExamineAsync(db, caller.TenantId, edits, cancellation)).Plan;
    }

    /// <summary>Reads a file of settings; what it does not name stays as it is.</summary>
    /// <param name="name">JSON or YAML by its ending.</param>
    /// <returns>The edits, with the versions that were seen, and what they would do.</returns>
    public async Task<(IReadOnlyList<SettingEdit> Edits, SettingsPlan Plan)> PlanImportAsync(string name, byte[] content, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(SettingsPermissions.Manage, cancellation);
        // Lines of NAME=value may name variables of the server, which are nobody's to read.
        if (!SettingsFileParser.Reads(name) || name.EndsWith(".env", StringComparison.OrdinalIgnoreCase)) return ([], SettingsPlan.Refused(SettingFault.BadFile, "JSON, YAML"));
        try
        {
            var values = SettingsFileParser.Parse(name, content);
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var versions = await VersionsAsync(db, cancellation);
            var edits = values.Select(pair => new SettingEdit(pair.Key, pair.Value ?? "", versions.GetValueOrDefault(pair.Key))).ToList();
            return (edits, (await ExamineAsync(db, caller.TenantId, edits, cancellation)).Plan);
        }
        catch (SettingsFileException exception)
        {
            return ([], SettingsPlan.Refused(SettingFault.BadFile, exception.Message));
        }
    }

    /// <summary>What taking a batch of the history back would do.</summary>
    public async Task<SettingsPlan> PlanRollbackAsync(Guid batch, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(SettingsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var (edits, issues) = await InverseAsync(db, caller, batch, null, cancellation);
        return issues.Count > 0 ? new SettingsPlan([], issues) : (await ExamineAsync(db, caller.TenantId, edits, cancellation)).Plan;
    }

    /// <summary>Makes all <paramref name="edits"/> or none.</summary>
    /// <param name="reason">Why, for the history and the audit; must not be empty.</param>
    public async Task<SettingOutcome> ApplyAsync(IReadOnlyList<SettingEdit> edits, string reason, SettingsCommand command = SettingsCommand.Apply, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(SettingsPermissions.Manage, cancellation);
        return await CommitAsync(caller, _ => Task.FromResult<(IReadOnlyList<SettingEdit>, IReadOnlyList<SettingIssue>)>((edits, [])), reason, command, cancellation);
    }

    /// <summary>Gives the settings of a batch the values they had before it; the history goes on, nothing of it is taken away.</summary>
    /// <param name="expected">The versions that the person saw in the preview; null does not check.</param>
    public async Task<SettingOutcome> RollbackAsync(Guid batch, string reason, IReadOnlyDictionary<string, long>? expected = null, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(SettingsPermissions.Manage, cancellation);
        return await CommitAsync(caller, db => InverseAsync(db, caller, batch, expected, cancellation), reason, SettingsCommand.Rollback, cancellation);
    }

    /// <summary>The portal's own values as a file that <see cref="PlanImportAsync"/> and <c>conf.d</c> take; secrets are left out.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> ExportAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.Require(SettingsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await db.Set<SettingOverride>().AsNoTracking().Where(s => !s.Encrypted).ToListAsync(cancellation);
        var values = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var row in rows)
            if (catalog.Find(row.Key) is { Key.IsSecret: false })
                values[row.Key] = row.Value;
        db.Audit(caller, "settings.export", "setting", detail: new { keys = values.Keys }, count: values.Count);
        await db.SaveChangesAsync(cancellation);
        return values;
    }

    private async Task<SettingOutcome> CommitAsync(
        Caller caller, Func<AppDbContext, Task<(IReadOnlyList<SettingEdit> Edits, IReadOnlyList<SettingIssue> Issues)>> wanted, string reason, SettingsCommand command, CancellationToken cancellation)
    {
        reason = reason.Trim();
        if (reason.Length == 0) return SettingOutcome.Refused(SettingFault.ReasonMissing);
        if (reason.Length > MostReason) return SettingOutcome.Refused(SettingFault.ReasonTooLong, $"{MostReason}");
        var batch = Guid.CreateVersion7(time.GetUtcNow());
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            await db.Database.OpenConnectionAsync(cancellation);
            // One batch after the other, on all nodes: what was checked is what is written, also where two settings depend on each other.
            await using var only = await dialect.LockAsync(db.Database.GetDbConnection(), LockName, cancellation);
            var (edits, issues) = await wanted(db);
            if (issues.Count > 0) return new SettingOutcome(issues);
            var (plan, changes) = await ExamineAsync(db, caller.TenantId, edits, cancellation);
            if (plan.Issues.Count > 0) return new SettingOutcome(plan.Issues);
            if (changes.Count == 0) return SettingOutcome.Refused(SettingFault.NothingToDo);
            if (changes.Any(change => IsDelicate(change.Key)) && !await proof.IsFreshAsync(db, caller, cancellation)) return SettingOutcome.Refused(SettingFault.ProofNeeded);
            foreach (var change in changes) Write(db, caller, change, batch, reason);
            Record(db, caller, changes, batch, reason, command);
            db.AfterCommit(() => topic.Publish(new SettingsChanged(batch)));
            await db.SaveChangesAsync(cancellation);
        }

        await loader.ReloadAsync(cancellation);
        return new SettingOutcome([], batch);
    }

    private static bool IsDelicate(string key) => Delicate.Any(section => key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase));

    private void Write(AppDbContext db, Caller caller, Change change, Guid batch, string reason)
    {
        var (key, value, row) = (change.Key, change.Value, change.Row);
        var isSealed = change.IsSecret || row is { Encrypted: true };
        var old = row?.Value is { } stored && isSealed && !row.Encrypted ? secrets.Seal(DatabaseSettingsLoader.SecretPurpose, stored) : row?.Value;
        var written = value is not null && isSealed ? secrets.Seal(DatabaseSettingsLoader.SecretPurpose, value) : value;
        var now = time.GetUtcNow();
        db.Add(new SettingChange { TenantId = caller.TenantId, Batch = batch, Key = key, OldValue = old, NewValue = written, Encrypted = isSealed, ChangedAt = now, ChangedBy = caller.UserId, Reason = reason });
        if (written is null)
        {
            db.Remove(row!);
            return;
        }

        if (row is null) db.Add(row = new SettingOverride { Key = key, TenantId = caller.TenantId });
        (row.Value, row.Encrypted, row.ChangedAt, row.ChangedBy) = (written, isSealed, now, caller.UserId);
    }

    private static void Record(AppDbContext db, Caller caller, IReadOnlyList<Change> changes, Guid batch, string reason, SettingsCommand command)
    {
        var detail = new
        {
            reason, batch, keys = changes.Select(c => c.Key),
            changes = changes.Where(c => !c.IsSecret && c.Row is not { Encrypted: true }).Select(c => new { key = c.Key, from = c.Row?.Value, to = c.Value }),
        };
        var name = changes.Count == 1 ? changes[0].Key : string.Join(", ", changes.Select(c => c.Key));
        db.Audit(caller, $"settings.{command.ToString().ToLowerInvariant()}", "setting", batch, name, detail, changes.Count);
    }

    private async Task<(SettingsPlan Plan, IReadOnlyList<Change> Changes)> ExamineAsync(AppDbContext db, Guid tenant, IReadOnlyList<SettingEdit> edits, CancellationToken cancellation)
    {
        var rows = (await db.Set<SettingOverride>().ToListAsync(cancellation)).ToDictionary(s => s.Key, StringComparer.OrdinalIgnoreCase);
        var versions = await VersionsAsync(db, cancellation);
        var portal = Open(rows.Values);
        var (lines, changes, issues, sections) = (new List<SettingLine>(), new List<Change>(), new List<SettingIssue>(), new HashSet<SettingsSection>());
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var edit in edits)
        {
            var row = rows.GetValueOrDefault(edit.Key);
            var found = catalog.Find(edit.Key);
            var key = row?.Key ?? found?.Key.Name ?? edit.Key;
            if (!seen.Add(key)) issues.Add(new SettingIssue(key, SettingFault.Twice));
            else if (edit.Version is { } version && versions.GetValueOrDefault(key) != version)
                issues.Add(new SettingIssue(key, SettingFault.Changed, found?.Key.IsSecret == true || row is { Encrypted: true } ? "" : row?.Value ?? ""));
            else if (found is null && (edit.Value is not null || row is null)) issues.Add(new SettingIssue(key, SettingFault.Unknown));
            else if (edit.Value is null && row is null) issues.Add(new SettingIssue(key, SettingFault.NotSet));
            else if (row is not null && edit.Value is not null && portal.GetValueOrDefault(row.Key) == edit.Value) continue; // as wished already
            else if (edit.Value is { } value && (Refusal(found!.Value.Key, key, value) ?? await RoleSettings.CheckAsync(db, tenant, found.Value.Key, value, cancellation)) is { } refusal) issues.Add(refusal);
            else
            {
                if (found is var (section, _)) sections.Add(section);
                changes.Add(new Change(key, edit.Value, row, found?.Key.IsSecret ?? false));
                lines.Add(LineOf(found?.Key, key, edit, row, versions));
                if (edit.Value is null) portal.Remove(key);
                else portal[key] = edit.Value;
            }
        }

        var changed = changes.Select(change => change.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        issues.AddRange(sections.SelectMany(section => SecretTargets.Redirected(section, changed, seen, portal)));
        // The sections' own checks say the same again, in English, where a value alone is wrong already.
        if (issues.Count == 0) issues.AddRange(sections.SelectMany(section => catalog.Check(section, portal)));
        return (new SettingsPlan(lines, issues), changes);
    }

    private SettingIssue? Refusal(SettingKey setting, string key, string value)
    {
        if (catalog.OwnerOf(setting) is { } owner) return new SettingIssue(key, SettingFault.Owned, owner);
        if (key.Length > SettingOverride.MostKey) return new SettingIssue(key, SettingFault.TooLong, $"{SettingOverride.MostKey}");
        if (value.Length > SettingOverride.MostValue) return new SettingIssue(key, SettingFault.TooLong, $"{SettingOverride.MostValue}");
        if (!IsText(key) || !IsText(value)) return new SettingIssue(key, SettingFault.Unreadable, "");
        return setting.Shape.Check(key, value);
    }

    private SettingLine LineOf(SettingKey? setting, string key, SettingEdit edit, SettingOverride? row, IReadOnlyDictionary<string, long> versions)
    {
        var isSecret = setting?.IsSecret ?? row?.Encrypted ?? false;
        var (from, to) = setting is null
            ? (new SettingOrigin(SettingSource.Database, null, row?.Value), new SettingOrigin(SettingSource.Default, null, null))
            : (catalog.After(setting, row?.Value), catalog.After(setting, edit.Value));
        return new SettingLine(key, isSecret ? null : from.Value, isSecret ? null : to.Value, isSecret, edit.Value is null, setting?.Shape.NeedsRestart ?? false, to.Source, to.File, versions.GetValueOrDefault(key));
    }

    private async Task<(IReadOnlyList<SettingEdit> Edits, IReadOnlyList<SettingIssue> Issues)> InverseAsync(
        AppDbContext db, Caller caller, Guid batch, IReadOnlyDictionary<string, long>? expected, CancellationToken cancellation)
    {
        var changes = await db.Set<SettingChange>().AsNoTracking().Where(c => c.TenantId == caller.TenantId && c.Batch == batch).OrderBy(c => c.Id).ToListAsync(cancellation);
        if (changes.Count == 0) return ([], [new SettingIssue(null, SettingFault.NoSuchBatch)]);
        var present = (await db.Set<SettingOverride>().Select(s => s.Key).ToListAsync(cancellation)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var (together, versions) = (changes.Select(c => c.Key).ToHashSet(StringComparer.OrdinalIgnoreCase), await VersionsAsync(db, cancellation));
        var (edits, issues) = (new List<SettingEdit>(), new List<SettingIssue>());
        foreach (var change in changes)
        {
            if (change.OldValue is null && !present.Contains(change.Key)) continue;
            if (change.OldValue is not null && catalog.Find(change.Key)?.Key is { } key && SecretTargets.MovedSince(key, change.Id, together, versions) is { } moved)
                issues.Add(new SettingIssue(change.Key, SettingFault.SecretMoved, moved));
            try
            {
                var value = change is { Encrypted: true, OldValue: not null } ? secrets.Open(DatabaseSettingsLoader.SecretPurpose, change.OldValue) : change.OldValue;
                edits.Add(new SettingEdit(change.Key, value, expected is null ? null : expected.GetValueOrDefault(change.Key)));
            }
            catch (System.Security.Cryptography.CryptographicException)
            {
                issues.Add(new SettingIssue(change.Key, SettingFault.Sealed));
            }
        }

        return (edits, issues);
    }

    private Dictionary<string, string?> Open(IEnumerable<SettingOverride> rows)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows)
        {
            try
            {
                values[row.Key] = row is { Encrypted: true, Value: not null } ? secrets.Open(DatabaseSettingsLoader.SecretPurpose, row.Value) : row.Value;
            }
            catch (System.Security.Cryptography.CryptographicException)
            {
                // Nobody has this value in force either; the loader reports it.
                values.Remove(row.Key);
            }
        }

        return values;
    }

    private static async Task<IReadOnlyDictionary<string, long>> VersionsAsync(AppDbContext db, CancellationToken cancellation) =>
        (await db.Set<SettingChange>().GroupBy(c => c.Key).Select(g => new { g.Key, Id = g.Max(c => c.Id) }).ToListAsync(cancellation))
            .ToDictionary(v => v.Key, v => v.Id, StringComparer.OrdinalIgnoreCase);

    // What both databases can store: no NUL, no half of a surrogate pair.
    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else if (text[i] == '\0' || char.IsSurrogate(text[i])) return false;
        }

        return true;
    }

    /// <param name="Row">The portal's value now; null if there is none.</param>
    private sealed record Change(string Key, string? Value, SettingOverride? Row, bool IsSecret);
}
