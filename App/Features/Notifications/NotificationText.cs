using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Notifications;

/// <summary>
/// What a notification says: the words of a person (<see cref="Plain"/>), or keys in a slice's texts that every reader sees in
/// their own language (<see cref="Of{TTexts}"/>).
/// </summary>
public sealed record NotificationText
{
    private const int MaxArgumentLength = 300;

    private NotificationText()
    {
    }

    internal string? Title { get; private init; }

    internal string? Body { get; private init; }

    internal Type? Texts { get; private init; }

    internal string? TitleKey { get; private init; }

    internal string? BodyKey { get; private init; }

    internal IReadOnlyList<string> Arguments { get; private init; } = [];

    public static NotificationText Plain(string title, string? body = null) => new() { Title = title, Body = body };

    /// <param name="titleKey">Key in the texts of <typeparamref name="TTexts"/>.</param>
    /// <param name="bodyKey">Another key, or null.</param>
    /// <param name="arguments">For the places {0}, {1} ... of both: names, numbers as text.</param>
    public static NotificationText Of<TTexts>(string titleKey, string? bodyKey = null, params string[] arguments) => new()
    {
        Texts = typeof(TTexts),
        TitleKey = titleKey,
        BodyKey = bodyKey,
        Arguments = [.. arguments.Select(a => a.Length > MaxArgumentLength ? a[..MaxArgumentLength] : a)],
    };

    /// <summary>Writes the text into <paramref name="notification"/>.</summary>
    internal void WriteTo(Notification notification)
    {
        notification.Title = Limit(Title ?? string.Join(": ", [TitleKey!, .. Arguments]), 300)!;
        notification.Body = Limit(Body, 2000);
        notification.Texts = Texts?.FullName;
        notification.TitleKey = TitleKey;
        notification.BodyKey = BodyKey;
        notification.Arguments = Texts is null ? null : JsonSerializer.Serialize(Arguments, JsonSerializerOptions.Web);
    }

    /// <summary>The text in the language of the present culture.</summary>
    internal static (string Title, string? Body) Read(Notification notification, IStringLocalizerFactory localizers)
    {
        // A slice may have been removed or its key renamed since: then the stored words are shown.
        if (notification.Texts is null || typeof(NotificationText).Assembly.GetType(notification.Texts) is not { } texts) return (notification.Title, notification.Body);
        var localizer = localizers.Create(texts);
        var arguments = JsonSerializer.Deserialize<string[]>(notification.Arguments ?? "[]", JsonSerializerOptions.Web) ?? [];
        return (Look(notification.TitleKey) ?? notification.Title, Look(notification.BodyKey) ?? notification.Body);

        string? Look(string? key)
        {
            if (key is null || localizer[key] is not { ResourceNotFound: false } found) return null;
            try
            {
                return string.Format(CultureInfo.CurrentCulture, found.Value, arguments);
            }
            catch (FormatException)
            {
                return found.Value;
            }
        }
    }

    private static string? Limit(string? text, int length) => text is not null && text.Length > length ? text[..length] : text;
}
