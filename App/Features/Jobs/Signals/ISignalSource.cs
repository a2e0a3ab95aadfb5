using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>Something that holds now and that an operator should know of.</summary>
/// <param name="Subject">The type, schedule, queue, node, job or session that it is about; the same as long as it holds. At most 200 characters.</param>
/// <param name="Value">The figure behind it: failures for <see cref="SignalKind.Failing"/>, seconds for the others.</param>
/// <param name="Detail">What else is known, for people; at most 1,000 characters.</param>
public sealed record JobCondition(SignalKind Kind, string Subject, double Value, string? Detail);

/// <summary>What a source needs for one look.</summary>
/// <param name="Now">On the database's clock.</param>
/// <param name="Holding">Subjects whose signal of this source's kind holds; a source may clear them later than it raised them, so that they do not flap.</param>
public sealed record SignalReading(AppDbContext Db, Guid TenantId, DateTimeOffset Now, SignalOptions Options, IReadOnlySet<string> Holding);

/// <summary>Finds the conditions of one kind. Register it as a singleton; it is asked every half minute on one node, so it must be cheap.</summary>
public interface ISignalSource
{
    SignalKind Kind { get; }

    /// <returns>Every condition that holds now; null if that cannot be known here, and what held goes on holding.</returns>
    Task<IReadOnlyList<JobCondition>?> FindAsync(SignalReading reading, CancellationToken cancellation);
}
