using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class AuthenticatorPage
{
    private const string Address = "/account/security/authenticator";

    private Enrolment? _enrolment;
    private QrCode _qr = new(0, "");
    private IReadOnlyList<string> _codes = [];
    private string? _problem;
    private string? _codeError;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private AuthenticatorService Authenticator { get; init; } = null!;

    [Inject] private NavigationManager Links { get; init; } = null!;

    [SupplyParameterFromForm] private string? Ticket { get; set; }

    [SupplyParameterFromForm] private string? Code { get; set; }

    protected override async Task OnInitializedAsync()
    {
        // A form that comes back goes on with the seed that the app has scanned.
        if (HttpMethods.IsPost(Http.Request.Method)) Show(await Authenticator.ReopenAsync(Ticket ?? "", Http.RequestAborted));
        if (_enrolment is null) await BeginAsync();
    }

    private async Task SubmitAsync()
    {
        if (_enrolment is null) return;
        var (outcome, codes) = await Authenticator.ConfirmAsync(Ticket ?? "", Code ?? "", Http.RequestAborted);
        _codes = codes;
        switch (outcome)
        {
            case FactorOutcome.ProofNeeded:
                Links.NavigateTo(ConfirmPage.AddressOf(Address));
                break;
            case FactorOutcome.WrongCode:
                _codeError = T["FirstCodeWrong"];
                break;
            case FactorOutcome.Expired:
                _problem = T["FactorExpired"];
                break;
        }
    }

    private async Task BeginAsync()
    {
        Show(await Authenticator.BeginAsync(Http.RequestAborted));
        if (_enrolment is null) Links.NavigateTo(ConfirmPage.AddressOf(Address));
    }

    private void Show(Enrolment? enrolment)
    {
        _enrolment = enrolment;
        if (enrolment is not null) _qr = QrCode.Of(enrolment.Uri);
    }
}
