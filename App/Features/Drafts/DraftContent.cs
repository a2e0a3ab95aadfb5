namespace BlazorAdmin.Features.Drafts;

/// <summary>What a form holds that is not saved. Keys of <paramref name="Fields"/> are those that js/drafts.js gives the fields of a form.</summary>
/// <param name="Title">What the form calls itself, for the line that offers to go on with it.</param>
/// <param name="Url">Where it stands: path and query, beginning with a slash.</param>
/// <param name="Through">Names of the openers before the form's own, separated by spaces; null if its own is enough.</param>
/// <param name="Number">Milliseconds of the browser's clock, rising from one save of the form to the next: two that are on their way at once may change places.</param>
public sealed record DraftContent(string Title, string Url, string? Through, IReadOnlyDictionary<string, DraftField> Fields, long Number = 0);

/// <param name="Value">What was typed; <c>true</c> or <c>false</c> of a box.</param>
/// <param name="Base">Fingerprint of the saved value that it was typed over: another one now means that somebody saved meanwhile.</param>
public sealed record DraftField(string Value, string Base);

/// <param name="Form">Path, <c>#</c>, name of the form.</param>
public sealed record DraftView(string Form, DraftContent Content, DateTimeOffset SavedAt);

public enum DraftOutcome
{
    Kept,

    /// <summary>More than <see cref="DraftStore.MostBytes"/>.</summary>
    TooLarge,

    /// <summary>The name of the form, or what it holds, is not what the script of the portal sends.</summary>
    Refused,
}
