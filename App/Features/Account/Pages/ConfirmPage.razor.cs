using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class ConfirmPage
{
    /// <summary>Where somebody comes back to who confirms beside the page that they work on.</summary>
    internal const string DoneAddress = "/account/confirm?done=true";

    private bool _isDone;
    private bool _hasPasskeys;
    private bool _hasPassword;
    private bool _takesPassword;
    private string? _problem;
    private string? _passwordError;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private FreshProof Proof { get; init; } = null!;

    [Inject] private PasskeyService Passkeys { get; init; } = null!;

    [Inject] private NavigationManager Links { get; init; } = null!;

    [Inject] private IOptionsMonitor<SecurityOptions> Options { get; init; } = null!;

    [SupplyParameterFromQuery] private string? ReturnUrl { get; set; }

    [SupplyParameterFromQuery] private bool Done { get; set; }

    [SupplyParameterFromForm] private string? Password { get; set; }

    [SupplyParameterFromForm] private string? State { get; set; }

    [SupplyParameterFromForm] private string? Answer { get; set; }

    /// <summary>The page's address, on the way to <paramref name="returnUrl"/>.</summary>
    internal static string AddressOf(string returnUrl) => "/account/confirm?returnUrl=" + Uri.EscapeDataString(returnUrl);

    protected override async Task OnInitializedAsync()
    {
        _isDone = Done && await Proof.IsFreshAsync(Http.RequestAborted);
        _hasPasskeys = (await Passkeys.ListAsync(Http.RequestAborted)).Count > 0;
        _hasPassword = await Proof.HasPasswordAsync(Http.RequestAborted);
        _takesPassword = await Proof.TakesPasswordAsync(Http.RequestAborted);
    }

    private async Task SubmitPasskeyAsync()
    {
        if (await Passkeys.ConfirmAsync(State ?? "", Answer ?? "", Http, Http.RequestAborted) == PasskeyOutcome.Done) Links.NavigateTo(LocalUrl.Clean(ReturnUrl));
        else _problem = T["PasskeyRefused"];
    }

    private async Task SubmitAsync()
    {
        if (string.IsNullOrEmpty(Password))
        {
            _passwordError = T["PasswordMissing"];
            return;
        }

        var check = await Proof.ConfirmAsync(Password, Http.RequestAborted);
        _passwordError = check == PasswordCheck.Wrong ? T["CurrentPasswordWrong"].Value : null;
        _problem = check == PasswordCheck.Locked ? T["SignInLocked", Options.CurrentValue.LockoutMinutes].Value : null;
        if (check == PasswordCheck.Right) Links.NavigateTo(LocalUrl.Clean(ReturnUrl));
    }
}
