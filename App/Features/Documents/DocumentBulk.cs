using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
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
    public async Task<int> Start(DocumentCommand command, DocumentScope scope, ListQuery query, CancellationToken cancel)
    {
        var caller = await Require(scope, cancel);
        var filter = query.Matching().ToQueryString(DocumentLists.Defaults);
        var arguments = new ChangeDocuments(command, scope, filter, time.GetUtcNow(), 0);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var count = await Meant(db, caller, arguments).CountAsync(cancel);
        if (count == 0) return 0;
        db.Audit(caller, command == DocumentCommand.Delete ? "documents.delete" : "documents.read_again", "document", detail: new { filter, scope = scope.ToString() }, count: count);
        db.Enqueue(arguments with { Count = count }, caller, arguments.AskedAt, new EnqueueOptions { Subject = $"{command} × {count.ToString(CultureInfo.InvariantCulture)}" });
        await db.SaveChangesAsync(cancel);
        return count;
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
        var (askedAt, mayAll) = (command.AskedAt, caller.May(DocumentsPermissions.Manage));
        var documents = DocumentLibrary.Matching(db, caller, command.Scope, ListQuery.Parse(command.Query, DocumentLists.Defaults)).Where(d => d.CreatedAt <= askedAt);
        if (!mayAll) documents = documents.Where(d => d.OwnerId == caller.PersonId);
        // What was read since, or is about to be, has had it: an attempt after a crash goes on with the rest.
        return command.Command == DocumentCommand.ReadAgain ? documents.Where(d => d.ReadEndedAt != null && d.ReadEndedAt <= askedAt) : documents;
    }

    private async ValueTask<Caller> Require(DocumentScope scope, CancellationToken cancel)
    {
        if (scope == DocumentScope.All) await guard.Require(DocumentsPermissions.Read, cancel);
        return await guard.RequireChange(DocumentsPermissions.Own, cancel);
    }
}
