using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents;

/// <summary>
/// A file that somebody gave the portal, and how far reading it has come. People change it by commands (audited);
/// the reading job writes its state by updates that check revision and state.
/// </summary>
public sealed class Document : IAudited
{
    public const int NameLength = 255;

    /// <summary>Ordered by time, made by the portal.</summary>
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public Guid OwnerId { get; set; }

    /// <summary>Null until it is put into a collection.</summary>
    public Guid? CollectionId { get; set; }

    /// <summary>The node that took it in.</summary>
    public required string Node { get; set; }

    public required string Name { get; set; }

    /// <summary>Of the original bytes, which are kept in the content store under it.</summary>
    public required string Sha256 { get; set; }

    /// <summary>Bytes.</summary>
    public long Size { get; set; }

    /// <summary>By content; null until inspected.</summary>
    public ContentType? Type { get; set; }

    public DocumentState State { get; set; }

    public ReadOutcome? Outcome { get; set; }

    /// <summary>Key of the slice's texts.</summary>
    public string? ReasonKey { get; set; }

    /// <summary>JSON array of strings.</summary>
    public string? ReasonArguments { get; set; }

    /// <summary>Grows with every reading that a person asks for; writes of an earlier reading find nothing.</summary>
    public int Revision { get; set; }

    /// <summary>The job of the latest reading.</summary>
    public long? JobId { get; set; }

    /// <summary>0 to 100 while reading.</summary>
    public double Progress { get; set; }

    public string? ProgressKey { get; set; }

    /// <summary>JSON array of strings.</summary>
    public string? ProgressArguments { get; set; }

    public int? Pages { get; set; }

    /// <summary>Pages that could not be read.</summary>
    public int Warnings { get; set; }

    public long Characters { get; set; }

    /// <summary>Mean confidence of recognised pages, 0 to 100; null when none was recognised.</summary>
    public double? Confidence { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ReadStartedAt { get; set; }

    public DateTimeOffset? ReadEndedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    public Guid? DeletedById { get; set; }

    /// <summary>Grows with every change that a viewer sees.</summary>
    public int Version { get; set; }

    /// <summary>Back to the beginning, for another reading.</summary>
    /// <exception cref="InvalidOperationException">It is still waiting or being read.</exception>
    public void ReadAgain()
    {
        if (State is DocumentState.Waiting or DocumentState.Reading) throw new InvalidOperationException($"The document {Id} is {State}.");
        (State, Outcome, ReasonKey, ReasonArguments) = (DocumentState.Waiting, null, null, null);
        (Progress, ProgressKey, ProgressArguments) = (0, null, null);
        (ReadStartedAt, ReadEndedAt) = (null, null);
        Revision++;
        Version++;
    }

    /// <summary>Ends the reading; whoever calls this cancels its job in the same transaction. That job may be retried: it goes on with this reading.</summary>
    /// <exception cref="InvalidOperationException">It is neither waiting nor being read.</exception>
    public void Stop(DateTimeOffset now)
    {
        if (State is not (DocumentState.Waiting or DocumentState.Reading)) throw new InvalidOperationException($"The document {Id} is {State}.");
        (State, ReadEndedAt, ProgressKey, ProgressArguments) = (DocumentState.Cancelled, now, null, null);
        Version++;
    }

    public void Delete(Guid by, DateTimeOffset now)
    {
        (DeletedAt, DeletedById) = (now, by);
        Version++;
    }

    public void Restore()
    {
        (DeletedAt, DeletedById) = (null, null);
        Version++;
    }
}
