using BlazorAdmin.Features.Directories.Ldap;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Directories;

/// <summary>What the buttons of the Directory page do: ask where it matters, carry out, say what came of it.</summary>
public sealed class DirectoryDialogs(DirectoryService directory, SingleSignOnService singleSignOn, UserDialogs users, Confirmations confirmations, Toasts toasts, IStringLocalizer<DirectoriesTexts> texts, ILogger<DirectoryDialogs> log)
{
    public Task RunAsync() => TryAsync(async () =>
    {
        if (await directory.RunAsync(CancellationToken.None) is { } job) toasts.Show(Tone.Ok, texts["SyncStarted"], null, texts["OpenJob"], $"/admin/jobs?item={job}");
        else toasts.Failed(texts["NotConfigured"]);
    });

    /// <returns>False if nothing was linked.</returns>
    public async Task<bool> LinkAsync(Guid account, string login, ExternalPerson person)
    {
        var who = person.Mail ?? person.Name;
        if (!await confirmations.Ask(new Confirmation(texts["LinkTitle", who], texts["LinkText", who], texts["LinkAccount"]) { Danger = false, Facts = [new Fact(texts["Entry"], person.Entry)] })) return false;
        var done = false;
        await TryAsync(async () =>
        {
            var result = await directory.LinkAsync(account, login, CancellationToken.None);
            if (done = result.Outcome == UserOutcome.Done) toasts.Done(texts["LinkDone"]);
            else if (result.Outcome == UserOutcome.ProofNeeded) users.Confirm();
            else toasts.Failed(texts[result.Outcome == UserOutcome.BeyondOwnRights ? "LinkBeyondOwnRights" : "LinkNotFound"]);
        });
        return done;
    }

    /// <returns>False if nothing was linked.</returns>
    public async Task<bool> LinkProxyAsync(string email, string name)
    {
        if (!await confirmations.Ask(new Confirmation(texts["LinkProxyTitle", email.Trim()], texts["LinkProxyText", name.Trim(), email.Trim()], texts["LinkAccount"]) { Danger = false })) return false;
        var done = false;
        await TryAsync(async () =>
        {
            var outcome = (await singleSignOn.LinkAsync(email, name, CancellationToken.None)).Outcome;
            if (done = outcome == UserOutcome.Done) toasts.Done(texts["LinkDone"]);
            else if (outcome == UserOutcome.ProofNeeded) users.Confirm();
            else toasts.Failed(texts[outcome == UserOutcome.BeyondOwnRights ? "LinkBeyondOwnRights" : "LinkNotFound"]);
        });
        return done;
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
        catch (LdapException exception)
        {
            DirectoryLog.CommandRefused(log, exception.Message);
            toasts.Failed(texts[$"Fault{exception.Fault}"]);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var reference = ErrorReference.New();
            DirectoryLog.CommandFailed(log, exception, reference);
            toasts.Failed(texts["FailedText", reference]);
        }
    }
}
