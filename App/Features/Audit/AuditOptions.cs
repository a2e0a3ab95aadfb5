using System.ComponentModel.DataAnnotations;

namespace BlazorAdmin.Features.Audit;

/// <summary>Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>Days after which rows are deleted, from the beginning of the chain on; 0 keeps everything.</summary>
    [Range(0, 36_500)]
    public int RetentionDays { get; set; }
}
