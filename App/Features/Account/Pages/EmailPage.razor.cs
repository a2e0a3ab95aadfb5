using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class EmailPage
{
    private const string Address = "/account/email";

    private EmailState _state = new("", true, false, null, null);
    private bool _asked;
    private string? _problem;
    private string? _emailError;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private EmailChange Emails { get; init; } = null!;

    [Inject] private Factors.FreshProof Proof { get; init; } = null!;

    [Inject] private NavigationManager Links { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [SupplyParameterFromForm] private string? Email { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Display.UseZone((Http.Items[typeof(Access)] as Access)?.Preferences.TimeZone ?? PreferenceCookies.Read(Http.Request.Cookies).TimeZone);
        _state = await Emails.GetAsync(Http.RequestAborted);
        // Asked for before anything is typed, so that nothing is lost on the way.
        if (HttpMethods.IsGet(Http.Request.Method) && Emails.CanSend && !_state.IsFromDirectory && !await Proof.IsFreshAsync(Http.RequestAborted)) Links.NavigateTo(ConfirmPage.AddressOf(Address));
    }

    private async Task SubmitAsync()
    {
        var outcome = await Emails.AskAsync(Email, Http.RequestAborted);
        switch (outcome)
        {
            case EmailOutcome.ProofNeeded:
                Links.NavigateTo(ConfirmPage.AddressOf(Address));
                break;
            case EmailOutcome.EmailInvalid:
                _emailError = T["EmailInvalid"];
                break;
            case EmailOutcome.Done:
                _asked = true;
                _state = await Emails.GetAsync(Http.RequestAborted);
                break;
            default:
                _problem = T[$"Email{outcome}"];
                break;
        }
    }
}
