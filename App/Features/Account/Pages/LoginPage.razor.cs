using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Security;
using BlazorAdmin.Security.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class LoginPage
{
    private string? _problem;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private SignInService SignIns { get; init; } = null!;

    [Inject] private PasskeySignIn Passkeys { get; init; } = null!;

    [Inject] private PendingSignInCookie Pending { get; init; } = null!;

    [Inject] private SessionService Sessions { get; init; } = null!;

    [Inject] private IExternalPasswords Externals { get; init; } = null!;

    [Inject] private NavigationManager Links { get; init; } = null!;

    [Inject] private IOptionsMonitor<SecurityOptions> Options { get; init; } = null!;

    [Inject] private IOptionsMonitor<SingleSignOnOptions> SingleSignOn { get; init; } = null!;

    [SupplyParameterFromQuery] private string? ReturnUrl { get; set; }

    [SupplyParameterFromQuery] private string? Reason { get; set; }

    [SupplyParameterFromForm] private string? Email { get; set; }

    [SupplyParameterFromForm] private string? Password { get; set; }

    [SupplyParameterFromForm] private bool Remember { get; set; }

    [SupplyParameterFromForm] private string? State { get; set; }

    [SupplyParameterFromForm] private string? Answer { get; set; }

    private ProxyIdentity? ByProxy => Http.Features.Get<ProxyIdentity>();

    private ProxyRefusal? Refusal => Http.Features.Get<ProxyRefusal>();

    private string? ReasonText => Enum.TryParse<SessionEnd>(Reason, ignoreCase: true, out var reason) ? T[$"Ended{reason}"].Value : null;

    protected override void OnInitialized()
    {
        if (HttpMethods.IsGet(Http.Request.Method) && Http.User.Identity?.IsAuthenticated == true) Links.NavigateTo(LocalUrl.Clean(ReturnUrl));
    }

    private async Task SubmitAsync()
    {
        if (string.IsNullOrWhiteSpace(Email) || string.IsNullOrEmpty(Password))
        {
            _problem = T["SignInIncomplete"];
            return;
        }

        var result = await SignIns.SignInAsync(Email, Password, Remember, SignInPlace.Of(Http), Http.RequestAborted);
        if (result.Pending is { } pending)
        {
            Pending.Write(Http, pending);
            Links.NavigateTo(CodePage.AddressOf(ReturnUrl));
            return;
        }

        if (result.Session is not { } session)
        {
            _problem = result.Outcome switch
            {
                SignInOutcome.Locked => T["SignInLocked", Options.CurrentValue.LockoutMinutes],
                SignInOutcome.Unavailable => T["SignInUnavailable"],
                _ => T["SignInWrong"],
            };
            return;
        }

        await EnterAsync(session);
    }

    private async Task SubmitPasskeyAsync()
    {
        var result = await Passkeys.CompleteAsync(State ?? "", Answer ?? "", remember: false, Http, Http.RequestAborted);
        if (result.Session is { } session) await EnterAsync(session);
        else _problem = T["PasskeyRefused"];
    }

    private async Task EnterAsync(SignInSession session)
    {
        // Whoever was signed in here before is not any more; a copy of that cookie must not live on.
        if (Http.User.Identity?.IsAuthenticated == true) await Sessions.SignOutAsync(Http.RequestAborted);
        await SessionCookie.WriteAsync(Http, session);
        Links.NavigateTo(LocalUrl.Clean(ReturnUrl));
    }
}
