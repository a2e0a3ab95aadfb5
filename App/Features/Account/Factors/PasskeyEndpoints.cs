using BlazorAdmin.Features.Account.Pages;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>Where js/passkeys.js gets what the browser asks the device for. The answers come back as ordinary forms.</summary>
internal static class PasskeyEndpoints
{
    public static async Task<IResult> BeginSignInAsync(HttpContext http, PasskeySignIn signIns) => Begun(await signIns.BeginAsync(http));

    public static async Task<IResult> BeginConfirmAsync(HttpContext http, PasskeyService passkeys) => Begun(await passkeys.BeginConfirmAsync(http, http.RequestAborted));

    public static async Task<IResult> BeginAddAsync(HttpContext http, PasskeyService passkeys)
    {
        var (outcome, ceremony) = await passkeys.BeginAddAsync(http, http.RequestAborted);
        if (ceremony is not null) return Begun(ceremony);
        return Results.Json(new { go = outcome == PasskeyOutcome.ProofNeeded ? ConfirmPage.AddressOf(SecurityPage.AfterConfirming) : "/account/security" });
    }

    private static IResult Begun(Ceremony ceremony) => Results.Json(new { options = ceremony.Options, state = ceremony.State });
}
