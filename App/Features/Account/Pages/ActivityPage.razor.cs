using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

/// <summary>What the person did, and what was done to their account.</summary>
public sealed partial class ActivityPage
{
    private TimelinePart _part = new([], null);
    private Guid _person;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private AuditTimeline Timeline { get; init; } = null!;

    [Inject] private CurrentCaller Caller { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [SupplyParameterFromQuery] private long? Before { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Display.UseZone((Http.Items[typeof(Access)] as Access)?.Preferences.TimeZone ?? PreferenceCookies.Read(Http.Request.Cookies).TimeZone);
        _part = await Timeline.MineAsync(Before, Http.RequestAborted);
        _person = (await Caller.GetAsync(Http.RequestAborted))!.PersonId;
    }
}
