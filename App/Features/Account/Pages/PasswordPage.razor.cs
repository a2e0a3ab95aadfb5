using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class PasswordPage
{
    private bool _confirmed;
    private bool _hasPasskeys;
    private bool _done;
    private string? _problem;
    private string? _currentError;
    private string? _newError;
    private string? _repeatError;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private AccountService Account { get; init; } = null!;

    [Inject] private FreshProof Proof { get; init; } = null!;

    [Inject] private PasskeyService Passkeys { get; init; } = null!;

    [Inject] private IOptionsMonitor<SecurityOptions> Options { get; init; } = null!;

    [SupplyParameterFromForm] private string? Current { get; set; }

    [SupplyParameterFromForm] private string? New { get; set; }

    [SupplyParameterFromForm] private string? Repeat { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _confirmed = await Proof.IsFreshAsync(Http.RequestAborted);
        _hasPasskeys = (await Passkeys.ListAsync(Http.RequestAborted)).Count > 0;
    }

    private async Task SubmitAsync()
    {
        if (New != Repeat)
        {
            _repeatError = T["PasswordsDiffer"];
            return;
        }

        var (result, fault) = await Account.ChangePasswordAsync(Current ?? "", New ?? "", Http.RequestAborted);
        _done = result == PasswordChange.Done;
        _currentError = result == PasswordChange.WrongCurrent ? T["CurrentPasswordWrong"].Value : null;
        _newError = PasswordTexts.Describe(T, fault);
        _problem = result switch
        {
            PasswordChange.Locked => T["SignInLocked", Options.CurrentValue.LockoutMinutes].Value,
            PasswordChange.FactorNeeded => T[_hasPasskeys ? "ConfirmWantsPasskey" : "ConfirmWantsFactor"].Value,
            PasswordChange.SetElsewhere => T["PasswordElsewhere"].Value,
            _ => null,
        };
    }
}
