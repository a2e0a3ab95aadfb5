using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Logs;

/// <summary>How levels read to people.</summary>
internal static class LogWords
{
    public static RenderFragment Chip(IStringLocalizer<LogsTexts> texts, LogLevel level) => level switch
    {
        LogLevel.Critical => StateChip.Markup(Tone.Bad, texts["LevelCritical"]),
        LogLevel.Error => StateChip.Markup(Tone.Bad, texts["LevelError"]),
        LogLevel.Warning => StateChip.Markup(Tone.Warn, texts["LevelWarning"]),
        LogLevel.Information => StateChip.Markup(Tone.Idle, texts["LevelInformation"], "info"),
        _ => StateChip.Markup(Tone.Idle, texts["LevelDebug"]),
    };
}
