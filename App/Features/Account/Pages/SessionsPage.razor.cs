using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class SessionsPage
{
    private IReadOnlyList<SessionView> _sessions = [];
    private string? _done;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private SessionService Sessions { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [SupplyParameterFromForm] private string? End { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Display.UseZone((Http.Items[typeof(Access)] as Access)?.Preferences.TimeZone ?? PreferenceCookies.Read(Http.Request.Cookies).TimeZone);
        _sessions = await Sessions.MineAsync(Http.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        if (End == "others") _done = T["OthersEnded", await Sessions.EndMyOthersAsync(Http.RequestAborted)];
        else if (Guid.TryParse(End, out var id) && await Sessions.EndMineAsync(id, Http.RequestAborted)) _done = T["SessionEnded"];
        _sessions = await Sessions.MineAsync(Http.RequestAborted);
    }
}
