using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class CodePage
{
    private bool _expired;
    private string? _problem;
    private string? _codeError;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private CodeSignIn SignIns { get; init; } = null!;

    [Inject] private PendingSignInCookie Pending { get; init; } = null!;

    [Inject] private SessionService Sessions { get; init; } = null!;

    [Inject] private NavigationManager Links { get; init; } = null!;

    [Inject] private IOptionsMonitor<SecurityOptions> Options { get; init; } = null!;

    [SupplyParameterFromQuery] private string? ReturnUrl { get; set; }

    [SupplyParameterFromForm] private string? Code { get; set; }

    private string LoginAddress => WithReturn("/account/login", ReturnUrl);

    internal static string AddressOf(string? returnUrl) => WithReturn("/account/login/code", returnUrl);

    protected override void OnInitialized() => _expired = Pending.Read(Http) is null;

    private async Task SubmitAsync()
    {
        if (Pending.Read(Http) is not { } pending) return;
        if (string.IsNullOrWhiteSpace(Code))
        {
            _codeError = T["CodeMissing"];
            return;
        }

        var result = await SignIns.CompleteAsync(pending, Code, SignInPlace.Of(Http), Http.RequestAborted);
        _expired = result.Outcome == SignInOutcome.Expired;
        _problem = result.Outcome == SignInOutcome.Locked ? T["SignInLocked", Options.CurrentValue.LockoutMinutes].Value : null;
        _codeError = result.Outcome == SignInOutcome.Wrong ? T["CodeWrong"].Value : null;
        if (result.Session is not { } session) return;
        // Whoever was signed in here before is not any more; a copy of that cookie must not live on.
        if (Http.User.Identity?.IsAuthenticated == true) await Sessions.SignOutAsync(Http.RequestAborted);
        Pending.Delete(Http);
        await SessionCookie.WriteAsync(Http, session);
        Links.NavigateTo(LocalUrl.Clean(ReturnUrl));
    }

    private static string WithReturn(string path, string? returnUrl) => LocalUrl.Clean(returnUrl) is { Length: > 1 } local ? $"{path}?returnUrl={Uri.EscapeDataString(local)}" : path;
}
