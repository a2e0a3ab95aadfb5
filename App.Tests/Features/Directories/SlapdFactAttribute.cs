namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>A test with a real OpenLDAP server; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlapdFactAttribute : FactAttribute
{
    public SlapdFactAttribute() => Skip = IsThere ? null : Reason;

    internal const string Reason = "slapd and ldap-utils are not installed (Debian: apt-get install slapd ldap-utils)";

    public static bool IsThere => Find("slapd") is not null && Find("slapadd") is not null && Find("ldapmodify") is not null;

    // Debian puts servers where the PATH of people does not look.
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

/// <summary>The same with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlapdTheoryAttribute : TheoryAttribute
{
    public SlapdTheoryAttribute() => Skip = SlapdFactAttribute.IsThere ? null : SlapdFactAttribute.Reason;
}
