using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents;

/// <summary>Commands on more documents than one transaction takes: they run as a job, part by part, with the rights that the person has at each part.</summary>
public sealed class DocumentBulk(Guard guard, IDbContextFactory<AppDbContext> databases, TimeProvider time)
{
    /// <summary>Answers for the command with one audit row of filter and count, and has a job carry it out.</summary>
    /// <returns>How many documents it is about; 0 when none matches, and then there is no job.</returns>
    /// <exception cref="ForbiddenException"/>
    public async Task<int> Start(DocumentCommand command, DocumentScope scope, ListQuery query, CancellationToken cancel, DocumentEdit? edit = null)
    {
        var caller = await Require(scope, cancel);
        var filter = query.Matching().ToQueryString(DocumentLists.Defaults);
        var arguments = new ChangeDocuments(command, scope, filter, time.GetUtcNow(), 0) { Edit = edit };
        await using var db = await databases.CreateDbContextAsync(cancel);
        var count = await Meant(db, caller, arguments).CountAsync(cancel);
        if (count == 0) return 0;
        db.Audit(caller, Action(command), "document", detail: new { filter, scope = scope.ToString(), edit }, count: count);
        db.Enqueue(arguments with { Count = count }, caller, arguments.AskedAt, new EnqueueOptions { Subject = $"{command} × {count.ToString(CultureInfo.InvariantCulture)}" });
        await db.SaveChangesAsync(cancel);
        return count;
    }

    /// <summary>How many documents the query matches, and how many of them the caller may not change.</summary>
    public async Task<EditPreview> Preview(DocumentScope scope, ListQuery query, CancellationToken cancel)
    {
        var caller = await guard.Require(scope == DocumentScope.All ? DocumentsPermissions.Read : DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var matching = DocumentMatching.Of(db, caller, scope, query.Matching());
        var count = await matching.CountAsync(cancel);
        return new EditPreview(count, count - await matching.Where(DocumentAccess.MayChange(db, caller)).CountAsync(cancel));
    }

    /// <summary>How many documents the command has still to change.</summary>
    internal async Task<int> Left(ChangeDocuments command, CancellationToken cancel)
    {
        var caller = await Require(command.Scope, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Meant(db, caller, command).CountAsync(cancel);
    }

    /// <summary>The ids of the next part, those after <paramref name="last"/>.</summary>
    internal async Task<IReadOnlyList<Guid>> Next(ChangeDocuments command, Guid? last, int size, CancellationToken cancel)
    {
        var caller = await Require(command.Scope, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var meant = Meant(db, caller, command);
        if (last is { } after) meant = meant.Where(d => d.Id > after);
        return await meant.OrderBy(d => d.Id).Select(d => d.Id).Take(size).ToListAsync(cancel);
    }

    private static IQueryable<Document> Meant(AppDbContext db, Caller caller, ChangeDocuments command)
    {
        var (askedAt, query) = (command.AskedAt, ListQuery.Parse(command.Query, DocumentLists.Defaults));
        if (command.Command is DocumentCommand.Erase or DocumentCommand.Restore) return BinService.Matching(db, caller, command.Scope, query).Where(d => d.DeletedAt <= askedAt);
        var documents = DocumentMatching.Of(db, caller, command.Scope, query).Where(d => d.CreatedAt <= askedAt).Where(DocumentAccess.MayChange(db, caller));
        // What was read since, or is about to be, has had it: an attempt after a crash goes on with the rest.
        return command.Command == DocumentCommand.ReadAgain ? documents.Where(d => d.ReadEndedAt != null && d.ReadEndedAt <= askedAt) : documents;
    }

    private static string Action(DocumentCommand command) => command switch
    {
        DocumentCommand.Delete => "documents.delete",
        DocumentCommand.Erase => "documents.erase_now",
        DocumentCommand.Restore => "documents.restore",
        DocumentCommand.Edit => "documents.edit",
        DocumentCommand.FindAgain => "documents.extract",
        _ => "documents.read_again",
    };

    private async ValueTask<Caller> Require(DocumentScope scope, CancellationToken cancel)
    {
        if (scope == DocumentScope.All) await guard.Require(DocumentsPermissions.Read, cancel);
        return await guard.RequireChange(DocumentsPermissions.Own, cancel);
    }
}
