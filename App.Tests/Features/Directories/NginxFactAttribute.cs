namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>A test behind a real nginx; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NginxFactAttribute : FactAttribute
{
    public NginxFactAttribute() => Skip = IsThere ? null : "nginx is not installed (Debian: apt-get install nginx-light)";

    public static bool IsThere => SlapdFactAttribute.Find("nginx") is not null;
}
