namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>Marker of the texts of the Schedules tab.</summary>
public sealed class SchedulesTexts;
