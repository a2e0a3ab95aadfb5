using BlazorAdmin.Live;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>Who uses the machine now: the busiest processes, searched and sorted by what stands in the address. Read only while the page is seen.</summary>
public sealed partial class ProcessesPage
{
    private const string Path = "/admin/monitor/processes";

    private readonly Lock _gate = new();
    // Queries on their way to the address: what a person does next goes on from the last of them.
    private readonly Queue<ListQuery> _going = new();
    private ListQuery _query = ProcessView.Defaults;
    private ProcessList _list = new(ProcessAnswer.Starting, [], 0, 0);
    private IDisposable? _watching;
    private Task _following = Task.CompletedTask;
    private bool _left;

    [Inject] private ProcessesService Processes { get; init; } = null!;

    [Inject] private CollectorStatement Statement { get; init; } = null!;

    [Inject] private PageVisibility Seen { get; init; } = null!;

    private IReadOnlyList<ListFilter> Filters =>
    [
        new ListFilter(ProcessView.Shape, T["Shape"], [new ListFilterOption(ProcessView.Tree, T["Tree"])]) { AnyLabel = T["Flat"], Pills = true },
        new ListFilter(ProcessView.Extent, T["Extent"], [new ListFilterOption(ProcessView.All, T["AllProcesses"])]) { AnyLabel = T["TopProcesses", ProcessView.Top], Pills = true },
    ];

    private ListQuery Wanted => _going.Count > 0 ? _going.Last() : _query;

    protected override Task OnInitializedAsync()
    {
        _query = ListQuery.Parse(Navigation.ToAbsoluteUri(Navigation.Uri).Query, ProcessView.Defaults);
        return base.OnInitializedAsync();
    }

    protected override void Subscribe()
    {
        base.Subscribe();
        Navigation.LocationChanged += OnLocationChanged;
        Seen.Changed += Follow;
        Follow();
    }

    protected override async Task<ViewState> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            _list = await Processes.ListAsync(_query, cancellation);
        }
        catch
        {
            _list = new ProcessList(ProcessAnswer.Starting, [], 0, 0);
            throw;
        }
        return _list switch
        {
            { Answer: ProcessAnswer.Starting } => ViewState.Loading,
            { Answer: ProcessAnswer.Ready, Matching: 0 } => ViewState.EmptyFiltered,
            _ => ViewState.Ready,
        };
    }

    /// <summary>A page that nobody sees has nothing read.</summary>
    private void Follow()
    {
        lock (_gate)
        {
            if (_left || Seen.IsHidden)
            {
                _watching?.Dispose();
                _watching = null;
            }
            else
            {
                _watching ??= Processes.Watch(RequestRefresh);
            }
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change)
    {
        var uri = new Uri(change.Location);
        if (uri.AbsolutePath != Path) return;
        // At once: a person waits for it, unlike for the next reading.
        _following = InvokeAsync(async () =>
        {
            _query = ListQuery.Parse(uri.Query, ProcessView.Defaults);
            // All of them are over if the address came from elsewhere.
            while (_going.TryDequeue(out var passed) && passed != _query) continue;
            await RefreshAsync(Ended);
            StateHasChanged();
        });
    }

    private void Search(string text) => Go(Wanted.WithSearch(text), replace: true);

    private void SetFilter((string Key, string Value) filter) => Go(Wanted.WithFilter(filter.Key, filter.Value), replace: false);

    private void ClearSearch() => Go(Wanted.WithSearch(""), replace: false);

    private void SortBy(string column) => Go(Wanted.WithSort(column, Wanted.Sort == column ? !Wanted.Descending : column is not ("name" or "pid")), replace: false);

    private void Go(ListQuery query, bool replace)
    {
        _going.Enqueue(query);
        var text = query.ToQueryString(ProcessView.Defaults);
        Navigation.NavigateTo(text.Length == 0 ? Path : $"{Path}?{text}", new NavigationOptions { ReplaceHistoryEntry = replace });
    }

    private RenderFragment Chip(char state) => state switch
    {
        'R' => StateChip.Markup(Tone.Ok, T["StateRunning"], "play"),
        'D' => StateChip.Markup(Tone.Warn, T["StateWaiting"], "database", T["StateWaitingHint"]),
        'Z' => StateChip.Markup(Tone.Bad, T["StateZombie"], "cross", T["StateZombieHint"]),
        'T' or 't' => StateChip.Markup(Tone.Info, T["StateStopped"], "pause"),
        _ => StateChip.Markup(Tone.Idle, T["StateResting"]),
    };

    private string? TrafficOf(ProcessRow process) => process.Traffic is null
        ? T["TrafficUnknown"]
        : T["ReadAndWritten", Display.Bytes((long)(process.Read ?? 0)), Display.Bytes((long)(process.Written ?? 0))];

    public override async ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        Seen.Changed -= Follow;
        lock (_gate) _left = true;
        Follow();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.DisposeAsync();
    }
}
