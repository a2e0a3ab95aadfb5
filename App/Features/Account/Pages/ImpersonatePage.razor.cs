using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Account.Impersonation;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account.Pages;

/// <summary>Asks for the reason before an administrator looks at the portal as somebody else.</summary>
public sealed partial class ImpersonatePage
{
    private string? _name;
    private string? _problem;
    private string? _reasonError;

    [Parameter] public Guid Id { get; set; }

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private ImpersonationService Impersonation { get; init; } = null!;

    [Inject] private FreshProof Proof { get; init; } = null!;

    [Inject] private ReturnCookie Return { get; init; } = null!;

    [Inject] private NavigationManager Links { get; init; } = null!;

    [Inject] private IOptionsMonitor<SecurityOptions> Options { get; init; } = null!;

    [SupplyParameterFromForm] private string? Reason { get; set; }

    private string Title => T["Impersonate", _name ?? "…"];

    private string Here => $"/account/impersonate/{Id}";

    protected override async Task OnInitializedAsync()
    {
        _name = await Impersonation.NameAsync(Id, Http.RequestAborted);
        if (_name is null) _problem = T["ImpersonateNotFound"];
        // Before the reason is typed, not after.
        else if (HttpMethods.IsGet(Http.Request.Method) && !await Proof.IsFreshAsync(Http.RequestAborted)) Links.NavigateTo(ConfirmPage.AddressOf(Here));
    }

    private async Task SubmitAsync()
    {
        var result = await Impersonation.BeginAsync(Id, Reason ?? "", SignInPlace.Of(Http), Http.RequestAborted);
        switch (result.Outcome)
        {
            case ImpersonationOutcome.Done:
                Return.Write(Http, result.Return!);
                await SessionCookie.WriteAsync(Http, result.Session!);
                Links.NavigateTo("/");
                break;
            case ImpersonationOutcome.ProofNeeded:
                Links.NavigateTo(ConfirmPage.AddressOf(Here));
                break;
            case ImpersonationOutcome.ReasonMissing:
                _reasonError = T["ImpersonateReasonMissing"];
                break;
            default:
                _problem = T["Impersonate" + result.Outcome];
                break;
        }
    }
}
