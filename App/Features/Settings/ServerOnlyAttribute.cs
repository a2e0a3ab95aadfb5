namespace BlazorAdmin.Features.Settings;

/// <summary>The setting belongs to who runs the server: files, variables and arguments say it, the portal only shows it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ServerOnlyAttribute : Attribute;
