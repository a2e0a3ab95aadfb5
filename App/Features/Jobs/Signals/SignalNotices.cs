using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>What operators are told in the portal; commits with the signal itself.</summary>
internal static class SignalNotices
{
    public static void Raised(AppDbContext db, JobSignal signal) => db.Notify(
        Caller.Portal, Audience.OfRole(Roles.Operator), "jobs.signal", LevelOf(signal.Kind),
        NotificationText.Of<SignalsTexts>($"Notice{signal.Kind}", $"Notice{signal.Kind}Body", signal.Subject, Figure(signal), signal.Detail ?? "–"), Url(signal));

    public static void Cleared(AppDbContext db, JobSignal signal) => db.Notify(
        Caller.Portal, Audience.OfRole(Roles.Operator), "jobs.signal_over", NotificationLevel.Ok, NotificationText.Of<SignalsTexts>($"Over{signal.Kind}", null, signal.Subject), Url(signal));

    /// <summary>Where an operator goes on from a signal.</summary>
    public static string Url(JobSignal signal) => signal.Kind switch
    {
        SignalKind.Failing => $"/admin/jobs?state=failed&type={Uri.EscapeDataString(signal.Subject)}",
        SignalKind.NoSuccess => "/admin/schedules",
        SignalKind.Backlog => "/admin/jobs/queues",
        SignalKind.DeadNode => $"/admin/jobs/workers?node={Uri.EscapeDataString(signal.Subject)}",
        SignalKind.UnknownType => $"/admin/jobs?state=queued&type={Uri.EscapeDataString(signal.Subject)}",
        SignalKind.Stuck => $"/admin/jobs?item={signal.Subject}",
        _ => "/admin/jobs/workers",
    };

    private static NotificationLevel LevelOf(SignalKind kind) => kind is SignalKind.Failing or SignalKind.DeadNode ? NotificationLevel.Bad : NotificationLevel.Warning;

    // Failures, or whole minutes: the text is written when somebody reads it, in their language.
    private static string Figure(JobSignal signal) => (signal.Kind == SignalKind.Failing ? signal.Value : Math.Max(1, Math.Round(signal.Value / 60))).ToString("0", CultureInfo.InvariantCulture);
}
