namespace BlazorAdmin.Features.Notifications;

/// <summary>Whom a notification is for.</summary>
public sealed record Audience
{
    private Audience(Guid? userId, string? role)
    {
        UserId = userId;
        Role = role;
    }

    public static Audience Everybody { get; } = new(null, null);

    public Guid? UserId { get; }

    public string? Role { get; }

    public static Audience Person(Guid userId) => new(userId, null);

    /// <summary>Everybody who has the role when they look.</summary>
    public static Audience OfRole(string role) => new(null, role);
}
