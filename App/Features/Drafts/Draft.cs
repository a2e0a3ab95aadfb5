using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Drafts;

/// <summary>What somebody has typed into a form and not sent: it outlives the circuit, the page and the server.</summary>
public sealed class Draft
{
    public Guid UserId { get; set; }

    /// <summary>Route and entity of the form, for instance <c>/admin/users/new</c> or <c>/admin/mail/templates/account.reset#en</c>.</summary>
    public required string Form { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Names and values of the fields, sealed with the installation's key; passwords and secrets are never among them.</summary>
    public required string Content { get; set; }

    public DateTimeOffset SavedAt { get; set; }
}

public sealed class DraftConfiguration : IEntityTypeConfiguration<Draft>
{
    public void Configure(EntityTypeBuilder<Draft> builder)
    {
        builder.ToTable("Drafts");
        builder.HasKey(d => new { d.UserId, d.Form });
        builder.Property(d => d.Form).HasMaxLength(300);
        builder.HasIndex(d => d.SavedAt);
    }
}
