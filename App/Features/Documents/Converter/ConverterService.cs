using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Converter;

/// <summary>
/// Converts a single file without keeping it, for those who manage documents: it takes the server's tools out of turn, past the queue that
/// everybody else's files wait in. Nothing of it goes into the database but one audit row.
/// </summary>
public sealed class ConverterService(Guard guard, IDbContextFactory<AppDbContext> databases, ConverterRuns runs, ReadingTools tools)
{
    /// <summary>The tools of this node.</summary>
    public async Task<EngineReport> Engines(CancellationToken cancel)
    {
        await guard.Require(DocumentsPermissions.Manage, cancel);
        return await tools.Report(cancel);
    }

    /// <summary>Takes the file in and begins to convert it; ends when it is received.</summary>
    /// <param name="id">Chosen by the page that waits for it.</param>
    /// <exception cref="ConverterRefusedException"/>
    /// <exception cref="ForbiddenException"/>
    public async Task Start(Guid id, string? name, long? size, Stream body, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Manage, cancel);
        var run = runs.Open(id, caller.PersonId, DocumentName.Clean(name), size);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            db.Audit(caller, "documents.convert", "file", subjectName: run.Name, detail: new { size });
            await db.SaveChangesAsync(cancel);
        }
        catch
        {
            runs.Drop(run);
            throw;
        }
        await runs.Start(run, body, cancel);
    }

    /// <summary>The caller's own run; null when there is none of this id (any more).</summary>
    public async Task<ConverterRun?> Find(Guid id, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        return runs.Find(caller.PersonId, id);
    }

    public async Task Cancel(Guid id, CancellationToken cancel)
    {
        if (await Find(id, cancel) is { } run) runs.Cancel(run);
    }
}
