using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs;

/// <summary>A dashboard card about jobs: reads when it appears and when jobs change.</summary>
public abstract class JobsWidgetBase : LiveComponent
{
    /// <summary>Setting of the cards that list jobs.</summary>
    internal const string Rows = "rows";
    internal const int UsualRows = 5;

    [Parameter] public WidgetSettings? Settings { get; set; }

    /// <summary>Jobs to list.</summary>
    protected int RowsShown => Settings?.Number(Rows) ?? UsualRows;

    [Inject] protected JobsService Jobs { get; init; } = null!;

    [Inject] protected Display Display { get; init; } = null!;

    [Inject] protected IStringLocalizer<JobsTexts> T { get; init; } = null!;

    [Inject] private Topic<JobChanged> Changes { get; init; } = null!;

    /// <summary>False until the first reading, and again when the right to read is gone.</summary>
    protected bool IsReady { get; private set; }

    protected abstract Task ReadAsync(CancellationToken cancellation);

    protected override Task OnInitializedAsync() => RefreshAsync(Ended);

    protected override void Subscribe() => Watch(Changes);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            await ReadAsync(cancellation);
            IsReady = true;
        }
        catch (ForbiddenException)
        {
            IsReady = false;
        }
    }
}
