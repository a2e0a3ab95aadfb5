using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Security;

/// <summary>
/// Counts wrong passwords: for an account from an address, for an account from everywhere (empty address), for an address
/// over all accounts (empty account); wrong codes of the second factor for an account from everywhere (address "codes"); links to a new password for an account
/// (address "resets") and from an address (account "resets").
/// What was typed as the account is kept as a hash only: people type passwords there.
/// </summary>
public sealed class SignInFailure
{
    public required string AccountHash { get; set; }

    public required string Address { get; set; }

    public int Failures { get; set; }

    /// <summary>When the count is forgotten; while it is at the limit, also the end of the lock.</summary>
    public DateTimeOffset WindowEndsAt { get; set; }
}

public sealed class SignInFailureConfiguration : IEntityTypeConfiguration<SignInFailure>
{
    public void Configure(EntityTypeBuilder<SignInFailure> builder)
    {
        builder.ToTable("SignInFailures");
        builder.HasKey(f => new { f.AccountHash, f.Address });
        builder.Property(f => f.AccountHash).HasMaxLength(64).IsUnicode(false);
        builder.Property(f => f.Address).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(f => f.WindowEndsAt);
    }
}
