using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Mail;

/// <summary>What the buttons of the Mail tab do: ask where it matters, carry out, say what came of it.</summary>
public sealed class MailDialogs(MailJournal journal, MailConnection connection, Confirmations confirmations, Toasts toasts, IStringLocalizer<MailTexts> texts, ILogger<MailDialogs> log)
{
    public Task ResendAsync(MailRow row) => TryAsync(async () =>
    {
        var outcome = await journal.ResendAsync(row.Id, CancellationToken.None);
        if (outcome == ResendOutcome.Done) toasts.Done(texts["ResendDone", row.Address]);
        else toasts.Show(Tone.Warn, texts[$"Resend{outcome}"]);
    });

    public async Task UnsuppressAsync(SuppressionRow row)
    {
        if (!await confirmations.Ask(new Confirmation(texts["UnsuppressTitle", row.Address], texts["UnsuppressText"], texts["Unsuppress"]) { Danger = false, Facts = [new Fact(texts["Answer"], row.Answer)] })) return;
        await TryAsync(async () =>
        {
            if (await journal.UnsuppressAsync(row.Id, CancellationToken.None)) toasts.Done(texts["Unsuppressed", row.Address]);
            else toasts.Show(Tone.Warn, texts["UnsuppressedBefore", row.Address]);
        });
    }

    public void Done(string text) => toasts.Done(text);

    public Task SendTestMailAsync() => TryAsync(async () =>
    {
        if (await connection.SendTestMailAsync(CancellationToken.None) is { } id) toasts.Show(connection.IsConfigured ? Tone.Ok : Tone.Warn, texts[connection.IsConfigured ? "TestMailSent" : "TestMailWaits"], null, texts["OpenMail"], $"/admin/mail?item={id}");
        else toasts.Show(Tone.Warn, texts["TestMailNoAddress"]);
    });

    /// <summary>Carries out a command; a refusal or failure becomes a message.</summary>
    /// <returns>False if it did not come to its end.</returns>
    public async Task<bool> TryAsync(Func<Task> command)
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
            MailLog.CommandFailed(log, exception, reference);
            toasts.Failed(texts["FailedText", reference]);
        }

        return false;
    }
}
