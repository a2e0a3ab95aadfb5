using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Validation;

/// <summary>A validation rule as the page shows it.</summary>
/// <param name="Findings">Documents that violate it and that the caller may see.</param>
public sealed record ValidationRuleView(
    Guid Id, string Name, Guid? TypeId, string? Type, ValidationKind Kind, string Field, string? Definition, string? OtherField, string? Message, bool IsEnabled, int Version, int Findings);

/// <summary>The validation rules. A change has the documents concerned checked anew, as a job.</summary>
public sealed class ValidationRules(Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, JobQueue queue, TimeProvider time, Topic<RulesChanged> changes)
{
    public async Task<IReadOnlyList<ValidationRuleView>> List(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var visible = db.Visible(caller);
        return await Mine(db, caller).AsNoTracking().OrderBy(rule => rule.NormalizedName).Select(rule => new ValidationRuleView(
            rule.Id, rule.Name, rule.TypeId, db.Set<DocumentType>().Where(type => type.Id == rule.TypeId).Select(type => type.Name).FirstOrDefault(), rule.Kind, rule.Field, rule.Definition, rule.OtherField, rule.Message, rule.IsEnabled,
            rule.Version, db.Set<ValidationFinding>().Count(finding => finding.RuleId == rule.Id && visible.Any(document => document.Id == finding.DocumentId)))).ToListAsync(cancel);
    }

    /// <summary>The types that a rule can be about.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Name)>> Types(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var types = await db.Set<DocumentType>().AsNoTracking().Where(type => type.TenantId == caller.TenantId).OrderBy(type => type.NormalizedName).Select(type => new { type.Id, type.Name }).ToListAsync(cancel);
        return [.. types.Select(type => (type.Id, type.Name))];
    }

    /// <param name="id">Null: a new one.</param>
    /// <param name="version">That the caller saw.</param>
    public async Task<RuleResult> Save(Guid? id, int version, ValidationRuleForm form, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Manage, cancel);
        var issues = form.Check();
        if (issues.Count > 0) return RuleResult.Wrong(issues);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (form.TypeId is { } type && !await db.Set<DocumentType>().AnyAsync(one => one.Id == type && one.TenantId == caller.TenantId, cancel)) return RuleResult.Wrong([new RuleIssue("type", "TypeGone")]);
        var now = time.GetUtcNow();
        var (name, key) = (form.Name.Trim(), form.Name.Trim().ToLowerInvariant());
        if (await Mine(db, caller).AnyAsync(other => other.NormalizedName == key && other.Id != id, cancel)) return Taken(name);
        var rule = id is null ? null : await Hold(db, caller, id.Value, version, cancel);
        if (id is not null && rule is null) return await Mine(db, caller).AnyAsync(one => one.Id == id, cancel) ? RuleResult.Conflict : RuleResult.NotFound;
        // Those of the type before are rid of it.
        var concerned = rule is null || rule.TypeId == form.TypeId ? form.TypeId : null;
        if (rule is null) db.Add(rule = new ValidationRule { Id = Guid.CreateVersion7(now), TenantId = caller.TenantId, Name = name, NormalizedName = key, Field = form.Field, IsEnabled = true, CreatedAt = now, Version = 1 });
        (rule.Name, rule.NormalizedName, rule.TypeId, rule.Kind, rule.Field) = (name, key, form.TypeId, form.Kind, form.Field.Trim());
        rule.Definition = form.Kind == ValidationKind.Required ? null : form.Definition?.ReplaceLineEndings("\n").Trim();
        rule.OtherField = form.Kind == ValidationKind.CrossField ? form.OtherField?.Trim() : null;
        rule.Message = form.Message?.Trim() is { Length: > 0 } message ? message : null;
        db.Audit(caller, "documents.check_save", "validation_rule", rule.Id, rule.Name);
        return await Commit(db, caller, rule, concerned, cancel);
    }

    public async Task<RuleResult> Switch(Guid id, bool on, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await Hold(db, caller, id, null, cancel) is not { } rule) return RuleResult.NotFound;
        if (rule.IsEnabled == on) return RuleResult.Done;
        rule.IsEnabled = on;
        db.Audit(caller, "documents.check_switch", "validation_rule", rule.Id, rule.Name, new { on });
        return await Commit(db, caller, rule, rule.TypeId, cancel);
    }

    public async Task<RuleResult> Delete(Guid id, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await Hold(db, caller, id, null, cancel) is not { } rule) return RuleResult.NotFound;
        db.Remove(rule);
        db.Audit(caller, "documents.check_delete", "validation_rule", rule.Id, rule.Name);
        return await Commit(db, caller, rule, rule.TypeId, cancel);
    }

    private async Task<RuleResult> Commit(AppDbContext db, Caller caller, ValidationRule rule, Guid? type, CancellationToken cancel)
    {
        db.AfterCommit(() => changes.Publish(new RulesChanged(rule.Id)));
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return Taken(rule.Name);
        }
        await RuleJobs.Extract(db, queue, caller, type, onlyValidate: true, rule.Name, cancel);
        await db.Database.CommitTransactionAsync(cancel);
        return RuleResult.Done;
    }

    /// <summary>The rule, held until the transaction ends; of two who change it at once the second finds another version. Null: it is gone, or not in the version that the caller saw.</summary>
    private static async Task<ValidationRule?> Hold(AppDbContext db, Caller caller, Guid id, int? version, CancellationToken cancel) =>
        await Mine(db, caller).Where(rule => rule.Id == id && (version == null || rule.Version == version)).ExecuteUpdateAsync(set => set.SetProperty(rule => rule.Version, rule => rule.Version + 1), cancel) == 0
            ? null
            : await Mine(db, caller).SingleAsync(rule => rule.Id == id, cancel);

    private static RuleResult Taken(string name) => RuleResult.Wrong([new RuleIssue("name", "NameTaken", name)]);

    private static IQueryable<ValidationRule> Mine(AppDbContext db, Caller caller) => db.Set<ValidationRule>().Where(rule => rule.TenantId == caller.TenantId);
}
