using BlazorAdmin.Features.Users;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class ProfilePage
{
    // Names with a city are what people know; the rest of the database is aliases and offsets.
    private static readonly IReadOnlyList<string> Zones =
        [.. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => id.Contains('/') && !id.StartsWith("Etc/", StringComparison.Ordinal)).Prepend("UTC").Distinct().Order(StringComparer.Ordinal)];

    private Profile _profile = new("", "", Preferences.Default);
    private string? _nameError;
    private bool _saved;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private AccountService Account { get; init; } = null!;

    [SupplyParameterFromForm] private string? Name { get; set; }

    [SupplyParameterFromForm] private string? Language { get; set; }

    [SupplyParameterFromForm] private string? TimeZone { get; set; }

    [SupplyParameterFromForm] private Theme Theme { get; set; }

    [SupplyParameterFromForm] private Density Density { get; set; }

    private Preferences Chosen => Name is null ? _profile.Preferences : Posted;

    private Preferences Posted => new(Theme, Density, Language is { Length: > 0 } ? Language : null, TimeZone is { Length: > 0 } ? TimeZone : null);

    protected override async Task OnInitializedAsync() => _profile = await Account.GetAsync(Http.RequestAborted);

    private async Task SubmitAsync()
    {
        _nameError = string.IsNullOrWhiteSpace(Name) || Name.Length > 200 ? T["NameMissing"].Value : null;
        if (_nameError is not null) return;
        _profile = _profile with { Name = Name!.Trim(), Preferences = Posted };
        await Account.SaveAsync(_profile, Http.RequestAborted);
        PreferenceCookies.Write(Http, _profile.Preferences);
        _saved = true;
    }
}
