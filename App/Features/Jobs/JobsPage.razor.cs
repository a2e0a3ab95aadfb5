using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs;

/// <summary>The Jobs tab: a live list with details beside it.</summary>
public sealed partial class JobsPage
{
    private DataList<JobItem>? _list;
    private IReadOnlyList<ListColumn<JobItem>> _columns = [];
    private IReadOnlyList<ListFilter> _filters = [];
    private JobCounts? _counts;
    private bool _mayManage;

    /// <summary>Short form of a link to one job: <c>?job=123</c>.</summary>
    [SupplyParameterFromQuery(Name = "job")] public string? LinkedJob { get; set; }

    [Inject] private JobsService Jobs { get; init; } = null!;

    [Inject] private JobTypes Types { get; init; } = null!;

    [Inject] private JobActions Actions { get; init; } = null!;

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private Topic<JobChanged> Changes { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<JobsTexts> T { get; init; } = null!;

    private ListTotal Failed => _counts?.Of(JobState.Failed) ?? default;

    protected override async Task OnInitializedAsync()
    {
        _columns = Columns();
        _filters = BuildFilters();
        _mayManage = await Guard.Allows(JobsPermissions.Manage, Ended);
        await ReadCountsAsync(Ended);
    }

    protected override void OnParametersSet()
    {
        if (LinkedJob is { } id) Navigation.NavigateTo($"/admin/jobs?item={Uri.EscapeDataString(id)}", replace: true);
    }

    protected override void Subscribe() => Watch(Changes);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        await ReadCountsAsync(cancellation);
        if (_list is not null) await _list.ReloadAsync();
    }

    private async Task ReadCountsAsync(CancellationToken cancellation)
    {
        try
        {
            _counts = await Jobs.CountsAsync(cancellation);
        }
        catch (ForbiddenException)
        {
            // The right was taken away while the page is open: the list says so.
            (_counts, _mayManage) = (null, false);
        }

        _filters = BuildFilters();
    }

    private Task<ListPage<JobItem>> LoadAsync(ListQuery query, CancellationToken cancellation) => Jobs.ListAsync(query, cancellation);

    private IReadOnlyList<ListFilter> BuildFilters() =>
    [
        new(JobCriteria.State, T["State"],
            [.. JobLook.Listed.Select(state => new ListFilterOption(state.ToString().ToLowerInvariant(), T[$"Filter{state}"], _counts?.Of(state), JobLook.ToneOf(state)))])
        {
            Pills = true, AnyLabel = T["All"], AnyCount = _counts?.All,
        },
        new(JobCriteria.Type, T["Type"], [.. Types.All.Select(t => t.Name).Order(StringComparer.Ordinal).Select(name => new ListFilterOption(name, name))]) { AnyLabel = T["AnyType"] },
        new(JobCriteria.Period, T["Created"], [.. JobCriteria.Periods.Select(period => new ListFilterOption(period.Name, T[$"Period{period.Name}"]))]) { Extra = true },
        new(JobCriteria.From, T["CreatedFrom"], []) { Extra = true, Input = ListFilterInput.Moment },
        new(JobCriteria.To, T["CreatedTo"], []) { Extra = true, Input = ListFilterInput.Moment },
        new(JobCriteria.Owner, T["CausedBy"], []) { Extra = true },
        new(JobCriteria.Queue, T["Queue"], [.. Types.All.Select(t => t.Rules.Queue).Distinct().Order(StringComparer.Ordinal).Select(name => new ListFilterOption(name, name))]) { Extra = true },
        new(JobCriteria.Node, T["Worker"], []) { Extra = true },
        new(JobCriteria.Schedule, T["Schedule"], []) { Extra = true },
        new(JobCriteria.Batch, T["Batch"], []) { Extra = true },
        new(JobCriteria.Parent, T["Parent"], []) { Extra = true },
    ];

    private async Task DoAsync(JobAction action, ListSelection selection)
    {
        if (await Actions.DoAsync(action, selection)) _list?.ClearSelection();
    }

    private Task RetryFailed() =>
        Actions.DoAsync(JobAction.Retry, new ListSelection(new HashSet<string>(), AllThatMatch: true, new ListQuery().WithFilter(JobCriteria.State, "failed"), Failed));
}
