using BlazorAdmin.Features.Account;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Users;

public sealed partial class NewUserPage : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private IReadOnlyList<RoleChoice> _roles = [];
    private HashSet<Guid> _chosen = [];
    private string _name = "";
    private string _email = "";
    private string _password = "";
    private string? _problem;
    private string? _created;
    private Guid? _createdId;
    private NewLink? _link;
    private bool _busy;
    private bool _invite;
    private bool _invited;
    private bool _proofNeeded;

    [Inject] private UserDirectory Directory { get; init; } = null!;

    [Inject] private UserAdministration Administration { get; init; } = null!;

    [Inject] private UserInvitations Invitations { get; init; } = null!;

    [Inject] private UserDialogs Dialogs { get; init; } = null!;

    [Inject] private IStringLocalizer<UsersTexts> T { get; init; } = null!;

    [Inject] private IStringLocalizer<AccountTexts> AccountTexts { get; init; } = null!;

    protected override async Task OnInitializedAsync()
    {
        _invite = Invitations.CanSend;
        _roles = await Directory.RolesAsync(_ended.Token);
        ChooseMember();
    }

    private void ChooseMember() => _chosen = [.. _roles.Where(r => r is { BuiltIn: true, Name: Roles.Member }).Select(r => r.Id)];

    private void Toggle(Guid role)
    {
        if (!_chosen.Remove(role)) _chosen.Add(role);
    }

    private async Task Submit()
    {
        if (_busy) return;
        _busy = true;
        await Dialogs.TryAsync(async () =>
        {
            var result = await Administration.CreateAsync(new NewUser(_name, _email, _invite || _password.Length == 0 ? null : _password, [.. _chosen], _invite), _ended.Token);
            _problem = result.Outcome switch
            {
                UserOutcome.Done or UserOutcome.ProofNeeded => null,
                UserOutcome.PasswordRefused => PasswordTexts.Describe(AccountTexts, result.Fault),
                _ => Dialogs.Describe(result.Outcome),
            };
            _proofNeeded = result.Outcome == UserOutcome.ProofNeeded;
            if (result.Outcome != UserOutcome.Done) return;
            (_created, _createdId, _password, _invited) = (_name.Trim(), result.UserId, "", _invite);
            _link = result.Link;
        });
        _busy = false;
    }

    private void Another()
    {
        (_name, _email, _created, _createdId, _link) = ("", "", null, null, null);
        ChooseMember();
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }
}
