using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>The model that a tenant uses.</summary>
/// <param name="Labels">Type of each label.</param>
public sealed record ActiveClassifier(Guid Id, string Sha256, double Threshold, double Temperature, IReadOnlyList<Guid> Labels)
{
    /// <summary>Whether the model's word is enough.</summary>
    public bool IsSure(double confidence) => Threshold < 1 && confidence >= Threshold;

    /// <summary>Calibrated probabilities by type, the highest first.</summary>
    public IReadOnlyList<TypeScore> Scores(IReadOnlyList<double> probabilities) =>
        [.. Calibration.Apply(probabilities, Temperature).Select((probability, label) => (Type: Labels[label], probability)).GroupBy(one => one.Type)
            .Select(group => new TypeScore(group.Key, group.Sum(one => one.probability))).OrderByDescending(score => score.Probability)];

    internal static async Task<ActiveClassifier?> Load(AppDbContext db, Guid tenant, Guid? id, CancellationToken cancel)
    {
        var models = db.Set<ClassifierModel>().AsNoTracking().Where(m => m.TenantId == tenant && m.State == ModelState.Ready && m.Sha256 != null);
        var model = await (id is { } one ? models.Where(m => m.Id == one) : models.Where(m => m.IsActive)).Select(m => new { m.Id, m.Sha256, m.Threshold, m.Card }).FirstOrDefaultAsync(cancel);
        return model is { Sha256: { } sha256 } && ClassifierCard.Read(model.Card) is { } card ? new ActiveClassifier(model.Id, sha256, model.Threshold, card.Temperature, card.Labels) : null;
    }
}

/// <param name="Probability">Calibrated, 0 to 1.</param>
public sealed record TypeScore(Guid TypeId, double Probability);
