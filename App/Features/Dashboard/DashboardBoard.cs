using BlazorAdmin.Features.Users;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>A named dashboard: one person's own, or the default of a role.</summary>
public sealed class DashboardBoard
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Whose it is; null for the default of a role.</summary>
    public Guid? OwnerId { get; set; }

    /// <summary>The role that begins with it; null for a person's own.</summary>
    public Guid? RoleId { get; set; }

    public required string Name { get; set; }

    /// <summary>Others open it by its link, each seeing what they may.</summary>
    public bool Shared { get; set; }

    /// <summary>Place among the owner's dashboards; the first one opens.</summary>
    public int Position { get; set; }

    /// <summary>Placed widgets with their settings, as JSON.</summary>
    public required string Layout { get; set; }

    /// <summary>Grows with each change of the layout, so that two open pages do not overwrite each other.</summary>
    public int Version { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

public sealed class DashboardBoardConfiguration : IEntityTypeConfiguration<DashboardBoard>
{
    public void Configure(EntityTypeBuilder<DashboardBoard> builder)
    {
        builder.ToTable("Dashboards");
        builder.Property(b => b.Name).HasMaxLength(100);
        builder.Property(b => b.Version).IsConcurrencyToken();
        builder.HasIndex(b => new { b.OwnerId, b.Position });
        builder.HasIndex(b => b.RoleId);
        builder.HasOne<User>().WithMany().HasForeignKey(b => b.OwnerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Role>().WithMany().HasForeignKey(b => b.RoleId).OnDelete(DeleteBehavior.Cascade);
    }
}
