using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class ForgotPage
{
    private bool _asked;
    private string? _problem;
    private string? _emailError;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private ForgottenPasswords Forgotten { get; init; } = null!;

    [Inject] private IOptionsMonitor<SecurityOptions> Options { get; init; } = null!;

    [SupplyParameterFromForm] private string? Email { get; set; }

    private async Task SubmitAsync()
    {
        var outcome = await Forgotten.AskAsync(Email, SignInPlace.Of(Http), Http.RequestAborted);
        _asked = outcome == ForgottenOutcome.Done;
        _emailError = outcome == ForgottenOutcome.EmailInvalid ? T["EmailInvalid"].Value : null;
        _problem = outcome == ForgottenOutcome.TooMany ? T["ForgottenTooMany", Options.CurrentValue.LockoutMinutes].Value : null;
    }
}
