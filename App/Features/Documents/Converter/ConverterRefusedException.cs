namespace BlazorAdmin.Features.Documents.Converter;

/// <summary>Why a run does not begin.</summary>
public enum ConverterRefusal
{
    /// <summary>This person has one going on.</summary>
    OneAtATime,

    /// <summary>This node has as many going on as the settings allow.</summary>
    Busy,
    TooLarge,
    DiskFull,
}

public sealed class ConverterRefusedException(ConverterRefusal refusal) : Exception(refusal.ToString())
{
    public ConverterRefusal Refusal { get; } = refusal;
}
