using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class LinkPage
{
    private SignInLinkView? _view;
    private string? _newError;
    private string? _repeatError;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private SignInLinks Links { get; init; } = null!;

    [Inject] private PendingSignInCookie Pending { get; init; } = null!;

    [Inject] private SessionService Sessions { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [SupplyParameterFromQuery] private string? Token { get; set; }

    [SupplyParameterFromForm] private string? New { get; set; }

    [SupplyParameterFromForm] private string? Repeat { get; set; }

    // Not limited: nobody guesses a token of 256 bits, and a limit would let anybody close this door to everybody.
    protected override async Task OnInitializedAsync() => _view = await Links.FindAsync(Token ?? "", Http.RequestAborted);

    private async Task SubmitAsync()
    {
        if (_view is null) return;
        var password = !_view.TakesPassword || (string.IsNullOrEmpty(New) && _view.Kind == SignInLinkKind.SignIn) ? null : New ?? "";
        if (password is not null)
        {
            _newError = PasswordTexts.Describe(T, PasswordRules.Check(password, _view.Email, _view.Name));
            _repeatError = New != Repeat ? T["PasswordsDiffer"].Value : null;
            if ((_newError ?? _repeatError) is not null) return;
        }

        var result = await Links.UseAsync(Token ?? "", password, SignInPlace.Of(Http), Http.RequestAborted);
        if (result?.Pending is { } pending)
        {
            Pending.Write(Http, pending);
            Navigation.NavigateTo(CodePage.AddressOf(null));
            return;
        }

        if (result?.Session is not { } session)
        {
            _view = null;
            return;
        }

        // Whoever was signed in here before is not any more; a copy of that cookie must not live on.
        if (Http.User.Identity?.IsAuthenticated == true) await Sessions.SignOutAsync(Http.RequestAborted);
        await SessionCookie.WriteAsync(Http, session);
        Navigation.NavigateTo("/");
    }
}
