using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class ConfirmEmailPage
{
    private EmailLinkView? _view;
    private bool _done;
    private bool _taken;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private EmailChange Emails { get; init; } = null!;

    [SupplyParameterFromQuery] private string? Token { get; set; }

    protected override async Task OnInitializedAsync() => _view = await Emails.FindAsync(Token ?? "", Http.RequestAborted);

    private async Task SubmitAsync()
    {
        if (_view is null) return;
        var outcome = await Emails.ConfirmAsync(Token ?? "", SignInPlace.Of(Http), Http.RequestAborted);
        (_done, _taken) = (outcome == EmailConfirmation.Done, outcome == EmailConfirmation.Taken);
        if (outcome == EmailConfirmation.LinkGone) _view = null;
    }
}
