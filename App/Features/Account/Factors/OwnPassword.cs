using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Account.Factors;

public enum PasswordCheck
{
    Right,
    Wrong,
    Locked,
}

/// <summary>Checks the password of somebody who is signed in. Counted like a sign-in: an unattended screen is no place to guess from either.</summary>
public sealed class OwnPassword(SignInThrottle throttle, IPasswordHasher<User> hasher, IExternalPasswords externals)
{
    /// <summary>False if there is no password to check.</summary>
    public bool CanCheck(User user) => user.PasswordHash is not null || externals.Concerns(user);

    public async Task<PasswordCheck> CheckAsync(User user, string password, Caller caller, CancellationToken cancellation)
    {
        var (account, address) = (user.NormalizedEmail!, caller.Address ?? "unknown");
        if (password.Length > SignInService.LongestInput) return PasswordCheck.Wrong;
        if ((await throttle.BeginAsync(account, address, cancellation)).Locked) return PasswordCheck.Locked;
        if (externals.Concerns(user))
        {
            var answer = await externals.CheckAsync(user, password, cancellation);
            // Nobody looked at the password, so it was no guess.
            if (answer.Outcome == ExternalOutcome.Unavailable) await throttle.TakeBackAccountAsync(account, address, cancellation);
            if (answer.Outcome != ExternalOutcome.Right) return answer.Outcome == ExternalOutcome.Wrong ? PasswordCheck.Wrong : PasswordCheck.Locked;
        }
        else if (user.PasswordHash is null || hasher.VerifyHashedPassword(user, user.PasswordHash, password) == PasswordVerificationResult.Failed) return PasswordCheck.Wrong;
        await throttle.SucceedAsync(account, address, cancellation);
        return PasswordCheck.Right;
    }
}
