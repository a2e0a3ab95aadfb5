namespace BlazorAdmin.Features.Mail;

public enum MailVariableKind
{
    Text,

    /// <summary>Yes or no, for <c>if</c> and <c>unless</c>.</summary>
    Flag,

    /// <summary>Rows with fields, for <c>each</c>.</summary>
    List,
}

/// <summary>Something that a template may name. People read what it is in the texts, under <c>Variable.name</c>.</summary>
public sealed record MailVariable
{
    private MailVariable(string name, MailVariableKind kind) => (Name, Kind) = (name, kind);

    public string Name { get; }

    public MailVariableKind Kind { get; }

    /// <summary>What the preview shows: a text, true, or rows.</summary>
    public required object Sample { get; init; }

    /// <summary>What a row of a list has.</summary>
    public IReadOnlyList<string> Fields { get; private init; } = [];

    /// <summary>Opens something: it may stand in the body, which is stored sealed, and not in the subject, which the log shows.</summary>
    public bool IsSecret { get; private init; }

    public static MailVariable Text(string name, string sample) => new(name, MailVariableKind.Text) { Sample = sample };

    public static MailVariable Secret(string name, string sample) => new(name, MailVariableKind.Text) { Sample = sample, IsSecret = true };

    public static MailVariable Flag(string name) => new(name, MailVariableKind.Flag) { Sample = true };

    /// <param name="rows">At least one; its keys are the fields.</param>
    public static MailVariable List(string name, params IReadOnlyDictionary<string, string>[] rows) => new(name, MailVariableKind.List) { Sample = rows, Fields = [.. rows[0].Keys] };
}
