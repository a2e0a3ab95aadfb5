using BlazorAdmin.Features.Audit;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Mail;

public enum MailState
{
    /// <summary>Waits for its job.</summary>
    Queued,

    /// <summary>The mail server took it.</summary>
    Sent,

    /// <summary>Given up after a lasting refusal or the last attempt.</summary>
    Failed,

    /// <summary>Not sent: the address refused mail for good before.</summary>
    Suppressed,
}

/// <summary>One mail to one address, from the moment it is asked for; its row is the log of what was sent.</summary>
public sealed class MailMessage
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Key of the template, for instance <c>account.reset</c>.</summary>
    public required string Template { get; set; }

    /// <summary>Version of the template that it was written with; 0 is the delivered one.</summary>
    public int TemplateVersion { get; set; }

    public required string Language { get; set; }

    public required string Address { get; set; }

    /// <summary>Whom it was written to; null for an address outside.</summary>
    public Guid? UserId { get; set; }

    public required string Subject { get; set; }

    /// <summary>Text and HTML, sealed with the installation's key; null once it is no longer needed, because it may carry one-time links.</summary>
    public string? Body { get; set; }

    public MailState State { get; set; }

    /// <summary>Failed attempts included.</summary>
    public int Attempts { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    /// <summary>What the mail server said last, or why there was no answer.</summary>
    public string? Answer { get; set; }

    /// <summary>The job that sends it.</summary>
    public long? JobId { get; set; }
}

/// <summary>A template as somebody changed it; the newest version of a key and language is in force. Delivered texts are version 0 and not stored.</summary>
public sealed class MailTemplateVersion
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public required string Template { get; set; }

    public required string Language { get; set; }

    public int Version { get; set; }

    public required string Subject { get; set; }

    public required string Text { get; set; }

    public required string Html { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public Guid? CreatedBy { get; set; }

    /// <summary>Why it was changed.</summary>
    public string? Note { get; set; }
}

/// <summary>An address that refused mail for good; nothing is sent there until somebody takes the row away.</summary>
public sealed class MailSuppression : IAudited
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>In lower case.</summary>
    public required string Address { get; set; }

    public required string Answer { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

public sealed class MailMessageConfiguration : IEntityTypeConfiguration<MailMessage>
{
    public void Configure(EntityTypeBuilder<MailMessage> builder)
    {
        builder.ToTable("MailMessages");
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Template).HasMaxLength(100).IsUnicode(false);
        builder.Property(m => m.Language).HasMaxLength(16).IsUnicode(false);
        builder.Property(m => m.Address).HasMaxLength(320);
        builder.Property(m => m.Subject).HasMaxLength(400);
        builder.Property(m => m.Answer).HasMaxLength(1_000);
        builder.HasIndex(m => new { m.TenantId, m.CreatedAt, m.Id });
        builder.HasIndex(m => new { m.TenantId, m.State, m.CreatedAt, m.Id });
        builder.HasIndex(m => new { m.TenantId, m.Address, m.CreatedAt, m.Id });
        builder.HasIndex(m => m.UserId);
        builder.HasIndex(m => m.CreatedAt);
        builder.HasIndex(m => m.CreatedAt, "IX_MailMessages_Queued").HasFilter("\"State\" = 'Queued'");
    }
}

public sealed class MailTemplateVersionConfiguration : IEntityTypeConfiguration<MailTemplateVersion>
{
    public void Configure(EntityTypeBuilder<MailTemplateVersion> builder)
    {
        builder.ToTable("MailTemplateVersions");
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Template).HasMaxLength(100).IsUnicode(false);
        builder.Property(t => t.Language).HasMaxLength(16).IsUnicode(false);
        builder.Property(t => t.Subject).HasMaxLength(400);
        builder.Property(t => t.Note).HasMaxLength(500);
        builder.HasIndex(t => new { t.TenantId, t.Template, t.Language, t.Version }).IsUnique();
    }
}

public sealed class MailSuppressionConfiguration : IEntityTypeConfiguration<MailSuppression>
{
    public void Configure(EntityTypeBuilder<MailSuppression> builder)
    {
        builder.ToTable("MailSuppressions");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Address).HasMaxLength(320);
        builder.Property(s => s.Answer).HasMaxLength(1_000);
        builder.HasIndex(s => new { s.TenantId, s.Address }).IsUnique();
    }
}
