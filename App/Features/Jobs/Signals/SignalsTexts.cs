namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>Marker of the texts about signals.</summary>
public sealed class SignalsTexts;
