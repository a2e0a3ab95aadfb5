using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>Sign-in by passkey: the device says whose it is. Open to anonymous callers.</summary>
public sealed class PasskeySignIn(IDbContextFactory<AppDbContext> databases, SignInService signIns, PasskeyCeremonies ceremonies, PasskeyAttempts attempts)
{
    private const string Binding = "sign-in";

    public Task<Ceremony> BeginAsync(HttpContext http) => ceremonies.BeginShowAsync(null, Binding, http);

    public async Task<SignInResult> CompleteAsync(string state, string answer, bool remember, HttpContext http, CancellationToken cancellation)
    {
        var place = SignInPlace.Of(http);
        var shown = await ceremonies.FinishShowAsync(Binding, state, answer, http, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (shown is not { } right || right.User.DeactivatedAt is not null)
        {
            // Nobody guesses a signature; the limit only keeps rubbish from filling the audit.
            if (attempts.Allow(place.Address)) await SignInService.RecordFailureAsync(db, shown?.User, "", place, shown is null ? "passkey refused" : "deactivated account", cancellation);
            return new SignInResult(SignInOutcome.Wrong);
        }

        await PasskeyCeremonies.KeepAsync(db, right.Passkey, cancellation);
        await db.SaveChangesAsync(cancellation);
        return await signIns.StartAsync(right.User, remember, place, "account.sign_in", SignInMethod.Passkey, cancellation) is { } session
            ? new SignInResult(SignInOutcome.Done, session)
            : new SignInResult(SignInOutcome.Wrong);
    }
}
