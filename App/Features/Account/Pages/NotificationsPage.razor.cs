using System.Globalization;
using BlazorAdmin.Features.Notifications;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Account.Pages;

/// <summary>How the person who asks wants to hear of things.</summary>
public sealed partial class NotificationsPage
{
    private NotificationSettings _settings = new([], null, null, NotificationChoices.UsualDigest);
    private string? _digestError;
    private string? _quietError;
    private bool _saved;

    [CascadingParameter] private HttpContext Http { get; set; } = null!;

    [Inject] private NotificationChoices Choices { get; init; } = null!;

    [SupplyParameterFromForm] private string[]? InApp { get; set; }

    [SupplyParameterFromForm] private string[]? Mail { get; set; }

    [SupplyParameterFromForm] private string? DigestAt { get; set; }

    [SupplyParameterFromForm] private string? QuietFrom { get; set; }

    [SupplyParameterFromForm] private string? QuietUntil { get; set; }

    protected override async Task OnInitializedAsync() => _settings = await Choices.GetAsync(Http.RequestAborted);

    private async Task SubmitAsync()
    {
        var (digest, from, until) = (Minute(DigestAt), Minute(QuietFrom), Minute(QuietUntil));
        _digestError = digest is null ? T["NotificationDigestWrong"].Value : null;
        _quietError = (string.IsNullOrEmpty(QuietFrom) && string.IsNullOrEmpty(QuietUntil)) || (from is not null && until is not null && from != until) ? null : T["NotificationQuietWrong"].Value;
        if (digest is null || _quietError is not null) return;
        _settings = _settings with { Kinds = [.. _settings.Kinds.Select(Chosen)], DigestAt = digest.Value, QuietFrom = from, QuietUntil = until };
        await Choices.SaveAsync(_settings, Http.RequestAborted);
        _saved = true;
    }

    private KindChoice Chosen(KindChoice choice)
    {
        if (choice.Fixed) return choice;
        var mail = Mail?.FirstOrDefault(m => m.StartsWith(choice.Kind + "=", StringComparison.Ordinal))?[(choice.Kind.Length + 1)..];
        return choice with { InApp = InApp?.Contains(choice.Kind) == true, Mail = Enum.TryParse<NotificationMail>(mail, out var chosen) && Enum.IsDefined(chosen) ? chosen : choice.Mail };
    }

    private static int? Minute(string? text) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock) ? (clock.Hour * 60) + clock.Minute : null;

    private static string? Clock(int? minute) => minute is { } m ? string.Create(CultureInfo.InvariantCulture, $"{m / 60:00}:{m % 60:00}") : null;
}
