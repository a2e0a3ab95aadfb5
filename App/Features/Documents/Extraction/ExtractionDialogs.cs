using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Carries out the commands of this part and says what came of them.</summary>
public sealed class ExtractionDialogs(Confirmations confirmations, Toasts toasts, IStringLocalizer<ExtractionTexts> texts, ILogger<ExtractionDialogs> log)
{
    /// <summary>True when the correction was carried out; otherwise a message says why not.</summary>
    public async Task<bool> Correct(Func<Task<CorrectionResult>> command, string? done = null)
    {
        var result = CorrectionResult.NotFound;
        if (!await Try(async () => result = await command())) return false;
        if (result == CorrectionResult.Done)
        {
            if (done is not null) toasts.Done(done);
            return true;
        }
        toasts.Show(Tone.Warn, texts[$"Correction{result}"]);
        return false;
    }

    public Task<bool> Ask(string title, string text, string action) => confirmations.Ask(new Confirmation(title, text, action));

    public void Done(string text) => toasts.Done(text);

    public void Warn(string text) => toasts.Show(Tone.Warn, text);

    /// <summary>A refusal or failure becomes a message.</summary>
    public async Task<bool> Try(Func<Task> command)
    {
        try
        {
            await command();
            return true;
        }
        catch (ForbiddenException)
        {
            toasts.Failed(texts["Forbidden"]);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var reference = ErrorReference.New();
            ExtractionLog.CommandFailed(log, exception, reference);
            toasts.Failed(texts["Failed", reference]);
        }
        return false;
    }
}
