using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Mail;

/// <summary>Templates as people change them: every saving is a version, and none is ever lost.</summary>
public sealed class MailTemplateService(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Guard guard, MailCatalog catalog, MailRenderer renderer, Topic<MailChanged> changes, TimeProvider time)
{
    public const int NoteLength = 500;

    public async Task<IReadOnlyList<MailTemplateRow>> ListAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(MailPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var newest = await db.Set<MailTemplateVersion>().Where(t => t.TenantId == caller.TenantId).GroupBy(t => new { t.Template, t.Language })
            .Select(g => new { g.Key.Template, g.Key.Language, Version = g.Max(t => t.Version), At = g.Max(t => t.CreatedAt) }).ToListAsync(cancellation);
        return
        [
            .. catalog.All.Select(template => new MailTemplateRow(template,
            [
                .. MailCatalog.Languages.Select(language => newest.Find(n => n.Template == template.Key && n.Language == language) is { } changed
                    ? new MailTemplateState(language, changed.Version, changed.At)
                    : new MailTemplateState(language, 0, null)),
            ])),
        ];
    }

    /// <returns>Null if there is no such template or language.</returns>
    public async Task<MailTemplateView?> OpenAsync(string key, string language, CancellationToken cancellation)
    {
        var caller = await guard.Require(MailPermissions.Read, cancellation);
        if (catalog.Find(key) is not { } template || !MailCatalog.Languages.Contains(language)) return null;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var versions = await db.Set<MailTemplateVersion>().AsNoTracking().Where(t => t.TenantId == caller.TenantId && t.Template == key && t.Language == language)
            .OrderByDescending(t => t.Version)
            .Select(t => new MailVersionRow(t.Version, t.CreatedAt, db.Users.Where(u => u.Id == t.CreatedBy).Select(u => u.DisplayName).FirstOrDefault(), t.Note, new MailParts(t.Subject, t.Text, t.Html)))
            .ToListAsync(cancellation);
        return new MailTemplateView(template, language, [.. versions, new MailVersionRow(0, null, null, null, catalog.Delivered(key, language))]);
    }

    /// <summary>Puts new texts in force; an earlier version is restored by saving its texts.</summary>
    /// <param name="basedOn">The version that the person began with.</param>
    public async Task<SaveTemplateResult> SaveAsync(string key, string language, MailParts parts, int basedOn, string? note, CancellationToken cancellation)
    {
        var caller = await guard.Require(MailPermissions.Manage, cancellation);
        if (await OpenAsync(key, language, cancellation) is not { } view) return new(SaveTemplateOutcome.NotFound, 0, []);
        var wanted = new MailParts(parts.Subject.Trim(), parts.Text.ReplaceLineEndings("\n"), parts.Html.ReplaceLineEndings("\n"));
        var problems = renderer.Check(view.Template, wanted);
        if (problems.Count > 0) return new(SaveTemplateOutcome.Wrong, view.Current.Version, problems);
        if (view.Current.Version != basedOn) return new(SaveTemplateOutcome.Conflict, view.Current.Version, []);
        if (view.Current.Parts == wanted) return new(SaveTemplateOutcome.Unchanged, basedOn, []);
        var row = new MailTemplateVersion
        {
            Id = Guid.CreateVersion7(), TenantId = caller.TenantId, Template = key, Language = language, Version = basedOn + 1, Subject = wanted.Subject, Text = wanted.Text, Html = wanted.Html,
            CreatedAt = time.GetUtcNow(), CreatedBy = caller.UserId, Note = string.IsNullOrWhiteSpace(note) ? null : note.Trim()[..Math.Min(note.Trim().Length, NoteLength)],
        };
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Add(row);
        db.Audit(caller, "mail.template", "mail_template", key, key, new { language, version = row.Version, subject = row.Subject, note = row.Note });
        db.AfterCommit(() => changes.Publish(new MailChanged()));
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return new(SaveTemplateOutcome.Conflict, row.Version, []);
        }

        return new(SaveTemplateOutcome.Done, row.Version, []);
    }
}
