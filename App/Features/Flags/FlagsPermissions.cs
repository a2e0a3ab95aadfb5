namespace BlazorAdmin.Features.Flags;

public static class FlagsPermissions
{
    public const string Read = "flags.read";
    public const string Manage = "flags.manage";
}
