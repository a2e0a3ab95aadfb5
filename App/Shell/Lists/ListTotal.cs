namespace BlazorAdmin.Shell.Lists;

/// <summary>How many rows match: exact, or the count where counting stopped and more follow.</summary>
public readonly record struct ListTotal(int Count, bool More = false);
