using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>Why a model could not be built.</summary>
internal static class ModelFailure
{
    private const int ArgumentsLength = 1_000;

    /// <returns>False when the model is not being trained (any more).</returns>
    public static async Task<bool> Write(AppDbContext db, Guid modelId, ReadReason reason, CancellationToken cancel)
    {
        var arguments = JsonSerializer.Serialize(reason.Arguments.Select(argument => argument.Length > 200 ? argument[..200] + "…" : argument));
        if (arguments.Length > ArgumentsLength) arguments = "[]";
        return await db.Set<ClassifierModel>().Where(m => m.Id == modelId && m.State == ModelState.Training).ExecuteUpdateAsync(set => set
            .SetProperty(m => m.State, ModelState.Failed)
            .SetProperty(m => m.ReasonKey, reason.Key)
            .SetProperty(m => m.ReasonArguments, arguments), cancel) > 0;
    }

    /// <summary>Closes trainings whose job ended without them: cancelled, out of attempts, timed out.</summary>
    public static async Task<IReadOnlyList<Guid>> CloseEnded(AppDbContext db, CancellationToken cancel)
    {
        var ended = await (from model in db.Set<ClassifierModel>()
                           join job in db.Set<Job>() on model.JobId equals job.Id
                           where model.State == ModelState.Training && (job.State == JobState.Failed || job.State == JobState.Cancelled)
                           select new { model.Id, job.State }).AsNoTracking().Take(100).ToListAsync(cancel);
        foreach (var one in ended) await Write(db, one.Id, new ReadReason(one.State == JobState.Cancelled ? "TrainingCancelled" : "TrainingFailed"), cancel);
        return [.. ended.Select(one => one.Id)];
    }
}
