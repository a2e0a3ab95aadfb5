using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Security;

public enum SignInLinkKind
{
    /// <summary>Signs in as it is; a new password may be set along the way.</summary>
    SignIn,

    /// <summary>A new password must be set.</summary>
    PasswordReset,

    /// <summary>The first way in for somebody invited: a password must be set.</summary>
    Invitation,

    /// <summary>Confirms a new e-mail address; signs nobody in.</summary>
    EmailChange,
}

/// <summary>A link that signs somebody in once. Only the hash of its token is stored.</summary>
public sealed class SignInLink
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    public SignInLinkKind Kind { get; set; }

    public required byte[] TokenHash { get; set; }

    /// <summary>The address that <see cref="SignInLinkKind.EmailChange"/> confirms.</summary>
    public string? NewEmail { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <returns>The link's row and the token that goes into the address, which is known only now.</returns>
    public static (SignInLink Link, string Token) Make(Guid userId, SignInLinkKind kind, DateTimeOffset now, TimeSpan lifetime)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (new SignInLink { Id = Guid.NewGuid(), UserId = userId, Kind = kind, TokenHash = HashOf(token), CreatedAt = now, ExpiresAt = now + lifetime }, token);
    }

    public static byte[] HashOf(string token) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token));
}

public sealed class SignInLinkConfiguration : IEntityTypeConfiguration<SignInLink>
{
    public void Configure(EntityTypeBuilder<SignInLink> builder)
    {
        builder.ToTable("SignInLinks");
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.Property(l => l.TokenHash).HasMaxLength(32);
        builder.Property(l => l.NewEmail).HasMaxLength(256);
        builder.HasIndex(l => l.TokenHash).IsUnique();
        builder.HasIndex(l => l.UserId);
    }
}
