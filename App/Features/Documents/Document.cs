using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Intake;
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

    /// <summary>The document that this one was attached to; null: it stands by itself.</summary>
    public Guid? ParentId { get; set; }

    /// <summary>Place among the attachments of <see cref="ParentId"/>, from 1.</summary>
    public int? ParentPart { get; set; }

    /// <summary>How it came in.</summary>
    public DocumentOrigin Origin { get; set; }

    /// <summary>Path in the watched folder that it came from.</summary>
    public string? OriginPath { get; set; }

    /// <summary>The same for all versions of one document: the id of the first.</summary>
    public Guid SeriesId { get; set; }

    /// <summary>Number of the version within its series, from 1.</summary>
    public int Edition { get; set; } = 1;

    /// <summary>Whether no newer version of the series is there; lists show only these.</summary>
    public bool IsLatest { get; set; } = true;

    /// <summary>The node that took it in.</summary>
    public required string Node { get; set; }

    public required string Name { get; set; }

    /// <summary>Of the original bytes, which are kept in the content store under it.</summary>
    public required string Sha256 { get; set; }

    /// <summary>Bytes.</summary>
    public long Size { get; set; }

    /// <summary>By content; null until inspected.</summary>
    public ContentType? Type { get; set; }

    /// <summary>What kind of document it is for the organisation (invoice, contract, ...); null: nobody has said.</summary>
    public Guid? TypeId { get; set; }

    /// <summary>Who said so.</summary>
    public TypeSource? TypeSource { get; set; }

    /// <summary>What the model thinks; kept when a person says otherwise, so that its answers can be judged.</summary>
    public Guid? SuggestedTypeId { get; set; }

    /// <summary>Of <see cref="SuggestedTypeId"/>, calibrated, 0 to 1.</summary>
    public double? SuggestedConfidence { get; set; }

    /// <summary>The model that suggested.</summary>
    public Guid? SuggestedByModelId { get; set; }

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

    /// <summary>How far the text can be trusted, 0 to 100; null until read.</summary>
    public double? Quality { get; set; }

    /// <summary>JSON array of reasons (key and arguments) that took points off <see cref="Quality"/>.</summary>
    public string? QualityReasons { get; set; }

    /// <summary>Of a PDF of the same pages with a text layer, kept in the content store; null: there is none.</summary>
    public string? SearchableSha256 { get; set; }

    /// <summary>Bytes.</summary>
    public long? SearchableSize { get; set; }

    /// <summary>Violated validation rules.</summary>
    public int Findings { get; set; }

    /// <summary>The day after which it goes into the bin; null: it stays.</summary>
    public DateTimeOffset? KeepUntil { get; set; }

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

    /// <param name="by">Null: the portal, because its time was over.</param>
    public void Delete(Guid? by, DateTimeOffset now)
    {
        (DeletedAt, DeletedById) = (now, by);
        Version++;
    }

    public void Restore()
    {
        (DeletedAt, DeletedById) = (null, null);
        Version++;
    }

    /// <summary>A person says what kind of document it is; null: they take back what was said, and a model may say it again.</summary>
    public void SetType(Guid? typeId)
    {
        (TypeId, TypeSource) = (typeId, typeId is null ? null : Classification.TypeSource.Person);
        Version++;
    }

    /// <summary>Makes it a version of a document; which one is the latest is settled by whoever calls this.</summary>
    public void MoveToSeries(Guid seriesId, int edition)
    {
        (SeriesId, Edition) = (seriesId, edition);
        Version++;
    }
}
