namespace BlazorAdmin.Features.Logs;

/// <summary>One line of the list.</summary>
public sealed record LogRow
{
    public required long Id { get; init; }

    public DateTimeOffset At { get; init; }

    public LogLevel Level { get; init; }

    public required string Slice { get; init; }

    public required string Message { get; init; }

    public string? Reference { get; init; }

    public string? TraceId { get; init; }

    public Guid? UserId { get; init; }

    /// <summary>Name of the person, where they still have an account.</summary>
    public string? Person { get; init; }

    public long? JobId { get; init; }

    public required string Node { get; init; }
}

/// <summary>A line with everything that was kept of it.</summary>
/// <param name="Values">As JSON with line breaks.</param>
/// <param name="HasTrace">The trace was kept.</param>
public sealed record LogDetails(LogRow Row, string Category, string? Exception, string? Values, string? SpanId, bool HasTrace);

/// <summary>A step of a trace in the order of the waterfall.</summary>
/// <param name="Depth">0 for the first step.</param>
/// <param name="Start">Since the start of the trace.</param>
public sealed record TraceStep(TraceSpan Span, int Depth, TimeSpan Start)
{
    public TimeSpan Duration => TimeSpan.FromMicroseconds(Span.Microseconds);
}

/// <summary>A whole trace.</summary>
/// <param name="Lines">Lines of the log that belong to it, up to 100.</param>
public sealed record TraceView(string TraceId, DateTimeOffset StartedAt, TimeSpan Duration, IReadOnlyList<TraceStep> Steps, int Lines);
