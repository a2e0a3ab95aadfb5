namespace BlazorAdmin.Features.Mail;

/// <summary>One line of the log.</summary>
public sealed record MailRow(
    Guid Id, string Template, string Language, string Address, string Subject, MailState State, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, string? Answer)
{
    public bool WaitsForServer => State == MailState.Queued && Answer == MailAnswers.NoServer;
}

/// <summary>Everything about one mail but its content, which may carry one-time links.</summary>
/// <param name="Person">Name of the account that it was written to; null for an address outside.</param>
/// <param name="HasContent">It can be sent again.</param>
public sealed record MailDetails(MailRow Row, int TemplateVersion, Guid? UserId, string? Person, long? JobId, bool HasContent);

public enum ResendOutcome
{
    Done,
    NotFound,
    AlreadySent,

    /// <summary>The content is deleted, or the address cannot be used.</summary>
    NoContent,

    /// <summary>Take the suppression away first.</summary>
    Suppressed,
}

/// <summary>An address to which nothing is sent.</summary>
public sealed record SuppressionRow(Guid Id, string Address, string Answer, DateTimeOffset CreatedAt);

/// <summary>What the Connection tab shows. Never the password.</summary>
public sealed record MailConnectionView(
    bool IsConfigured, string? Host, int Port, MailSecurity Security, string? UserName, bool HasPassword, string? From, string FromName, string? PublicUrl,
    int ConnectSeconds, int AnswerSeconds, int DataSeconds, int Waiting, int SentToday, int FailedToday, DateTimeOffset? LastSentAt);

/// <summary>One template of the list.</summary>
public sealed record MailTemplateRow(MailTemplate Template, IReadOnlyList<MailTemplateState> Languages);

/// <param name="Version">0: as delivered.</param>
public sealed record MailTemplateState(string Language, int Version, DateTimeOffset? ChangedAt);

/// <summary>A version in the history of a template.</summary>
public sealed record MailVersionRow(int Version, DateTimeOffset? CreatedAt, string? Author, string? Note, MailParts Parts);

/// <summary>A template in one language with its history, the newest first; the delivered texts come last as version 0.</summary>
public sealed record MailTemplateView(MailTemplate Template, string Language, IReadOnlyList<MailVersionRow> Versions)
{
    public MailVersionRow Current => Versions[0];
}

public enum SaveTemplateOutcome
{
    Done,
    NotFound,

    /// <summary>The texts do not pass the rules; the problems say where.</summary>
    Wrong,

    /// <summary>Nothing differs from what is in force.</summary>
    Unchanged,

    /// <summary>Somebody else saved a newer version meanwhile.</summary>
    Conflict,
}

public sealed record SaveTemplateResult(SaveTemplateOutcome Outcome, int Version, IReadOnlyList<MailTemplateProblem> Problems);
