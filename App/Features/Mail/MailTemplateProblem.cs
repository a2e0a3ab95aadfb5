namespace BlazorAdmin.Features.Mail;

public enum MailTemplateFault
{
    /// <summary>A part is empty.</summary>
    Empty,
    TooLong,

    /// <summary>An expression begins and does not end.</summary>
    Unfinished,

    /// <summary>No such variable is declared.</summary>
    Unknown,

    /// <summary>Anything but a variable, if, unless, each, else and their ends.</summary>
    NotAllowed,

    /// <summary>A list stands where a text belongs.</summary>
    ListAsText,

    /// <summary><c>each</c> over something that is no list.</summary>
    NotAList,

    /// <summary>A block has no end.</summary>
    NotClosed,

    /// <summary>An end without its block, or an else outside of one.</summary>
    WrongEnd,

    /// <summary>A line break in the subject.</summary>
    LineBreak,

    /// <summary>A secret in the subject.</summary>
    SecretInSubject,

    /// <summary>It passes the rules and cannot be filled in all the same.</summary>
    Broken,
}

/// <summary>What is wrong with a template.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Name">The variable or expression; empty where there is none.</param>
public sealed record MailTemplateProblem(MailPart Part, int Line, MailTemplateFault Fault, string Name = "");
