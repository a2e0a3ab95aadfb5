using System.Globalization;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Details;
using BlazorAdmin.Features.Jobs.Editing;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs;

/// <summary>One job, live: progress, facts, log, attempts, arguments.</summary>
public sealed partial class JobDetails
{
    private const int MostLines = 1000;

    private readonly string _logId = Ids.Next("job-log");
    private readonly string _attemptsId = Ids.Next("job-attempts");
    private readonly string _argumentsId = Ids.Next("job-arguments");
    private ViewState _view = ViewState.Loading;
    private JobDetail? _detail;
    private IReadOnlyList<JobAttempt> _attempts = [];
    private List<LogLine> _lines = [];
    private LogLevel _least = LogLevel.Trace;
    private long _dropped;
    private string? _reference;

    private ArgumentsDialog? _dialog;
    private JobKin? _kin;
    private string _find = "";
    private bool _canUndo;

    [Parameter, EditorRequired] public required string Id { get; set; }

    [Parameter] public bool MayManage { get; set; }

    [Inject] private JobsService Jobs { get; init; } = null!;

    [Inject] private JobKinship Kinship { get; init; } = null!;

    [Inject] private IEnumerable<IUndoableJobs> Undoable { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private JobActions Actions { get; init; } = null!;

    [Inject] private Topic<JobChanged> Changes { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<JobsTexts> T { get; init; } = null!;

    [Inject] private IStringLocalizer<DetailsTexts> D { get; init; } = null!;

    [Inject] private ILogger<JobDetails> Log { get; init; } = null!;

    private long Number => long.TryParse(Id, CultureInfo.InvariantCulture, out var id) ? id : 0;

    protected override Task OnInitializedAsync() => LoadAsync(Ended);

    protected override void Subscribe() => Watch(Changes, change => change.Concerns(Number));

    protected override Task RefreshAsync(CancellationToken cancellation) => LoadAsync(cancellation);

    private async Task LoadAsync(CancellationToken cancellation)
    {
        try
        {
            var before = _detail?.Job;
            _detail = await Jobs.GetAsync(Number, cancellation);
            if (_detail is null)
            {
                _view = ViewState.Empty;
                return;
            }

            var after = _detail.Job;
            // Attempts come only when one ends; the log is asked for what is new.
            if (before is null || before.Attempts != after.Attempts || before.State != after.State) _attempts = await Jobs.AttemptsAsync(Number, cancellation);
            // Jobs around it change with messages of their own, which come as often as this one's.
            _kin = await Kinship.GetAsync(Number, cancellation);
            _canUndo = after.State.IsFinal() && Undoable.FirstOrDefault(u => u.Type == after.Type) is { } kind && await kind.CanUndoAsync(Number, cancellation);
            await ReadLogAsync(cancellation);
            _view = ViewState.Ready;
        }
        catch (ForbiddenException)
        {
            (_detail, _view) = (null, ViewState.Forbidden);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _reference = ErrorReference.New();
            JobsLog.DetailsFailed(Log, exception, Number, _reference);
            // What is on screen stays; only a first reading that fails has nothing to show.
            if (_detail is null) _view = ViewState.Failed;
        }
    }

    private async Task ReadLogAsync(CancellationToken cancellation)
    {
        var lines = await Jobs.LogAsync(Number, _lines.Count > 0 ? _lines[^1].Number : null, _least, cancellation);
        // Another reading may have been faster.
        var last = _lines.Count > 0 ? _lines[^1].Number : 0;
        _lines = [.. _lines, .. lines.Where(l => l.Id > last).Select(l => new LogLine(l.Id, l.At, JobLook.ToneOf(l.Level), JobLook.Word(l.Level), l.Message))];
        if (_lines.Count <= MostLines) return;
        _dropped += _lines.Count - MostLines;
        _lines = _lines[^MostLines..];
    }

    private IReadOnlyList<LogLine> Found => _find.Trim() is { Length: > 0 } text ? [.. _lines.Where(l => l.Text.Contains(text, StringComparison.CurrentCultureIgnoreCase))] : _lines;

    /// <summary>Where it is, with the time left: as its progress suggests, or as long as such jobs usually take.</summary>
    private string? Line(JobItem job, TimeSpan? typical)
    {
        var line = job.Line(T, Display);
        if (line is null || typical is not { } usual || job.TimeLeft(Display.Now) is not null || job.RunTime(Display.Now) is not { } run || run >= usual) return line;
        return $"{line}, {T["TimeLeft", Display.Duration(usual - run)]}";
    }

    private async Task RunAgain(JobItem job)
    {
        if (await Actions.RunAgainAsync(job) is { } id) Open(id);
    }

    private void Open(long id) => Navigation.NavigateTo($"/admin/jobs?item={id}");

    private Task LoadAgain() => LoadAsync(Ended);

    private async Task SetLevel(ChangeEventArgs change)
    {
        if (!Enum.TryParse(change.Value as string, out LogLevel least)) return;
        (_least, _lines, _dropped) = (least, [], 0);
        await LoadAsync(Ended);
    }

    private IReadOnlyList<Fact> Facts(JobDetail detail)
    {
        var job = detail.Job;
        return
        [
            new(T["Type"], job.Type),
            new(T["Subject"], job.Subject),
            new(T["CausedBy"], detail.OwnerName ?? (detail.OwnerId is { } owner ? owner.ToString() : T["PortalItself"].Value)),
            new(T["Priority"], $"{job.Priority}"),
            new(T["Queue"], detail.Queue),
            new(T["Attempts"], T["AttemptOf", job.Attempts, job.MaxAttempts]),
            new(T["Worker"], Worker(detail)),
            new(T["Created"], Value: TimeAgo.Markup(Display, job.CreatedAt)),
            job.State == JobState.Queued ? new(T["Due"], Value: TimeAgo.Markup(Display, job.DueAt)) : new(T["Started"], Value: job.StartedAt is null ? null : TimeAgo.Markup(Display, job.StartedAt)),
            new(T["Finished"], Value: job.FinishedAt is null ? null : TimeAgo.Markup(Display, job.FinishedAt)),
            new(D["Tags"], Value: detail.Tags is { } tags ? Tags(tags) : null),
            new(D["Schedule"], Value: detail.Schedule is { } schedule ? Link($"/admin/jobs?schedule={Uri.EscapeDataString(schedule)}", schedule) : null),
            new(D["LimitKey"], detail.LimitKey),
            new(D["Cursor"], detail.Cursor),
            new(T["IdempotencyKey"], detail.IdempotencyKey),
        ];
    }

    private string? Worker(JobDetail detail) => detail.Job.Node is not { } node ? null
        : detail.LeaseUntil is { } until ? T["WorkerWithLease", node, Display.Clock(until)]
        : node;
}
