namespace BlazorAdmin.Features.Mail;

/// <summary>The mails that the portal brings.</summary>
public static class MailTemplates
{
    private const string SampleLink = "https://portal.example.org/account/link?token=sample";
    private const string SampleTime = "2026-11-24 12:00 UTC";

    /// <summary>The first password of a new account.</summary>
    public static readonly MailTemplate AccountSetup = new("account.setup", MailVariable.Secret("link", SampleLink), MailVariable.Text("expires", SampleTime));

    public static readonly MailTemplate AccountReset = new("account.reset", MailVariable.Secret("link", SampleLink), MailVariable.Text("expires", SampleTime));

    public static readonly MailTemplate AccountInvitation = new(
        "account.invitation", MailVariable.Secret("link", SampleLink), MailVariable.Text("expires", SampleTime), MailVariable.Text("inviter", "Ada Lovelace"));

    /// <summary>Confirms a new address.</summary>
    public static readonly MailTemplate AccountEmailChange = new(
        "account.email_change", MailVariable.Secret("link", SampleLink), MailVariable.Text("expires", SampleTime), MailVariable.Text("newAddress", "grace@example.org"));

    /// <summary>Tells somebody that sign-in to their account is locked for a while.</summary>
    public static readonly MailTemplate AccountLockout = new(
        "account.lockout", MailVariable.Text("address", "192.0.2.17"), MailVariable.Text("minutes", "15"), MailVariable.Text("time", SampleTime));

    /// <summary>Tells somebody that the ways into their account changed or were tried. Has no link: whoever gets such a mail should open the portal as always.</summary>
    public static readonly MailTemplate AccountSecurity = new(
        "account.security", MailVariable.Text("event", "Your account: password changed"), MailVariable.Text("advice", "If that was not you, change your password and tell an administrator."), MailVariable.Text("time", SampleTime));

    public static readonly MailTemplate JobFinished = new(
        "jobs.finished", MailVariable.Text("job", "Reading of annual-report.pdf"), MailVariable.Text("duration", "2 min 10 s"), MailVariable.Text("link", "https://portal.example.org/admin/jobs?item=4711"));

    public static readonly MailTemplate JobFailed = new(
        "jobs.failed", MailVariable.Text("job", "Reading of annual-report.pdf"), MailVariable.Text("error", "The stored file is missing."), MailVariable.Text("attempts", "4"),
        MailVariable.Text("link", "https://portal.example.org/admin/jobs?item=4711"));

    public static readonly MailTemplate FeedbackReply = new(
        "feedback.reply", MailVariable.Text("question", "Where do I find the travel policy?"), MailVariable.Text("reply", "It is in the handbook, chapter 4."), MailVariable.Text("author", "Ada Lovelace"),
        MailVariable.Text("link", "https://portal.example.org/ask"));

    public static readonly MailTemplate AlertFired = new(
        "alerts.fired", MailVariable.Text("alert", "Disk nearly full"), MailVariable.Text("severity", "critical"), MailVariable.Text("value", "93 %"), MailVariable.Text("time", SampleTime),
        MailVariable.Flag("resolved"), MailVariable.Text("link", "https://portal.example.org/admin/alerts"));

    /// <summary>What is new in the portal, at once or once a day.</summary>
    public static readonly MailTemplate NotificationDigest = new(
        "notifications.digest", MailVariable.Text("count", "2"), MailVariable.Flag("daily"),
        MailVariable.List("items", Item("annual-report.pdf is ready", "41 pages"), Item("Your account: password changed", "If this was not you, end all sign-ins and change it.")),
        MailVariable.Text("link", "https://portal.example.org/notifications"));

    public static readonly MailTemplate Report = new(
        "reports.report", MailVariable.Text("title", "Weekly operations report"), MailVariable.Text("period", "16 to 22 November 2026"),
        MailVariable.List("figures", Row("Jobs finished", "1,284"), Row("Jobs failed", "3"), Row("Documents read", "412")), MailVariable.Text("link", "https://portal.example.org/"));

    /// <summary>What the Connection tab sends to whoever tests.</summary>
    public static readonly MailTemplate Test = new("mail.test", MailVariable.Text("server", "mail.example.org:587"), MailVariable.Text("time", SampleTime));

    public static readonly IReadOnlyList<MailTemplate> All =
        [AccountSetup, AccountReset, AccountInvitation, AccountEmailChange, AccountLockout, AccountSecurity, JobFinished, JobFailed, FeedbackReply, AlertFired, NotificationDigest, Report, Test];

    private static Dictionary<string, string> Item(string title, string body) => new() { ["title"] = title, ["body"] = body };

    private static Dictionary<string, string> Row(string label, string value) => new() { ["label"] = label, ["value"] = value };
}
