using BlazorAdmin.Features.Users;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Shell.Lists.Views;

/// <summary>A list's filters, search and order under a name.</summary>
public sealed class SavedView
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public Guid OwnerId { get; set; }

    /// <summary>The list's address, for instance <c>/admin/jobs</c>.</summary>
    public required string List { get; set; }

    public required string Name { get; set; }

    /// <summary>As it stands in the address, without the question mark.</summary>
    public required string Query { get; set; }

    /// <summary>Others who may see the list see it too.</summary>
    public bool Shared { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

public sealed class SavedViewConfiguration : IEntityTypeConfiguration<SavedView>
{
    public void Configure(EntityTypeBuilder<SavedView> builder)
    {
        builder.ToTable("SavedViews");
        builder.Property(v => v.List).HasMaxLength(100);
        builder.Property(v => v.Name).HasMaxLength(100);
        builder.Property(v => v.Query).HasMaxLength(2000);
        builder.HasIndex(v => new { v.TenantId, v.List });
        builder.HasIndex(v => new { v.OwnerId, v.List, v.Name }).IsUnique();
        builder.HasOne<User>().WithMany().HasForeignKey(v => v.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}
