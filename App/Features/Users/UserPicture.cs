using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Users;

/// <summary>The picture that a person shows, as it was checked when it came in.</summary>
public sealed class UserPicture
{
    public Guid UserId { get; set; }

    public required byte[] Data { get; set; }

    /// <summary><c>image/png</c>, <c>image/jpeg</c> or <c>image/webp</c>.</summary>
    public required string ContentType { get; set; }

    /// <summary>SHA-256 of the data in hexadecimal: its address changes with it, so that browsers may keep it.</summary>
    public required string Hash { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

public sealed class UserPictureConfiguration : IEntityTypeConfiguration<UserPicture>
{
    public void Configure(EntityTypeBuilder<UserPicture> builder)
    {
        builder.ToTable("UserPictures");
        builder.HasKey(p => p.UserId);
        builder.Property(p => p.ContentType).HasMaxLength(40).IsUnicode(false);
        builder.Property(p => p.Hash).HasMaxLength(64).IsUnicode(false);
        builder.HasOne<User>().WithOne().HasForeignKey<UserPicture>(p => p.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
