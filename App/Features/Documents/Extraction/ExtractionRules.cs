using System.Diagnostics;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>An own rule as the page shows it.</summary>
public sealed record ExtractionRuleView(Guid Id, string Name, ExtractionRuleKind Kind, string Definition, bool MatchCase, bool IsField, bool IsEnabled, int Version);

/// <summary>What a rule finds in a text that somebody tries it on.</summary>
/// <param name="TimedOut">It was ended after <see cref="OwnPattern.Limit"/>.</param>
public sealed record RuleTrial(IReadOnlyList<RuleIssue> Issues, IReadOnlyList<FoundEntity> Found, bool TimedOut, long Milliseconds)
{
    /// <summary>There may be more than is shown.</summary>
    public bool IsCut { get; init; }
}

/// <summary>The own patterns and dictionaries. A change has all documents extracted anew, as a job.</summary>
public sealed class ExtractionRules(Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, JobQueue queue, TimeProvider time, Topic<RulesChanged> changes)
{
    public const int LongestTrial = 100_000;
    private const int ShownOfTrial = 200;

    /// <summary>Of a document so much is tried, in characters: some hundred pages.</summary>
    public const int LongestTrialDocument = 2_000_000;

    public async Task<IReadOnlyList<ExtractionRuleView>> List(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ExtractionRule>().AsNoTracking().Where(rule => rule.TenantId == caller.TenantId).OrderBy(rule => rule.NormalizedName)
            .Select(rule => new ExtractionRuleView(rule.Id, rule.Name, rule.Kind, rule.Definition, rule.MatchCase, rule.IsField, rule.IsEnabled, rule.Version)).ToListAsync(cancel);
    }

