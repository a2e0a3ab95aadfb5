using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class SetupPage
{
    private string? _problem;
    private string? _codeError;
    private string? _nameError;
    private string? _emailError;
    private string? _passwordError;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private FirstAdministrator Administrators { get; init; } = null!;

    [Inject] private SignInService SignIns { get; init; } = null!;

    [Inject] private SetupAttempts Attempts { get; init; } = null!;

    [Inject] private NavigationManager Links { get; init; } = null!;

    [SupplyParameterFromForm] private string? Code { get; set; }

    [SupplyParameterFromForm] private string? Name { get; set; }

    [SupplyParameterFromForm] private string? Email { get; set; }

    [SupplyParameterFromForm] private string? Password { get; set; }

    private async Task SubmitAsync()
    {
        _codeError = string.IsNullOrWhiteSpace(Code) ? T["SetupCodeMissing"].Value : null;
        _nameError = string.IsNullOrWhiteSpace(Name) || Name.Length > 200 ? T["NameMissing"].Value : null;
        _emailError = EmailRule.IsValid(Email) ? null : T["EmailInvalid"].Value;
        _passwordError = PasswordTexts.Describe(T, PasswordRules.Check(Password ?? "", Email, Name));
        if ((_codeError ?? _nameError ?? _emailError ?? _passwordError) is not null) return;
        if (!Attempts.Allow())
        {
            _problem = T["TooManyAttempts"];
            return;
        }

        var place = SignInPlace.Of(Http);
        var (result, user) = await Administrators.CreateAsync(Code, Name!, Email!, Password!, place.Address, Http.RequestAborted);
        if (result == SetupResult.WrongCode) _codeError = T["SetupCodeWrong"];
        if (user is not null && await SignIns.StartAsync(user, place, "account.sign_in", Http.RequestAborted) is { } session) await SessionCookie.WriteAsync(Http, session);
        if (result != SetupResult.WrongCode) Links.NavigateTo("/");
    }
}
