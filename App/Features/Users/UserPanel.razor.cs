using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Users;

/// <summary>One account: what it is, what it may, where it is signed in, and what an administrator can do about it.</summary>
public sealed partial class UserPanel
{
    private UserDetails? _details;
    private IReadOnlyList<RoleChoice> _roles = [];
    private IReadOnlyList<SessionView> _sessions = [];
    private HashSet<Guid> _chosen = [];
    private int _settled;
    private NewLink? _link;
    private bool _isExternal;
    private bool _missing;
    private bool _mayReadAudit;

    [Parameter, EditorRequired] public Guid Id { get; set; }

    [Inject] private UserDirectory Directory { get; init; } = null!;

    [Inject] private UserAdministration Administration { get; init; } = null!;

    [Inject] private LocalAccounts LocalAccounts { get; init; } = null!;

    [Inject] private SessionService Sessions { get; init; } = null!;

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private UserDialogs Dialogs { get; init; } = null!;

    [Inject] private Topic<AccessChanged> Changes { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<UsersTexts> T { get; init; } = null!;

    private bool RolesChanged => _details is not null && !_chosen.SetEquals(_details.RoleIds);

    protected override Task OnInitializedAsync() => RefreshAsync(Ended);

    protected override void Subscribe() => Watch(Changes, change => change.UserId is null || change.UserId == Id);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        var details = await Directory.GetAsync(Id, cancellation);
        _missing = details is null;
        _roles = await Directory.RolesAsync(cancellation);
        _sessions = await Guard.Allows(UsersPermissions.Manage, cancellation) ? await Sessions.OfAsync(Id, cancellation) : [];
        _mayReadAudit = await Guard.Allows(Audit.AuditPermissions.Read, cancellation);
        _isExternal = details is not null && await LocalAccounts.IsExternalAsync(Id, cancellation);
        // Asked now: roles may have been picked while the answer was on its way.
        var untouched = !RolesChanged;
        _details = details;
        if (untouched && details is not null) _chosen = [.. details.RoleIds];
    }

    private IReadOnlyList<Fact> Facts(UserDetails details) =>
    [
        new(T["Email"], details.User.Email),
        new(T["Roles"], details.User.Roles.Count == 0 ? T["NoRole"].Value : string.Join(", ", details.User.Roles)),
        new(T["LastSignIn"], Value: TimeAgo.Markup(Display, details.User.LastSignInAt)),
        new(T["Created"], Value: TimeAgo.Markup(Display, details.User.CreatedAt)),
        new(T["SecondFactor"], FactorOf(details)),
        new(T["OpenSessions"], Display.Number(details.OpenSessions)),
        .. details.Topics is { Count: > 0 } topics ? [new Fact(T["KnowsAbout"], Topics.Show(topics))] : (IEnumerable<Fact>)[],
        .. details.Activity is { Count: > 0 } areas ? [new Fact(T["ActiveIn"], string.Join(", ", areas.Select(a => $"{a.Area} ({Display.Number(a.Commands)})")))] : (IEnumerable<Fact>)[],
    ];

    private string FactorOf(UserDetails details) => details switch
    {
        { AuthenticatorSince: { } since, Passkeys: > 0 } => $"{T["FactorApp", Display.Date(since)]}, {T.Count("FactorPasskeys", details.Passkeys)}",
        { AuthenticatorSince: { } since } => T["FactorApp", Display.Date(since)],
        { Passkeys: > 0 } => T.Count("FactorPasskeys", details.Passkeys),
        _ => T["FactorNone"],
    };

    private void Toggle(Guid role)
    {
        if (!_chosen.Remove(role)) _chosen.Add(role);
    }

    private async Task SaveRoles()
    {
        if (await Run(() => Administration.SetRolesAsync(Id, _chosen, Ended), "RolesSaved") != UserOutcome.Done || _details is null) return;
        _chosen = [.. _details.RoleIds];
        _settled++;
    }

    private Task Unlock() => Run(() => Administration.UnlockAsync(Id, Ended), "Unlocked");

    private Task Reactivate() => Run(() => Administration.ReactivateAsync(Id, Ended), "Reactivated");

    private async Task Deactivate()
    {
        if (_details is { } details && await Dialogs.AskDeactivateAsync(details)) await Run(() => Administration.DeactivateAsync(Id, Ended), "Deactivated");
    }

    private async Task RemoveFactor()
    {
        if (_details is { } details && await Dialogs.AskRemoveFactorAsync(details)) await Run(() => Administration.RemoveFactorAsync(Id, Ended), "FactorRemoved");
    }

    private Task MakeLink() => Run(async () =>
    {
        var result = await Administration.MakePasswordLinkAsync(Id, Ended);
        _link = result.Link;
        return result;
    }, "LinkMade");

    private async Task MakeLocal()
    {
        if (_details is not { } details || !await Dialogs.AskMakeLocalAsync(details)) return;
        await Run(async () =>
        {
            var result = await LocalAccounts.MakeLocalAsync(Id, Ended);
            _link = result.Link;
            return result;
        }, "MadeLocal");
    }

    private Task MailLink() => _link is { } link ? Run(() => Administration.MailPasswordLinkAsync(Id, link.Token, Ended), "LinkMailed") : Task.CompletedTask;

    private Task End(Guid session) => EndSessions(session);

    private async Task EndAll()
    {
        if (_details is { } details && await Dialogs.AskEndSessionsAsync(details, _sessions.Count)) await EndSessions(null);
    }

    private Task EndSessions(Guid? session) => Dialogs.TryAsync(async () =>
    {
        var ended = await Sessions.EndOfAsync(Id, session, Ended);
        if (ended is { } count) Dialogs.Done(T.Count("SessionsEnded", count));
        else Dialogs.Show(new UserResult(UserOutcome.BeyondOwnRights, Id), "");
        await RefreshAsync(Ended);
    });

    // Roles that are picked and not saved stay, also after another command or a refusal.
    private async Task<UserOutcome?> Run(Func<Task<UserResult>> command, string doneKey)
    {
        UserResult? result = null;
        await Dialogs.TryAsync(async () =>
        {
            Dialogs.Show(result = await command(), doneKey);
            await RefreshAsync(Ended);
        });
        return result?.Outcome;
    }
}
