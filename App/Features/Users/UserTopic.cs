using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Users;

/// <summary>Something that a person says they know about.</summary>
public sealed class UserTopic
{
    public Guid UserId { get; set; }

    public required string Topic { get; set; }
}

/// <summary>Something that the people of a role know about.</summary>
public sealed class RoleTopic
{
    public Guid RoleId { get; set; }

    public required string Topic { get; set; }
}

public sealed class UserTopicConfiguration : IEntityTypeConfiguration<UserTopic>
{
    public void Configure(EntityTypeBuilder<UserTopic> builder)
    {
        builder.ToTable("UserTopics");
        builder.HasKey(t => new { t.UserId, t.Topic });
        builder.Property(t => t.Topic).HasMaxLength(100);
        builder.HasOne<User>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(t => t.Topic);
    }
}

public sealed class RoleTopicConfiguration : IEntityTypeConfiguration<RoleTopic>
{
    public void Configure(EntityTypeBuilder<RoleTopic> builder)
    {
        builder.ToTable("RoleTopics");
        builder.HasKey(t => new { t.RoleId, t.Topic });
        builder.Property(t => t.Topic).HasMaxLength(100);
        builder.HasOne<Role>().WithMany().HasForeignKey(t => t.RoleId).OnDelete(DeleteBehavior.Cascade);
    }
}
