namespace BlazorAdmin.Features.Jobs.Rules;

/// <summary>What a written retry strategy lacks; the texts have a sentence for each.</summary>
public enum RetryFault
{
    /// <summary>No kind, or no time.</summary>
    Incomplete,

    /// <summary>No such kind, or too many times for it.</summary>
    Unknown,

    /// <summary>One of its times cannot be read or is too long.</summary>
    NoTime,

    /// <summary>The first wait is longer than the longest.</summary>
    Falling,
}

/// <summary>A retry strategy cannot be read.</summary>
/// <param name="message">In English, for code and logs.</param>
/// <param name="parts">What was typed and is wrong.</param>
public sealed class RetryFormatException(RetryFault fault, string message, params string[] parts) : FormatException(message)
{
    public RetryFault Fault => fault;

    public IReadOnlyList<string> Parts => parts;
}
