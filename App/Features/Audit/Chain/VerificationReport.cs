namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>What a verification found.</summary>
public sealed record VerificationReport
{
    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Sealed rows that were followed.</summary>
    public required long Rows { get; init; }

    /// <summary>Place of the last of them.</summary>
    public required long Head { get; init; }

    /// <summary>Its hash, hex.</summary>
    public required string HeadHash { get; init; }

    /// <summary>Rows that were not sealed yet and so not looked at.</summary>
    public required long Unsealed { get; init; }

    /// <summary>Whether the database refuses changes of the audit.</summary>
    public required bool Protected { get; init; }

    public required long ProblemCount { get; init; }

    /// <summary>The first <see cref="ChainCheck.MostKept"/>.</summary>
    public required IReadOnlyList<ChainProblem> Problems { get; init; }

    public bool IsSound => ProblemCount == 0;
}
