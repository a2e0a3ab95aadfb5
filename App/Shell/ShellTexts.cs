namespace BlazorAdmin.Shell;

/// <summary>Marker of the texts that every slice shares (ShellTexts.resx, ShellTexts.de.resx).</summary>
public sealed class ShellTexts;
