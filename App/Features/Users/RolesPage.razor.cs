using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Users;

public sealed partial class RolesPage
{
    private IReadOnlyList<RoleView> _roles = [];
    private Draft? _edited;
    private string? _problem;
    private bool _proofNeeded;
    private bool _mayEdit;

    [Inject] private RoleAdministration Roles { get; init; } = null!;

    [Inject] private PermissionCatalog Catalog { get; init; } = null!;

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private UserDialogs Dialogs { get; init; } = null!;

    [Inject] private Topic<AccessChanged> Changes { get; init; } = null!;

    [Inject] private IStringLocalizer<UsersTexts> T { get; init; } = null!;

    private IEnumerable<IGrouping<string, Permission>> Groups => Catalog.All.OrderBy(p => p.Name, StringComparer.Ordinal).GroupBy(p => p.Group);

    protected override Task OnInitializedAsync() => RefreshAsync(Ended);

    protected override void Subscribe() => Watch(Changes);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        _roles = await Roles.ListAsync(cancellation);
        _mayEdit = await Guard.Allows(UsersPermissions.RolesManage, cancellation);
    }

    private void New() => _edited = new Draft(null, "", "", false, [], OwnPreferences.None, "");

    private void Edit(RoleView role) => _edited = new Draft(role.Id, role.Name, role.Description ?? "", role.BuiltIn, [.. role.Permissions], role.Defaults, Topics.Show(role.Topics));

    private static string OpenerOf(Guid? role) => $"role:{role?.ToString() ?? "new"}";

    private void Close() => (_edited, _problem, _proofNeeded) = (null, null, false);

    private async Task Save()
    {
        if (_edited is not { } draft) return;
        await Dialogs.TryAsync(() => SaveAsync(draft));
        await RefreshAsync(Ended);
    }

    private async Task SaveAsync(Draft draft)
    {
        var (outcome, _) = await Roles.SaveAsync(draft.Id, draft.Name, draft.Description, draft.Permissions, draft.Extras, Ended);
        if (outcome == RoleOutcome.Done)
        {
            Close();
            Dialogs.Show(outcome, "RoleSaved");
        }
        else
        {
            _proofNeeded = outcome == RoleOutcome.ProofNeeded;
            _problem = _proofNeeded ? null : T[$"Role{outcome}"].Value;
        }
    }

    private async Task Delete()
    {
        if (_edited is not { Id: { } id } || _roles.FirstOrDefault(r => r.Id == id) is not { } role || !await Dialogs.AskDeleteRoleAsync(role)) return;
        await Dialogs.TryAsync(async () => Dialogs.Show(await Roles.DeleteAsync(id, Ended), "RoleDeleted"));
        Close();
        await RefreshAsync(Ended);
    }

    private sealed class Draft(Guid? id, string name, string description, bool builtIn, HashSet<string> permissions, OwnPreferences defaults, string topics)
    {
        public Guid? Id => id;

        public string Name { get; set; } = name;

        public string Description { get; set; } = description;

        public bool BuiltIn => builtIn;

        public HashSet<string> Permissions => permissions;

        public Theme? Theme { get; set; } = defaults.Theme;

        public Density? Density { get; set; } = defaults.Density;

        public string? Language { get; set; } = defaults.Language;

        public string? TimeZone { get; set; } = defaults.TimeZone;

        public string Topics { get; set; } = topics;

        public RoleExtras Extras => new(new OwnPreferences(Theme, Density, Language is { Length: > 0 } ? Language : null, TimeZone is { Length: > 0 } ? TimeZone : null), Topics);

        public void Toggle(string permission)
        {
            if (!permissions.Remove(permission)) permissions.Add(permission);
        }
    }
}
