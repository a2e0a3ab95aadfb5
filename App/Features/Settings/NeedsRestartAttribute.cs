namespace BlazorAdmin.Features.Settings;

/// <summary>The setting is read at the start: a change holds from the next one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NeedsRestartAttribute : Attribute;
