using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents;

/// <summary>Changes documents part by part for the person who asked. Each part is done with the rights of the moment: who loses them stops it.</summary>
public sealed class ChangeDocumentsHandler(
    CurrentCaller current, PersonRights rights, DocumentBulk bulk, DocumentsService documents, DocumentEditing editing, BinService bin, DocumentCorrections corrections, IDbContextFactory<AppDbContext> databases) : IJobHandler<ChangeDocuments>
{
    private const int Part = 200;

    public async Task RunAsync(ChangeDocuments arguments, JobContext job, CancellationToken cancellation)
    {
        var person = (await current.GetAsync(cancellation))?.UserId ?? throw new JobFailedException("Nobody asked for this.");
        try
        {
            await Become(person, cancellation);
            // Of an earlier attempt.
            // Editing and finding leave them where they are; it is done again, to the same effect.
            var done = arguments.Command is DocumentCommand.Edit or DocumentCommand.FindAgain ? 0 : Math.Max(0, arguments.Count - await bulk.Left(arguments, cancellation));
            var changed = done;
            Guid? last = null;
            while (await bulk.Next(arguments, last, Part, cancellation) is { Count: > 0 } ids)
            {
                changed += await Change(arguments, ids, cancellation);
                (last, done) = (ids[^1], done + ids.Count);
                job.Progress(100.0 * done / Math.Max(done, arguments.Count), new ReadReason("BulkProgress", Text(done), Text(Math.Max(done, arguments.Count))).ToString());
                await Become(person, cancellation);
            }
            job.Info($"{changed} documents changed.");
            await Notify(person, arguments.Command, changed, cancellation);
        }
        catch (ForbiddenException exception)
        {
            throw new JobFailedException("The person who asked for it may not do that any more.", exception);
        }
    }

    private async Task Become(Guid person, CancellationToken cancel) =>
        current.Use(await rights.GetAsync(person, cancel) ?? throw new JobFailedException("The account of the person who asked for it is closed."));

    private async Task<int> Change(ChangeDocuments arguments, IReadOnlyList<Guid> ids, CancellationToken cancel) => arguments.Command switch
    {
        DocumentCommand.Delete => (await documents.DeletePart(ids, cancel)).Count,
        DocumentCommand.ReadAgain => (await documents.ReadPartAgain(ids, cancel)).Count,
        DocumentCommand.Erase => (await bin.ErasePart(ids, cancel)).Count,
        DocumentCommand.Restore => (await documents.RestorePart(ids, cancel)).Count,
        DocumentCommand.FindAgain => await corrections.ExtractPartAgain(ids, cancel),
        DocumentCommand.Edit when arguments.Edit is { } edit => await Edit(ids, edit, cancel),
        _ => throw new JobFailedException($"The command {arguments.Command} is not known."),
    };

    private async Task<int> Edit(IReadOnlyList<Guid> ids, DocumentEdit edit, CancellationToken cancel)
    {
        var result = await editing.ApplyPart(ids, edit, cancel);
        return result.Problem == EditProblem.None ? result.Changed.Count : throw new JobFailedException($"It cannot be done any more: {result.Problem}.");
    }

    private async Task Notify(Guid person, DocumentCommand command, int count, CancellationToken cancel)
    {
        var caller = await current.GetAsync(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Notify(Caller.Portal with { TenantId = caller!.TenantId }, Audience.Person(person), "documents.changed", NotificationLevel.Ok,
            NotificationText.Of<DocumentsTexts>(command switch
            {
                DocumentCommand.Delete => "NotifyDeleted",
                DocumentCommand.Erase => "NotifyErased",
                DocumentCommand.Restore => "NotifyRestored",
                DocumentCommand.Edit => "NotifyEdited",
                DocumentCommand.FindAgain => "NotifyFoundAgain",
                _ => "NotifyReadAgain",
            }, null, Text(count)), "/documents");
        await db.SaveChangesAsync(cancel);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
