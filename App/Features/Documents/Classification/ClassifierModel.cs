namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>One trained classifier with its card. At most one of a tenant is active.</summary>
public sealed class ClassifierModel
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>From 1, without gaps for people: the version of the model.</summary>
    public int Number { get; set; }

    public ModelState State { get; set; }

    public bool IsActive { get; set; }

    /// <summary>Why it could not be built: key of the slice's texts.</summary>
    public string? ReasonKey { get; set; }

    /// <summary>JSON array of strings.</summary>
    public string? ReasonArguments { get; set; }

    /// <summary>Documents that it learnt from.</summary>
    public int Documents { get; set; }

    public int Types { get; set; }

    /// <summary>Share of right answers by cross-validation, 0 to 1.</summary>
    public double? Accuracy { get; set; }

    /// <summary>Unweighted mean of the F1 of all types by cross-validation, 0 to 1.</summary>
    public double? MacroF1 { get; set; }

    /// <summary>Expected calibration error of the confidences, 0 to 1.</summary>
    public double? CalibrationError { get; set; }

    /// <summary>Confidence below which a document is unsure and waits for a person, 0 to 1.</summary>
    public double Threshold { get; set; }

    /// <summary>JSON: confusion matrix, figures per type, calibration, coverage, settings of the training.</summary>
    public string? Card { get; set; }

    /// <summary>Of the model file in the content store.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Bytes of the model file.</summary>
    public long? Size { get; set; }

    public long? JobId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? TrainedAt { get; set; }
}
