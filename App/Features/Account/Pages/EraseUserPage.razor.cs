using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

/// <summary>Shows what belongs to somebody and asks what becomes of it before their account is deleted.</summary>
public sealed partial class EraseUserPage
{
    private ErasurePreview? _preview;
    private string? _problem;
    private string? _nameError;
    private string? _heirError;
    private bool _done;

    [Parameter] public Guid Id { get; set; }

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private AccountErasure Erasure { get; init; } = null!;

    [Inject] private FreshProof Proof { get; init; } = null!;

    [Inject] private NavigationManager Links { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [SupplyParameterFromForm] private string? Name { get; set; }

    [SupplyParameterFromForm] private string? Heir { get; set; }

    [SupplyParameterFromForm] private string[]? HandOver { get; set; }

    private string Title => T["Erase", _preview?.Name ?? "…"];

    private string Here => $"/account/delete-user/{Id}";

    // Unticked only by whoever looks at it: what others work with is kept by default.
    private bool Chosen(string part) => Name is null || HandOver?.Contains(part) == true;

    protected override async Task OnInitializedAsync()
    {
        _preview = await Erasure.PreviewAsync(Id, Http.RequestAborted);
        if (_preview is null) _problem = T["EraseNotFound"];
        // Before the form is filled in, not after.
        else if (HttpMethods.IsGet(Http.Request.Method) && !await Proof.IsFreshAsync(Http.RequestAborted)) Links.NavigateTo(ConfirmPage.AddressOf(Here));
    }

    private async Task SubmitAsync()
    {
        var outcome = await Erasure.StartAsync(Id, Name ?? "", Heir, HandOver ?? [], Http.RequestAborted);
        _done = outcome == ErasureOutcome.Started;
        switch (outcome)
        {
            case ErasureOutcome.Started:
                break;
            case ErasureOutcome.ProofNeeded:
                Links.NavigateTo(ConfirmPage.AddressOf(Here));
                break;
            case ErasureOutcome.NameWrong:
                _nameError = T["EraseNameWrong"];
                break;
            case ErasureOutcome.HeirMissing:
                _heirError = T["EraseHeirMissing"];
                break;
            case ErasureOutcome.HeirInvalid:
                _heirError = T["EraseHeirInvalid"];
                break;
            default:
                _problem = T["Erase" + outcome];
                break;
        }
    }
}