    /// <param name="id">Null: a new one.</param>
    /// <param name="version">That the caller saw.</param>
    public async Task<RuleResult> Save(Guid? id, int version, ExtractionRuleForm form, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Manage, cancel);
        var issues = form.Check();
        if (issues.Count > 0) return RuleResult.Wrong(issues);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = time.GetUtcNow();
        var (name, key) = (form.Name.Trim(), form.Name.Trim().ToLowerInvariant());
        if (await Mine(db, caller).AnyAsync(other => other.NormalizedName == key && other.Id != id, cancel)) return Taken(name);
        var rule = id is null ? null : await Hold(db, caller, id.Value, version, cancel);
        if (id is not null && rule is null) return await Mine(db, caller).AnyAsync(one => one.Id == id, cancel) ? RuleResult.Conflict : RuleResult.NotFound;
        if (rule is null) db.Add(rule = new ExtractionRule { Id = Guid.CreateVersion7(now), TenantId = caller.TenantId, Name = name, NormalizedName = key, Definition = form.Definition, IsEnabled = true, CreatedAt = now, Version = 1 });
        (rule.Name, rule.NormalizedName, rule.Kind, rule.Definition, rule.MatchCase, rule.IsField) = (name, key, form.Kind, form.Definition.ReplaceLineEndings("\n"), form.MatchCase, form.IsField);
        db.Audit(caller, "documents.rule_save", "extraction_rule", rule.Id, rule.Name);
        return await Commit(db, caller, rule, cancel);
    }

    public async Task<RuleResult> Switch(Guid id, bool on, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await Hold(db, caller, id, null, cancel) is not { } rule) return RuleResult.NotFound;
        if (rule.IsEnabled == on) return RuleResult.Done;
        rule.IsEnabled = on;
        db.Audit(caller, "documents.rule_switch", "extraction_rule", rule.Id, rule.Name, new { on });
        return await Commit(db, caller, rule, cancel);
    }

    public async Task<RuleResult> Delete(Guid id, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await Hold(db, caller, id, null, cancel) is not { } rule) return RuleResult.NotFound;
        db.Remove(rule);
        db.Audit(caller, "documents.rule_delete", "extraction_rule", rule.Id, rule.Name);
        return await Commit(db, caller, rule, cancel);
    }

    /// <summary>What the rule would find; nothing is kept.</summary>
    public async Task<RuleTrial> Try(ExtractionRuleForm form, string text, CancellationToken cancel)
    {
        await guard.Require(DocumentsPermissions.Read, cancel);
        var issues = form.Check().Where(issue => issue.Field == "definition").ToList();
        if (text.Length > LongestTrial) issues.Add(new RuleIssue("text", "TrialTooLong", LongestTrial));
        if (issues.Count > 0) return new RuleTrial(issues, [], false, 0);
        return await Run(form, [new EntityPage(1, text)], cancel);
    }

    /// <summary>What the rule would find in a document that the caller may see; nothing is kept.</summary>
    public async Task<RuleTrial> TryOn(ExtractionRuleForm form, Guid documentId, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        var issues = form.Check().Where(issue => issue.Field == "definition").ToList();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var pages = new List<EntityPage>();
        var left = LongestTrialDocument;
        await foreach (var page in db.Visible(caller).Where(d => d.Id == documentId).Join(db.Set<DocumentPage>(), d => d.Id, one => one.DocumentId, (d, one) => new { one.Number, one.Text })
            .OrderBy(one => one.Number).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (left <= 0) break;
            var text = page.Text.Length <= left ? page.Text : page.Text[..left];
            pages.Add(new EntityPage(page.Number, text));
            left -= Math.Max(1, text.Length);
        }
        if (pages.Count == 0) issues.Add(new RuleIssue("document", "TrialDocumentEmpty"));
        return issues.Count > 0 ? new RuleTrial(issues, [], false, 0) : await Run(form, pages, cancel);
    }

    private static async Task<RuleTrial> Run(ExtractionRuleForm form, IReadOnlyList<EntityPage> pages, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        // Off the circuit's thread: it may take its whole limit.
        var (found, warnings) = await Task.Run(() =>
        {
            var finder = new OwnRuleFinder([new OwnRule(Guid.Empty, form.Name.Trim().Length == 0 ? "?" : form.Name.Trim(), form.Kind, form.Definition, form.MatchCase, form.IsField)]);
            var all = new List<FoundEntity>();
            foreach (var page in pages.Select(page => new PageEntities(page)))
            {
                cancel.ThrowIfCancellationRequested();
                finder.Find(page);
                all.AddRange(page.Found);
                if (all.Count >= ShownOfTrial || finder.Warnings.Count > 0) break;
            }
            return (all, finder.Warnings);
        }, cancel);
        return new RuleTrial([], [.. found.Take(ShownOfTrial)], warnings.Count > 0, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds) { IsCut = found.Count >= ShownOfTrial };
    }

    private async Task<RuleResult> Commit(AppDbContext db, Caller caller, ExtractionRule rule, CancellationToken cancel)
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
        await RuleJobs.Extract(db, queue, caller, null, onlyValidate: false, rule.Name, cancel);
        await db.Database.CommitTransactionAsync(cancel);
        return RuleResult.Done;
    }

    /// <summary>The rule, held until the transaction ends; of two who change it at once the second finds another version. Null: it is gone, or not in the version that the caller saw.</summary>
    private static async Task<ExtractionRule?> Hold(AppDbContext db, Caller caller, Guid id, int? version, CancellationToken cancel) =>
        await Mine(db, caller).Where(rule => rule.Id == id && (version == null || rule.Version == version)).ExecuteUpdateAsync(set => set.SetProperty(rule => rule.Version, rule => rule.Version + 1), cancel) == 0
            ? null
            : await Mine(db, caller).SingleAsync(rule => rule.Id == id, cancel);

    private static RuleResult Taken(string name) => RuleResult.Wrong([new RuleIssue("name", "NameTaken", name)]);

    private static IQueryable<ExtractionRule> Mine(AppDbContext db, Caller caller) => db.Set<ExtractionRule>().Where(rule => rule.TenantId == caller.TenantId);
}
