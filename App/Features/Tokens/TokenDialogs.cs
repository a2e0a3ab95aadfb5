using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Tokens;

/// <summary>Asks before a token is revoked, and says what came of it.</summary>
public sealed class TokenDialogs(TokensService tokens, Confirmations confirmations, Toasts toasts, Display display, IStringLocalizer<TokensTexts> texts, ILogger<TokenDialogs> log)
{
    public async Task RevokeAsync(TokenRow row)
    {
        var used = row.LastUsedAt is { } at ? display.Ago(at) : texts["NotUsed"].Value;
        if (!await confirmations.Ask(new Confirmation(texts["RevokeTitle", row.Name], texts["RevokeText"], texts["Revoke"])
            {
                Facts = [new Fact(texts["Begins"], row.Prefix + "…"), new Fact(texts["Scopes"], row.Scopes), new Fact(texts["LastUse"], used), new Fact(texts["UsedFrom"], row.LastUsedFrom)],
            })) return;
        await TryAsync(async () =>
        {
            if (await tokens.RevokeAsync(row.Id, CancellationToken.None)) toasts.Done(texts["Revoked", row.Name]);
            else toasts.Show(Tone.Warn, texts["RevokedBefore", row.Name]);
        });
    }

    /// <summary>Carries out a command; a refusal or failure becomes a message.</summary>
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
            TokensLog.CommandFailed(log, exception, reference);
            toasts.Failed(texts["Failed", reference]);
        }
    }
}
