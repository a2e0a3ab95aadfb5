using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Security;

/// <summary>One sign-in. The cookie only names it; every request and circuit checks the row.</summary>
public sealed class SignInSession
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public Guid UserId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Written at most once a minute.</summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>End for want of activity; moves with it, never beyond <see cref="EndsAt"/>.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>End whatever happens.</summary>
    public DateTimeOffset EndsAt { get; set; }

    /// <summary>"Keep me signed in": the cookie outlives the browser.</summary>
    public bool Remembered { get; set; }

    /// <summary>When the person last proved who they are; what is delicate wants this to be recent.</summary>
    public DateTimeOffset ProvedAt { get; set; }

    public SignInMethod Method { get; set; }

    /// <summary>The administrator who looks at the portal as this person; such a session may only read.</summary>
    public Guid? ImpersonatorId { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public SessionEnd? EndReason { get; set; }

    public string? Address { get; set; }

    public string? UserAgent { get; set; }

    public string Node { get; set; } = "";
}

public enum SignInMethod
{
    Password,
    Link,
    Authenticator,
    RecoveryCode,
    Passkey,
    Proxy,
    Directory,
    Impersonation,
}

public static class SignInMethods
{
    /// <summary>Ways that proved one thing only (<see cref="IsStrong"/>).</summary>
    public static readonly IReadOnlyList<SignInMethod> Weak = [.. Enum.GetValues<SignInMethod>().Where(method => !method.IsStrong())];

    /// <summary>True if a sign-in of this kind proved two things, or whoever vouched for it decides.</summary>
    public static bool IsStrong(this SignInMethod method) => method is SignInMethod.Authenticator or SignInMethod.RecoveryCode or SignInMethod.Passkey or SignInMethod.Proxy or SignInMethod.Impersonation;
}

public enum SessionEnd
{
    SignedOut,
    Revoked,
    Deactivated,
    PasswordChanged,
    Expired,
}

public sealed class SignInSessionConfiguration : IEntityTypeConfiguration<SignInSession>
{
    public void Configure(EntityTypeBuilder<SignInSession> builder)
    {
        builder.ToTable("SignInSessions");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Address).HasMaxLength(64);
        builder.Property(s => s.UserAgent).HasMaxLength(300);
        builder.Property(s => s.Node).HasMaxLength(100);
        builder.HasIndex(s => new { s.UserId, s.EndedAt });
        builder.HasIndex(s => s.ExpiresAt);
        builder.HasIndex(s => new { s.TenantId, s.CreatedAt });
    }
}
