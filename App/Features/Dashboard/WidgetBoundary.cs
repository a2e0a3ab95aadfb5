using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>Keeps the failure of one widget in its card and writes it to the log with the number that the card shows.</summary>
public sealed class WidgetBoundary : ErrorBoundary
{
    [Parameter, EditorRequired] public required string WidgetId { get; set; }

    /// <summary>Finds the log line; null while nothing failed.</summary>
    public string? Reference { get; private set; }

    [Inject] private ILogger<WidgetBoundary> Log { get; init; } = null!;

    protected override Task OnErrorAsync(Exception exception)
    {
        Reference = ErrorReference.New();
        Log.WidgetFailed(exception, WidgetId, Reference);
        return Task.CompletedTask;
    }
}
