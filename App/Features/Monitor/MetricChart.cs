namespace BlazorAdmin.Features.Monitor;

/// <summary>Metrics that are read together in one chart.</summary>
/// <param name="Id">Stable name, for example <c>cpu</c> or <c>disk.vda</c>; fit for an address.</param>
/// <param name="Title">In the reader's language.</param>
/// <param name="Group">Name of the group, for addresses and as <c>Group{name}</c> of the texts; charts of a group follow each other.</param>
/// <param name="Kind">Of all its lines.</param>
/// <param name="Max">Upper end of the scale; null to follow the values or <paramref name="MaxKey"/>.</param>
/// <param name="MaxKey">Metric whose value is the upper end of the scale, for parts of a whole.</param>
/// <param name="Lines">At least one; keys that exist, with their names in the reader's language.</param>
public sealed record MetricChart(string Id, string Title, string Group, MetricKind Kind, double? Max, string? MaxKey, IReadOnlyList<(string Key, string Label)> Lines);
