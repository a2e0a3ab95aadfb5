using System.Globalization;
using System.Text.Json;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>Makes or changes a schedule: expression and zone are checked, and the next runs shown, while somebody types.</summary>
public sealed partial class ScheduleForm
{
    private static readonly Lazy<IReadOnlyList<string>> Zones = new(() =>
        [.. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => id.Contains('/', StringComparison.Ordinal)).Prepend("UTC").Distinct().Order(StringComparer.Ordinal)]);

    private IReadOnlyList<CalendarItem> _calendars = [];
    private IReadOnlyList<FieldProblem> _problems = [];
    private IReadOnlyList<DateTimeOffset> _next = [];
    private bool _busy, _conflict;

    [Parameter, EditorRequired] public required ScheduleDraft Draft { get; set; }

    /// <summary>Raised when it is saved or given up.</summary>
    [Parameter, EditorRequired] public EventCallback OnClose { get; set; }

    [Inject] private SchedulesService Schedules { get; init; } = null!;

    [Inject] private HolidayCalendars Calendars { get; init; } = null!;

    [Inject] private ScheduleActions Actions { get; init; } = null!;

    [Inject] private JobTypes Types { get; init; } = null!;

    [Inject] private IStringLocalizer<SchedulesTexts> T { get; init; } = null!;

    /// <summary>Names of what the chosen type takes.</summary>
    private string? Fields => Types.Find(Draft.Type) is { } type ? string.Join(", ", type.Arguments.GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))) : null;

    protected override async Task OnInitializedAsync()
    {
        Check();
        _calendars = await Calendars.ListAsync();
    }

    private void TypeCron(string? text)
    {
        Draft.Cron = text ?? "";
        Check();
    }

    private void TypeZone(string? text)
    {
        Draft.TimeZone = text ?? "";
        Check();
    }

    private void ChooseCalendar(ChangeEventArgs change)
    {
        Draft.Calendar = change.Value as string ?? "";
        Check();
    }

    private void Check()
    {
        var time = ScheduleDraft.CheckTime(Draft.Cron, Draft.TimeZone).ToList();
        _problems = [.. _problems.Where(p => p.Field is not (nameof(Draft.Cron) or nameof(Draft.TimeZone))), .. time];
        _next = time.Count == 0 ? Schedules.Preview(Draft.Cron, Draft.TimeZone, Draft.Calendar) : [];
    }

    private string InZone(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(Draft.TimeZone)).ToString("ddd d MMM yyyy, HH:mm:ss", CultureInfo.CurrentCulture);

    private string? Invalid(string field) => _problems.Any(p => p.Field == field) ? "true" : null;

    private async Task Save()
    {
        if (_busy) return;
        _busy = true;
        try
        {
            var result = await Actions.SaveAsync(Draft);
            _problems = result?.Problems ?? [];
            _conflict = result?.Outcome == ScheduleOutcome.Changed;
            if (result?.Outcome == ScheduleOutcome.Done) await OnClose.InvokeAsync();
        }
        finally
        {
            _busy = false;
        }
    }
}
