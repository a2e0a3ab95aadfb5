namespace BlazorAdmin.Features.Mail;

/// <summary>A mail, a template or a suppression changed.</summary>
/// <param name="MessageId">The mail, if it is one.</param>
public sealed record MailChanged(Guid? MessageId = null);
