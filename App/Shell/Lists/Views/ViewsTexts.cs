namespace BlazorAdmin.Shell.Lists.Views;

/// <summary>Marker of the texts of saved views.</summary>
public sealed class ViewsTexts;
