using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Settings;

/// <summary>Carries out what a person asks for on these pages; a refusal or failure becomes a message.</summary>
public sealed class SettingsCommands(Toasts toasts, IStringLocalizer<SettingsTexts> texts, ILogger<SettingsCommands> log)
{
    public async Task TryAsync(Func<Task> command)
    {
        try
        {
            await command();
        }
        catch (ForbiddenException)
        {
            toasts.Failed(texts["Forbidden"]);
        }
        catch (Exception exception)
        {
            var reference = ErrorReference.New();
            SettingsLog.CommandFailed(log, exception, reference);
            toasts.Failed(texts["Failed", reference]);
        }
    }

    /// <summary>Says that a batch holds, and what waits for a restart.</summary>
    public void Done(SettingsPlan plan)
    {
        toasts.Done(texts.Count("Applied", plan.Lines.Count));
        if (plan.Lines.Any(line => line.NeedsRestart)) toasts.Show(Shell.Controls.Tone.Warn, texts["RestartNeeded", string.Join(", ", plan.Lines.Where(line => line.NeedsRestart).Select(line => line.Key))]);
    }
}
