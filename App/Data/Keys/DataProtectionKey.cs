using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Data.Keys;

/// <summary>A key of ASP.NET Core data protection (cookies, antiforgery), shared by all nodes, encrypted under the root key.</summary>
public sealed class DataProtectionKey
{
    public int Id { get; set; }

    public string? FriendlyName { get; set; }

    public required string Xml { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

public sealed class DataProtectionKeyConfiguration : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> builder)
    {
        builder.ToTable("DataProtectionKeys");
        builder.Property(k => k.FriendlyName).HasMaxLength(200);
    }
}
