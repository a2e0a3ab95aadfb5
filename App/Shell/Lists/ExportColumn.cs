namespace BlazorAdmin.Shell.Lists;

/// <summary>One field of an export: Key names it in JSON, Title heads it in CSV.</summary>
public sealed record ExportColumn<TRow>(string Key, string Title, Func<TRow, object?> Value);
