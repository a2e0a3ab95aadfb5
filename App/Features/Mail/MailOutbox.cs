using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using HandlebarsDotNet;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Mail;

/// <summary>Where commands leave their mails. Has no rights of its own: the command that calls it has authorised.</summary>
public sealed class MailOutbox(
    MailCatalog catalog, MailRenderer renderer, SecretBox secrets, IOptionsMonitor<MailOptions> options, IOptionsMonitor<SecurityOptions> security, Topic<MailChanged> changes, TimeProvider time, ILogger<MailOutbox> log)
{
    /// <summary>Address of one mail in the log, without its id; the job of a mail carries it.</summary>
    internal const string LinkPrefix = "/admin/mail?item=";

    /// <summary>There is a server: what is written now leaves now.</summary>
    public bool IsConfigured => options.CurrentValue.IsConfigured;

    /// <summary>A mail with a link can leave: there is a server, and the address that people type is known. The Host header of a request never makes a mailed link.</summary>
    public bool CanSendLinks => options.CurrentValue.IsConfigured && security.CurrentValue.PublicUrl is { Length: > 0 };

    /// <summary>The full address of a page of the portal for a mail.</summary>
    /// <param name="path">Local, for instance <c>admin/jobs?item=1</c>.</param>
    /// <exception cref="InvalidOperationException">The setting Security:PublicUrl is not set.</exception>
    public string LinkTo(string path) => security.CurrentValue.PublicUrl is { Length: > 0 } address
        ? $"{address.TrimEnd('/')}/{path.TrimStart('/')}"
        : throw new InvalidOperationException("Set Security:PublicUrl to the address that people type; mailed links need it.");

    /// <summary>The language in which a mail to them is written, as a culture's name.</summary>
    public string LanguageFor(MailRecipient to) => MailCatalog.LanguageOf(to.Language) ?? options.CurrentValue.Language;

    /// <summary>A moment as mails write it, in words that any reader's clock understands.</summary>
    public static string Moment(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>
    /// Writes a mail into <paramref name="db"/>: it and the job that sends it exist exactly if the caller's own changes commit. Values of
    /// <c>portal</c> and <c>name</c> come by themselves. Without a configured server it waits; to a suppressed address it does not go.
    /// </summary>
    /// <exception cref="ArgumentException">The model lacks a variable or has one that the template does not declare.</exception>
    public async Task<MailMessage> SendAsync(AppDbContext db, Caller caller, MailTemplate template, MailModel model, MailRecipient to, CancellationToken cancellation)
    {
        var settings = options.CurrentValue;
        var language = LanguageFor(to);
        model.With("portal", settings.FromName).With("name", to.Name.Trim().Length > 0 ? to.Name : to.Address);
        var (parts, version) = await WriteAsync(db, caller, template, model, language, cancellation);
        var now = time.GetUtcNow();
        var message = new MailMessage
        {
            Id = Guid.CreateVersion7(now), TenantId = caller.TenantId, Template = template.Key, TemplateVersion = version, Language = language,
            Address = to.Address.Trim(), UserId = to.UserId, Subject = parts.Subject, CreatedAt = now, Body = new MailContent(to.Name, parts.Text, parts.Html).Seal(secrets),
        };
        if (!MailAddresses.CanBeUsed(to.Address))
        {
            (message.State, message.Answer, message.Body) = (MailState.Failed, MailAnswers.BadAddress, null);
            if (message.Address.Length > 320) message.Address = message.Address[..320];
        }
        else if (await IsSuppressedAsync(db, caller.TenantId, message.Address, cancellation)) (message.State, message.Answer) = (MailState.Suppressed, MailAnswers.Suppressed);
        else if (!settings.IsConfigured) message.Answer = MailAnswers.NoServer;
        else Enqueue(db, caller, message, now);
        db.Add(message);
        db.AfterCommit(() => changes.Publish(new MailChanged(message.Id)));
        return message;
    }

    internal static Job Enqueue(AppDbContext db, Caller caller, MailMessage message, DateTimeOffset now) => db.Enqueue(new SendMail(message.Id), caller, now, new EnqueueOptions
    {
        Subject = message.Address, SubjectUrl = LinkPrefix + message.Id,
    });

    internal static Task<bool> IsSuppressedAsync(AppDbContext db, Guid tenant, string address, CancellationToken cancellation)
    {
        var normal = MailAddresses.Normalize(address);
        return db.Set<MailSuppression>().AnyAsync(s => s.TenantId == tenant && s.Address == normal, cancellation);
    }

    private async Task<(MailParts Parts, int Version)> WriteAsync(AppDbContext db, Caller caller, MailTemplate template, MailModel model, string language, CancellationToken cancellation)
    {
        var changed = await db.Set<MailTemplateVersion>().AsNoTracking().Where(t => t.TenantId == caller.TenantId && t.Template == template.Key && t.Language == language)
            .OrderByDescending(t => t.Version).FirstOrDefaultAsync(cancellation);
        if (changed is not null)
        {
            var own = new MailParts(changed.Subject, changed.Text, changed.Html);
            // A newer program may know other variables; a plain mail is better than none, and than a command that fails for it.
            if (MailTemplateRules.Check(template, own).Count > 0) MailLog.TemplateOutdated(log, changed.Version, template.Key, language);
            else if (TryRender(template, own, model, language, changed.Version) is { } parts) return (parts, changed.Version);
        }

        return (renderer.Render(template, catalog.Delivered(template.Key, language), model, language), 0);
    }

    private MailParts? TryRender(MailTemplate template, MailParts own, MailModel model, string language, int version)
    {
        try
        {
            return renderer.Render(template, own, model, language);
        }
        catch (HandlebarsException exception)
        {
            MailLog.TemplateBroken(log, exception, version, template.Key, language);
            return null;
        }
    }
}
