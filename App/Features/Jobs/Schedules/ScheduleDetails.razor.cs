using System.Globalization;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>One schedule, live: its rules, next runs, history, and what a person can do.</summary>
public sealed partial class ScheduleDetails
{
    private const int PageOfHistory = 50;

    private readonly string _nextId = Ids.Next("schedule-next");
    private readonly string _historyId = Ids.Next("schedule-history");
    private readonly string _argumentsId = Ids.Next("schedule-arguments");
    private ViewState _view = ViewState.Loading;
    private ScheduleDetail? _detail;
    private IReadOnlyList<TickItem> _history = [];
    private IReadOnlyList<TickItem> _older = [];
    private ScheduleDraft? _draft;
    private Dialog _open;
    private bool _more;
    private string? _reference;

    private enum Dialog
    {
        None,
        Pause,
        Backfill,
        Edit,
    }

    [Parameter, EditorRequired] public required string Name { get; set; }

    [Parameter] public bool MayManage { get; set; }

    [Inject] private SchedulesService Schedules { get; init; } = null!;

    [Inject] private ScheduleActions Actions { get; init; } = null!;

    [Inject] private Topic<ScheduleChanged> Changes { get; init; } = null!;

    [Inject] private Topic<JobChanged> Jobs { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<SchedulesTexts> T { get; init; } = null!;

    [Inject] private ILogger<ScheduleDetails> Log { get; init; } = null!;

    protected override Task OnInitializedAsync() => LoadAsync(Ended);

    protected override void Subscribe()
    {
        Watch(Changes, change => change.Concerns(Name));
        Watch(Jobs, change => change.Id == 0 || _history.Any(tick => tick.JobId == change.Id));
    }

    protected override Task RefreshAsync(CancellationToken cancellation) => LoadAsync(cancellation);

    private async Task LoadAsync(CancellationToken cancellation)
    {
        try
        {
            _detail = await Schedules.GetAsync(Name, cancellation);
            var newest = _detail is null ? [] : await Schedules.HistoryAsync(Name, null, cancellation);
            if (_older.Count == 0) _more = newest.Count == PageOfHistory;
            _history = newest.Count == 0 ? [] : [.. newest, .. _older.Where(t => t.DueAt < newest[^1].DueAt)];
            _view = _detail is null ? ViewState.Empty : ViewState.Ready;
        }
        catch (ForbiddenException)
        {
            (_detail, _view) = (null, ViewState.Forbidden);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _reference = ErrorReference.New();
            SchedulesLog.DetailsFailed(Log, exception, Name, _reference);
            // What is on screen stays; only a first reading that fails has nothing to show.
            if (_detail is null) _view = ViewState.Failed;
        }
    }

    private Task LoadAgain() => LoadAsync(Ended);

    private async Task ShowMore()
    {
        var older = await Schedules.HistoryAsync(Name, _history[^1].DueAt, Ended);
        _more = older.Count == PageOfHistory;
        _older = [.. _history, .. older];
        _history = _older;
    }

    private async Task EditAsync()
    {
        try
        {
            _draft = await Schedules.DraftAsync(Name, Ended);
            _open = Dialog.Edit;
        }
        catch (ForbiddenException)
        {
            (_detail, _view) = (null, ViewState.Forbidden);
        }
    }

    private void Close() => _open = Dialog.None;

    private static string InZone(DateTimeOffset at, EffectiveSchedule rules) =>
        TimeZoneInfo.ConvertTime(at, rules.Occurrences!.Zone).ToString("ddd d MMM yyyy, HH:mm:ss", CultureInfo.CurrentCulture);

    /// <summary>The day only where it is another one.</summary>
    private string ForViewer(DateTimeOffset at, EffectiveSchedule rules) =>
        TimeZoneInfo.ConvertTime(at, rules.Occurrences!.Zone).Date == Display.Local(at).Date ? Display.Clock(at) : Display.DateTime(at);

    private bool SameZone(EffectiveSchedule rules, DateTimeOffset at) => rules.Occurrences!.Zone.GetUtcOffset(at) == Display.Zone.GetUtcOffset(at);

    private IReadOnlyList<Fact> Facts(ScheduleDetail detail)
    {
        var rules = detail.Item.Rules;
        return
        [
            new(T["Type"], rules.Type),
            new(T["When"], CronWords.Say(rules.Cron, T)),
            new(T["Cron"], rules.Cron),
            new(T["Zone"], rules.TimeZone),
            new(T["Missed"], T[$"Missed{rules.Missed}"]),
            new(T["Overlap"], T[$"Overlap{rules.Overlap}"]),
            new(T["Calendar"], rules.Calendar),
            new(T["NextRun"], Value: TimeAgo.Markup(Display, detail.Item.NextAt)),
        ];
    }
}
