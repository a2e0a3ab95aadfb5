namespace BlazorAdmin.Features.Settings;

/// <summary>What each setting is for: <c>Section.Jobs</c> is the title of a section, <c>Jobs:Slots</c> describes one key.</summary>
public sealed class SettingDocs;
