using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>The models of a tenant: training, cards, the one in use, the threshold.</summary>
public sealed class ClassifierModels(Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, JobQueue queue, TimeProvider time, JobChanger jobs, Topic<ClassifierChanged> changes)
{
    private const int MostModels = 100;

    /// <exception cref="ForbiddenException"/>
    public async Task<ModelOverview> Overview(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var models = await db.Set<ClassifierModel>().AsNoTracking().Where(m => m.TenantId == caller.TenantId).OrderByDescending(m => m.Number).Take(MostModels).Select(m => new
        {
            m.Id, m.Number, m.State, m.IsActive, m.ReasonKey, m.ReasonArguments, m.Documents, m.Types, m.Accuracy, m.MacroF1, m.CalibrationError, m.Threshold, m.Size, m.JobId, m.CreatedAt, m.TrainedAt,
        }).ToListAsync(cancel);
        var labels = await db.Labelled(caller.TenantId).CountAsync(cancel);
        var rows = models.Select(m => new ModelRow(
            m.Id, m.Number, m.State, m.IsActive, DocumentLibrary.Reason(m.ReasonKey, m.ReasonArguments), m.Documents, m.Types, m.Accuracy, m.MacroF1, m.CalibrationError, m.Threshold,
            m.Size, m.JobId, m.CreatedAt, m.TrainedAt)).ToList();
        return new ModelOverview(rows, labels, Math.Max(0, labels - await KnownLabels(db, rows.FirstOrDefault(m => m.IsActive), cancel)));
    }

    /// <returns>Null: there is no such model, or it could not be built.</returns>
    /// <exception cref="ForbiddenException"/>
    public async Task<ClassifierCard?> Card(Guid id, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return ClassifierCard.Read(await db.Set<ClassifierModel>().Where(m => m.Id == id && m.TenantId == caller.TenantId).Select(m => m.Card).SingleOrDefaultAsync(cancel));
    }

    /// <summary>Begins a training; one at a time.</summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<ModelResult> Train(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await ModelFailure.CloseEnded(db, cancel);
        var mine = db.Set<ClassifierModel>().Where(m => m.TenantId == caller.TenantId);
        // The number first: a training that begins after it is read takes the same one, whether the next question sees it or not.
        var number = (await mine.MaxAsync(m => (int?)m.Number, cancel) ?? 0) + 1;
        if (await mine.AnyAsync(m => m.State == ModelState.Training, cancel)) return ModelResult.Busy;
        var now = time.GetUtcNow();
        var model = new ClassifierModel { Id = Guid.CreateVersion7(now), TenantId = caller.TenantId, Number = number, State = ModelState.Training, Threshold = 1, CreatedAt = now };
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        db.Add(model);
        db.Audit(caller, "documents.train", "model", model.Id, Text(model.Number));
        var job = db.Enqueue(new TrainClassifier(model.Id, caller.PersonId), caller, now, new EnqueueOptions
        {
            Subject = Text(model.Number), SubjectUrl = $"/admin/documents/types?tab=model&model={model.Id}", LimitKey = caller.TenantId.ToString("n"),
        });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            // Somebody else began one in this moment: its number is taken.
            return ModelResult.Busy;
        }
        model.JobId = job.Id;
        db.AfterCommit(() => changes.Publish(new ClassifierChanged(model.Id)));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return ModelResult.Done;
    }

    /// <summary>Stops a training; the model in use stays.</summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<ModelResult> Cancel(Guid id, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var model = await Find(db, caller, id).Where(m => m.State == ModelState.Training).Select(m => new { m.Number, m.JobId }).SingleOrDefaultAsync(cancel);
        if (model is null || !await ModelFailure.Write(db, id, new ReadReason("TrainingCancelled"), cancel)) return ModelResult.NotFound;
        if (model.JobId is { } job) await jobs.CancelAsync(db, caller.TenantId, [job], cancel);
        return await Commit(db, transaction, caller, "documents.cancel_training", id, model.Number, null, cancel);
    }

    /// <summary>Uses a model, newer or older; what no person labelled is asked about again by a job.</summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<ModelResult> Activate(Guid id, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var model = await Find(db, caller, id).Where(m => m.State == ModelState.Ready && m.Sha256 != null).Select(m => new { m.Number, m.IsActive }).SingleOrDefaultAsync(cancel);
        if (model is null) return ModelResult.NotFound;
        if (model.IsActive) return ModelResult.Done;
        if (!await ModelActivation.Activate(db, caller, id, model.Number, time.GetUtcNow(), cancel)) return ModelResult.NotFound;
        return await Commit(db, transaction, caller, "documents.activate_model", id, model.Number, null, cancel);
    }

    /// <summary>Removes a model that is not in use, and its file.</summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<ModelResult> Delete(Guid id, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var model = await Find(db, caller, id).Where(m => m.State != ModelState.Training).Select(m => new { m.Number, m.IsActive, m.Sha256 }).SingleOrDefaultAsync(cancel);
        if (model is null) return ModelResult.NotFound;
        // The condition again in the statement: somebody may activate it in this moment.
        if (model.IsActive || await Find(db, caller, id).Where(m => !m.IsActive && m.State != ModelState.Training).ExecuteDeleteAsync(cancel) == 0) return ModelResult.IsActive;
        if (model.Sha256 is { } sha256) db.EraseUnused(caller.TenantId, [sha256], time.GetUtcNow());
        return await Commit(db, transaction, caller, "documents.delete_model", id, model.Number, null, cancel);
    }

    /// <summary>Changes from which confidence on the model's word is enough; documents follow at once.</summary>
    /// <param name="threshold">0 to 1; 1: never.</param>
    /// <exception cref="ForbiddenException"/>
    public async Task<ModelResult> SetThreshold(Guid id, double threshold, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        if (!(threshold is >= 0 and <= 1)) return ModelResult.OutOfRange;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var model = await Find(db, caller, id).Where(m => m.State == ModelState.Ready).Select(m => new { m.Number, m.Threshold, m.IsActive }).SingleOrDefaultAsync(cancel);
        if (model is null) return ModelResult.NotFound;
        await Find(db, caller, id).ExecuteUpdateAsync(set => set.SetProperty(m => m.Threshold, threshold), cancel);
        if (model.IsActive)
        {
            await SuggestionWrites.Apply(db, caller.TenantId, id, threshold, cancel);
            await RuleJobs.Extract(db, queue, caller, null, onlyValidate: true, Text(model.Number), cancel);
        }
        return await Commit(db, transaction, caller, "documents.set_threshold", id, model.Number, new { before = model.Threshold, now = threshold }, cancel);
    }

    private async Task<ModelResult> Commit(
        AppDbContext db, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, Caller caller, string action, Guid id, int number, object? detail, CancellationToken cancel)
    {
        db.Audit(caller, action, "model", id, Text(number), detail);
        db.AfterCommit(() => changes.Publish(new ClassifierChanged(id)));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return ModelResult.Done;
    }

    /// <summary>So many labels were there when this model was trained.</summary>
    private static async Task<int> KnownLabels(AppDbContext db, ModelRow? model, CancellationToken cancel)
    {
        if (model is null) return 0;
        var card = ClassifierCard.Read(await db.Set<ClassifierModel>().Where(m => m.Id == model.Id).Select(m => m.Card).SingleOrDefaultAsync(cancel));
        return card?.Labelled ?? model.Documents;
    }

    private static IQueryable<ClassifierModel> Find(AppDbContext db, Caller caller, Guid id) => db.Set<ClassifierModel>().Where(m => m.Id == id && m.TenantId == caller.TenantId);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
