using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>
/// Trains a model. A run that is cut off begins anew with the next attempt: nothing is kept of it but the model's row. The model that was
/// active stays so until the new one is whole.
/// </summary>
public sealed class TrainClassifierHandler(
    IDbContextFactory<AppDbContext> databases, IContentStore store, ReadingTools tools, TimeProvider time, Topic<ClassifierChanged> changes) : IJobHandler<TrainClassifier>
{
    /// <summary>The newest so many labelled documents are learnt from.</summary>
    public const int MostDocuments = 10_000;

    private const long LargestModel = 1L << 30;

    public async Task RunAsync(TrainClassifier arguments, JobContext job, CancellationToken cancellation)
    {
        if (await Wanted(arguments.ModelId, cancellation) is not { } model)
        {
            job.Info("This model is not wanted any more, or it is there already.");
            return;
        }
        try
        {
            var runner = await tools.Runner(cancellation);
            using var folder = WorkFolder.Create(tools.WorkRoot);
            var (texts, names, labelled) = await Labelled(model.TenantId, job, cancellation);
            var trainer = new ClassifierTrainer(new FastText(runner, folder, job.Info), (percent, message) => job.Progress(percent, message.ToString()));
            var trained = await trainer.Train(texts, names, cancellation);
            job.Progress(92, new ReadReason("ProgressSaving").ToString());
            StoredContent stored;
            await using (var file = File.OpenRead(trained.ModelPath)) stored = await store.Save(file, LargestModel, cancellation);
            if (!await KeepOrForget(arguments, model, trained.Card with { Labelled = labelled }, stored, cancellation))
            {
                job.Info("The training was cancelled meanwhile.");
                return;
            }
            job.Info(string.Create(CultureInfo.InvariantCulture, $"{trained.Card.Documents} documents, {trained.Card.Types.Count} types, accuracy {trained.Card.Accuracy:0.000}, macro F1 {trained.Card.MacroF1:0.000}."));
            job.Progress(100);
        }
        catch (ClassifierFaultException fault) when (!fault.IsOfTheMachine || job.IsLastAttempt || fault.Reason.Key == "ToolMissing")
        {
            await Fail(arguments, model, fault.Reason, cancellation);
            job.Info(fault.Reason.ToString());
            if (fault.IsOfTheMachine) throw new JobFailedException(fault.Reason.ToString(), fault);
        }
    }

    private async Task<ClassifierModel?> Wanted(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ClassifierModel>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == id && m.State == ModelState.Training, cancel);
    }

    /// <returns>Besides, how many labelled documents there are: more than are learnt from, perhaps.</returns>
    private async Task<(List<LabelledText> Texts, Dictionary<Guid, string> Names, int All)> Labelled(Guid tenant, JobContext job, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var names = await db.Set<DocumentType>().AsNoTracking().Where(t => t.TenantId == tenant).ToDictionaryAsync(t => t.Id, t => t.Name, cancel);
        var all = await db.Labelled(tenant).CountAsync(cancel);
        var labels = await db.Labelled(tenant).OrderByDescending(d => d.Id).Take(MostDocuments).Select(d => new { d.Id, TypeId = d.TypeId!.Value }).ToListAsync(cancel);
        var texts = new List<LabelledText>(labels.Count);
        foreach (var part in labels.Chunk(200))
        {
            job.Progress(5.0 * texts.Count / labels.Count, new ReadReason("ProgressCollecting", Text(texts.Count), Text(labels.Count)).ToString());
            var found = await EffectiveText.Load(db, [.. part.Select(one => one.Id)], TextFeatures.Characters, cancel);
            // A type that was removed while this ran.
            texts.AddRange(part.Where(one => names.ContainsKey(one.TypeId)).Select(one => LabelledText.Of(one.TypeId, found.GetValueOrDefault(one.Id, ""))));
        }
        return (texts, names, all);
    }

    private async Task<bool> Keep(TrainClassifier arguments, ClassifierModel model, ClassifierCard card, StoredContent stored, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (now, json) = (time.GetUtcNow(), card.Write());
        var kept = await db.Set<ClassifierModel>().Where(m => m.Id == model.Id && m.State == ModelState.Training).ExecuteUpdateAsync(set => set
            .SetProperty(m => m.State, ModelState.Ready)
            .SetProperty(m => m.Documents, card.Documents)
            .SetProperty(m => m.Types, card.Types.Count)
            .SetProperty(m => m.Accuracy, card.Accuracy)
            .SetProperty(m => m.MacroF1, card.MacroF1)
            .SetProperty(m => m.CalibrationError, card.CalibrationError)
            .SetProperty(m => m.Threshold, card.ProposedThreshold)
            .SetProperty(m => m.Card, json)
            .SetProperty(m => m.Sha256, stored.Sha256)
            .SetProperty(m => m.Size, stored.Size)
            .SetProperty(m => m.TrainedAt, now), cancel);
        if (kept == 0) return false;
        var portal = Caller.Portal with { TenantId = model.TenantId };
        if (!await ModelActivation.Activate(db, portal, model.Id, model.Number, now, cancel)) return false;
        Notify(db, arguments, portal, NotificationLevel.Ok, NotificationText.Of<ClassificationTexts>("NotifyTrained", null, Text(model.Number), Math.Round(card.Accuracy * 100).ToString(CultureInfo.InvariantCulture)));
        db.AfterCommit(() => changes.Publish(new ClassifierChanged(model.Id)));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>As <see cref="Keep"/>; the bytes that the row did not take are removed, also when whoever cancelled the training cancelled this run.</summary>
    private async Task<bool> KeepOrForget(TrainClassifier arguments, ClassifierModel model, ClassifierCard card, StoredContent stored, CancellationToken cancel)
    {
        var kept = false;
        try
        {
            return kept = await Keep(arguments, model, card, stored, cancel);
        }
        finally
        {
            if (!kept)
            {
                await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
                db.EraseUnused(model.TenantId, [stored.Sha256], time.GetUtcNow());
                await db.SaveChangesAsync(CancellationToken.None);
            }
        }
    }

    private async Task Fail(TrainClassifier arguments, ClassifierModel model, ReadReason reason, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await ModelFailure.Write(db, model.Id, reason, cancel)) return;
        Notify(db, arguments, Caller.Portal with { TenantId = model.TenantId }, NotificationLevel.Warning, NotificationText.Of<ClassificationTexts>("NotifyNotTrained", null, Text(model.Number)));
        db.AfterCommit(() => changes.Publish(new ClassifierChanged(model.Id)));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static void Notify(AppDbContext db, TrainClassifier arguments, Caller portal, NotificationLevel level, NotificationText text) =>
        db.Notify(portal, Audience.Person(arguments.AskedBy), "documents.model", level, text, $"/admin/documents/types?tab=model&model={arguments.ModelId}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
