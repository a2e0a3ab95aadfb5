namespace BlazorAdmin.Features.Documents.Intake;

public sealed class IntakeTexts;
