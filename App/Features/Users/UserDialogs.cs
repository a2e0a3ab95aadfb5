using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Users;

/// <summary>Questions and answers of the Users tab: what a command did, or why it refused and what to do.</summary>
public sealed class UserDialogs(Confirmations confirmations, Toasts toasts, NavigationManager navigation, IOptionsMonitor<SecurityOptions> options, IStringLocalizer<UsersTexts> texts, IStringLocalizer<ShellTexts> shell, ILogger<UserDialogs> log)
{
    public Task<bool> AskDeactivateAsync(UserDetails details) => confirmations.Ask(new Confirmation(
        texts["DeactivateTitle", details.User.Name], texts.Count("DeactivateText", details.OpenSessions), texts["Deactivate"]));

    public Task<bool> AskEndSessionsAsync(UserDetails details, int count) => confirmations.Ask(new Confirmation(
        texts["EndSessionsTitle", details.User.Name], texts.Count("EndSessionsText", count), texts["EndAllSessions"]));

    public Task<bool> AskRemoveFactorAsync(UserDetails details) => confirmations.Ask(new Confirmation(
        texts["RemoveFactorTitle", details.User.Name], texts.Count("RemoveFactorText", details.Passkeys), texts["RemoveFactor"]));

    public Task<bool> AskMakeLocalAsync(UserDetails details) => confirmations.Ask(new Confirmation(
        texts["MakeLocalTitle", details.User.Name], texts["MakeLocalText"], texts["MakeLocal"]));

    public Task<bool> AskDeleteRoleAsync(RoleView role) => confirmations.Ask(new Confirmation(
        texts["DeleteRoleTitle", role.Name], texts.Count("DeleteRoleText", role.Users), texts["DeleteRole"]));

    public void Done(string text) => toasts.Done(text);

    public void Show(UserResult result, string doneKey)
    {
        if (result.Outcome == UserOutcome.Done) toasts.Done(texts[doneKey]);
        else if (result.Outcome == UserOutcome.ProofNeeded) Confirm();
        else toasts.Failed(Describe(result.Outcome));
    }

    public void Show(RoleOutcome outcome, string doneKey)
    {
        if (outcome == RoleOutcome.Done) toasts.Done(texts[doneKey]);
        else toasts.Failed(texts[$"Role{outcome}"]);
    }

    /// <summary>Carries out a command; a refusal or failure becomes a message.</summary>
    public async Task TryAsync(Func<Task> command)
    {
        try
        {
            await command();
        }
        catch (ReadOnlyException refused)
        {
            toasts.Failed(shell["ReadOnly" + refused.Reason]);
        }
        catch (ForbiddenException)
        {
            toasts.Failed(texts["Forbidden"]);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var reference = ErrorReference.New();
            UsersLog.CommandFailed(log, exception, reference);
            toasts.Failed(texts["Failed", reference]);
        }
    }

    /// <summary>Leads to the page that confirms who is there, and back here.</summary>
    public void Confirm() => navigation.NavigateTo(Account.Pages.ConfirmPage.AddressOf("/" + navigation.ToBaseRelativePath(navigation.Uri)), forceLoad: true);

    public string Describe(UserOutcome outcome) => texts[$"Outcome{outcome}"];

    public string LinkOf(string token) => $"{(options.CurrentValue.PublicUrl ?? navigation.BaseUri).TrimEnd('/')}/account/link?token={token}";
}
