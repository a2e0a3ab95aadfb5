using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents;

/// <summary>One step of a reading with what went in and came out; a reading that was cut off goes on after the last of them.</summary>
public sealed class DocumentStepRun
{
    public Guid DocumentId { get; set; }

    public int Revision { get; set; }

    public required string Step { get; set; }

    /// <summary>Empty for the whole document, a page number for one page.</summary>
    public required string Part { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Of the step's implementation.</summary>
    public required string Version { get; set; }

    /// <summary>JSON.</summary>
    public required string Input { get; set; }

    public ReadOutcome Outcome { get; set; }

    /// <summary>JSON of the whole result.</summary>
    public required string Output { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public long DurationMilliseconds { get; set; }

    /// <summary>The node that ran it.</summary>
    public required string Node { get; set; }
}
