using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Mail;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Checklist.Items;

/// <summary>A mail server is set, and it has taken a mail or stood a test.</summary>
public sealed class MailItem(IDbContextFactory<AppDbContext> databases, IOptionsMonitor<MailOptions> options) : IChecklistItem
{
    public string Key => "mail";

    public int Order => 40;

    public Type Texts => typeof(ChecklistTexts);

    public string TitleKey => "MailTitle";

    public async Task<ChecklistFinding> MeasureAsync(ChecklistLook look, CancellationToken cancellation) => await FindAsync(look, cancellation) with { Link = "/admin/mail/connection" };

    private async Task<ChecklistFinding> FindAsync(ChecklistLook look, CancellationToken cancellation)
    {
        if (!options.CurrentValue.IsConfigured) return new ChecklistFinding(ChecklistState.Open, "MailNone");
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var sent = await db.Set<MailMessage>().Where(m => m.TenantId == look.TenantId && m.State == MailState.Sent).OrderByDescending(m => m.CreatedAt).Select(m => m.SentAt).FirstOrDefaultAsync(cancellation);
        var test = await db.Set<AuditEntry>().Where(e => e.TenantId == look.TenantId && e.Action == "mail.test_connection").OrderByDescending(e => e.Id).Select(e => new { e.At, e.Outcome }).FirstOrDefaultAsync(cancellation);
        if (test is { Outcome: not AuditOutcome.Done } && !(sent > test.At)) return new ChecklistFinding(ChecklistState.Open, "MailTestFailed", test.At);
        if (sent is { } at) return new ChecklistFinding(ChecklistState.Done, "MailSent", at);
        return test is null ? new ChecklistFinding(ChecklistState.Open, "MailUntried", options.CurrentValue.Host ?? "") : new ChecklistFinding(ChecklistState.Done, "MailTested", test.At);
    }
}
