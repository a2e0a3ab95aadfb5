namespace BlazorAdmin.Features.Mail;

/// <summary>Texts of the Mail tab.</summary>
public sealed class MailTexts;
