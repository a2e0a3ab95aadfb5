namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>The named state in which a reading, or one of its steps, ends.</summary>
public enum ReadOutcome
{
    Ready,

    /// <summary>Zero bytes, or a container without content.</summary>
    Empty,

    /// <summary>Read without fault, but there is no text in it.</summary>
    NoText,
    NeedsPassword,
    Damaged,
    Unsupported,
    TooLarge,
    TooManyPages,
    TimedOut,

    /// <summary>Made to harm: bomb, path out of the archive, external entities.</summary>
    Suspicious,

    /// <summary>Our fault or the machine's: a tool is missing or failed in a way that has no other name.</summary>
    Failed,
}
