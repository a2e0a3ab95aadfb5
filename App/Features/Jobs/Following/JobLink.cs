using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Jobs.Following;

/// <summary>Which end of a job lets its follower start.</summary>
public enum FollowOn
{
    Success,
    Failure,
    AnyEnd,
}

/// <summary><see cref="ChildId"/> waits for the end of <see cref="ParentId"/>; if it ends otherwise, the child is cancelled.</summary>
public sealed class JobLink
{
    public long ParentId { get; set; }

    public long ChildId { get; set; }

    public FollowOn On { get; set; }
}

public sealed class JobLinkConfiguration : IEntityTypeConfiguration<JobLink>
{
    public void Configure(EntityTypeBuilder<JobLink> builder)
    {
        builder.ToTable("JobLinks");
        builder.HasKey(l => new { l.ParentId, l.ChildId });
        builder.HasIndex(l => l.ChildId);
    }
}
