namespace BlazorAdmin.Features.Mail;

public static class MailPermissions
{
    /// <summary>The log of what was sent, templates, state of the connection, suppressed addresses.</summary>
    public const string Read = "mail.read";

    /// <summary>Send again, change templates, test the connection, take a suppression away.</summary>
    public const string Manage = "mail.manage";
}
