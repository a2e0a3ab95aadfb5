using BlazorAdmin.Features.Users;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Drafts;

/// <summary>What somebody typed into a form and has not sent yet. Never passwords or secrets.</summary>
public sealed class Draft
{
    public Guid UserId { get; set; }

    /// <summary>The form's route and, where it edits something, that thing's id: <c>/admin/users/new</c>.</summary>
    public required string Form { get; set; }

    /// <summary>JSON of the typed fields, sealed with the installation's key.</summary>
    public required string Content { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

public sealed class DraftConfiguration : IEntityTypeConfiguration<Draft>
{
    public void Configure(EntityTypeBuilder<Draft> builder)
    {
        builder.ToTable("Drafts");
        builder.HasKey(d => new { d.UserId, d.Form });
        builder.Property(d => d.Form).HasMaxLength(300);
        builder.HasIndex(d => d.ChangedAt);
        builder.HasOne<User>().WithMany().HasForeignKey(d => d.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
