using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>Keeps the failure of one widget in its card and writes it to the log with the widget's id.</summary>
public sealed class WidgetBoundary : ErrorBoundary
{
    [Parameter, EditorRequired] public required string WidgetId { get; set; }

    [Inject] private ILogger<WidgetBoundary> Log { get; init; } = null!;

    protected override Task OnErrorAsync(Exception exception)
    {
        Log.WidgetFailed(exception, WidgetId);
        return Task.CompletedTask;
    }
}
