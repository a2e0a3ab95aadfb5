using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class SecurityPage
{
    internal const string AfterConfirming = "/account/security?confirmed=true";

    private AuthenticatorState _state = new(null, 0, false);
    private IReadOnlyList<string> _codes = [];
    private IReadOnlyList<PasskeyView> _passkeys = [];
    private bool _mustSetUp;
    private string? _done;
    private string? _problem;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private AuthenticatorService Authenticator { get; init; } = null!;

    [Inject] private PasskeyService Passkeys { get; init; } = null!;

    [Inject] private NavigationManager Links { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [SupplyParameterFromQuery] private bool Confirmed { get; set; }

    [SupplyParameterFromForm] private string? Do { get; set; }

    [SupplyParameterFromForm] private string? State { get; set; }

    [SupplyParameterFromForm] private string? Answer { get; set; }

    [SupplyParameterFromForm] private string? PasskeyName { get; set; }

    [SupplyParameterFromForm] private string? Remove { get; set; }

    protected override async Task OnInitializedAsync()
    {
        var access = Http.Items[typeof(Access)] as Access;
        Display.UseZone(access?.Preferences.TimeZone ?? PreferenceCookies.Read(Http.Request.Cookies).TimeZone);
        _mustSetUp = access?.LacksFactor == true;
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        _state = await Authenticator.GetAsync(Http.RequestAborted);
        _passkeys = await Passkeys.ListAsync(Http.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        var outcome = FactorOutcome.NotSetUp;
        if (Do == "codes") (outcome, _codes) = await Authenticator.RenewCodesAsync(Http.RequestAborted);
        else if (Do == "off") outcome = await Authenticator.TurnOffAsync(Http.RequestAborted);
        if (outcome == FactorOutcome.ProofNeeded)
        {
            Links.NavigateTo(ConfirmPage.AddressOf(AfterConfirming));
            return;
        }

        if (outcome == FactorOutcome.Done) _done = T[Do == "off" ? "AuthenticatorIsOff" : "CodesRenewed"];
        else _problem = T[$"Factor{outcome}"];
        await ReadAsync();
    }

    private async Task AddPasskeyAsync() => await ShowAsync(await Passkeys.AddAsync(State ?? "", Answer ?? "", PasskeyName, Http, Http.RequestAborted), "PasskeyAdded");

    private async Task ChangePasskeysAsync()
    {
        if (Remove is { Length: > 0 } id)
        {
            await ShowAsync(await Passkeys.RemoveAsync(id, Http.RequestAborted), "PasskeyRemoved");
            return;
        }

        const string field = "Name.";
        var names = Http.Request.Form.Where(f => f.Key.StartsWith(field, StringComparison.Ordinal)).ToDictionary(f => f.Key[field.Length..], f => f.Value.ToString());
        await ShowAsync(await Passkeys.RenameAsync(names, Http.RequestAborted), "Saved");
    }

    private async Task ShowAsync(PasskeyOutcome outcome, string done)
    {
        if (outcome == PasskeyOutcome.ProofNeeded)
        {
            Links.NavigateTo(ConfirmPage.AddressOf(AfterConfirming));
            return;
        }

        if (outcome == PasskeyOutcome.Done) (_done, _mustSetUp) = (T[done], _mustSetUp && done != "PasskeyAdded");
        else _problem = T[$"Passkey{outcome}"];
        await ReadAsync();
    }
}
