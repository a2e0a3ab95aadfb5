using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>The Schedules tab: what runs when, what came of it, and what a person can do about it.</summary>
public sealed partial class SchedulesPage
{
    private DataList<ScheduleItem>? _list;
    private IReadOnlyList<ListColumn<ScheduleItem>> _columns = [];
    private IReadOnlyList<ListFilter> _filters = [];
    private ScheduleDraft? _draft;
    private bool _mayManage, _showsCalendars;

    [Inject] private SchedulesService Schedules { get; init; } = null!;

    [Inject] private JobTypes Types { get; init; } = null!;

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private Topic<ScheduleChanged> Changes { get; init; } = null!;

    [Inject] private Topic<JobChanged> Jobs { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<SchedulesTexts> T { get; init; } = null!;

    protected override async Task OnInitializedAsync()
    {
        _columns = Columns();
        _filters =
        [
            new(SchedulesService.StateFilter, T["State"],
                [new("warned", T["FilterWarned"], Tone: Tone.Warn), new("paused", T["FilterPaused"]), new("custom", T["FilterCustom"])]) { Pills = true, AnyLabel = T["All"] },
            new(SchedulesService.TypeFilter, T["Type"], [.. Types.All.Select(t => t.Name).Order(StringComparer.Ordinal).Select(name => new ListFilterOption(name, name))]) { AnyLabel = T["AnyType"] },
        ];
        _mayManage = await Guard.Allows(JobsPermissions.Manage, Ended);
    }

    protected override void Subscribe()
    {
        Watch(Changes);
        // The last run's state is the job's.
        Watch(Jobs);
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        _mayManage = await Guard.Allows(JobsPermissions.Manage, cancellation);
        if (_list is not null) await _list.ReloadAsync();
    }

    private Task<ListPage<ScheduleItem>> LoadAsync(ListQuery query, CancellationToken cancellation) => Schedules.ListAsync(query, cancellation);

    private void New() => _draft = new ScheduleDraft { TimeZone = Display.Zone.Id };
}
