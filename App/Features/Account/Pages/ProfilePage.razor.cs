using BlazorAdmin.Features.Users;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

public sealed partial class ProfilePage
{
    // Names with a city are what people know; the rest of the database is aliases and offsets.
    private static readonly IReadOnlyList<string> Zones =
        [.. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => id.Contains('/') && !id.StartsWith("Etc/", StringComparison.Ordinal)).Prepend("UTC").Distinct().Order(StringComparer.Ordinal)];

    private Profile _profile = new("", "", OwnPreferences.None, []);
    private string? _nameError;
    private string? _topicsError;
    private bool _saved;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private AccountService Account { get; init; } = null!;

    [SupplyParameterFromForm] private string? Name { get; set; }

    [SupplyParameterFromForm] private string? Language { get; set; }

    [SupplyParameterFromForm] private string? TimeZone { get; set; }

    [SupplyParameterFromForm] private Theme? Theme { get; set; }

    [SupplyParameterFromForm] private Density? Density { get; set; }

    [SupplyParameterFromForm] private string? Topics { get; set; }

    /// <summary>What became of the picture that was just sent.</summary>
    [SupplyParameterFromQuery] private string? Picture { get; set; }

    private string? PictureText => Picture switch
    {
        "saved" => T["PictureSaved"].Value,
        "removed" => T["PictureRemoved"].Value,
        "missing" => T["PictureMissing"].Value,
        "toolarge" => T["PictureTooLarge"].Value,
        "toomanypixels" => T["PictureTooManyPixels"].Value,
        "notapicture" => T["PictureNotAPicture"].Value,
        _ => null,
    };

    private bool PictureIsBad => Picture is not ("saved" or "removed");

    private OwnPreferences Chosen => Name is null ? _profile.Preferences : Posted;

    private OwnPreferences Posted => new(Theme, Density, Language is { Length: > 0 } ? Language : null, TimeZone is { Length: > 0 } ? TimeZone : null);

    protected override async Task OnInitializedAsync() => _profile = await Account.GetAsync(Http.RequestAborted);

    private async Task SubmitAsync()
    {
        _nameError = string.IsNullOrWhiteSpace(Name) || Name.Length > 200 ? T["NameMissing"].Value : null;
        var topics = Users.Topics.Parse(Topics);
        _topicsError = topics is null ? T["TopicsTooMany", Users.Topics.Most, Users.Topics.LongestName].Value : null;
        if (_nameError is not null || topics is null) return;
        _profile = _profile with { Name = Name!.Trim(), Preferences = Posted, Topics = topics };
        await Account.SaveAsync(_profile, Http.RequestAborted);
        PreferenceCookies.Write(Http, Posted.Over(_profile.OfRoles).Effective);
        _saved = true;
    }
}
