using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

/// <summary>Collects and gives out what the portal holds about the person who asks.</summary>
public sealed partial class DataPage
{
    private ExportState _state = new(false, null);

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private AccountExport Export { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Display.UseZone((Http.Items[typeof(Access)] as Access)?.Preferences.TimeZone ?? PreferenceCookies.Read(Http.Request.Cookies).TimeZone);
        _state = await Export.StateAsync(Http.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        await Export.StartAsync(Http.RequestAborted);
        _state = await Export.StateAsync(Http.RequestAborted);
    }
}
