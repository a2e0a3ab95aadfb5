using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account;

public enum ExternalOutcome
{
    /// <summary>The password is right, and the account is open and up to date.</summary>
    Right,

    Wrong,

    /// <summary>Too many wrong passwords for this person from everywhere; nobody was asked, so that the person is not locked out there.</summary>
    Locked,

    /// <summary>Whoever knows the password does not answer.</summary>
    Unavailable,
}

/// <param name="User">Whose password it is, if it is right, read after everything that the sign-in changed.</param>
/// <param name="Reason">For the audit: why not.</param>
public sealed record ExternalAnswer(ExternalOutcome Outcome, User? User = null, string? Reason = null);

/// <summary>Passwords that the portal does not keep. Accounts with a password of their own never come here, so that local administrators get in whatever happens elsewhere.</summary>
public interface IExternalPasswords
{
    /// <summary>How a session that began with such a password is named.</summary>
    SignInMethod Method { get; }

    /// <summary>People sign in with names that are no addresses too.</summary>
    bool IsEnabled { get; }

    /// <summary>True while nobody answers: every failed sign-in is then told so, whoever it was for, so that the message names no account.</summary>
    bool IsDown { get; }

    /// <summary>Whether a sign-in to this account, or to none that is known, is decided elsewhere.</summary>
    bool Concerns(User? user);

    /// <summary>Checks the password of somebody who signs in with whatever name they have there.</summary>
    Task<ExternalAnswer> SignInAsync(string login, string password, CancellationToken cancellation);

    /// <summary>Checks the password of an account that <see cref="Concerns"/>.</summary>
    Task<ExternalAnswer> CheckAsync(User user, string password, CancellationToken cancellation);
}
