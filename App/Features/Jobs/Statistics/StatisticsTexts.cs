namespace BlazorAdmin.Features.Jobs.Statistics;

/// <summary>Marker of the texts of the statistics of jobs.</summary>
public sealed class StatisticsTexts;
