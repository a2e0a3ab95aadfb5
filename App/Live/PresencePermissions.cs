namespace BlazorAdmin.Live;

public static class PresencePermissions
{
    /// <summary>Seeing who is connected and on which page.</summary>
    public const string Read = "presence.read";
}
