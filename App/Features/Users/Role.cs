using BlazorAdmin.Features.Audit;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Users;

/// <summary>A bundle of permissions that people are given by name.</summary>
public sealed class Role : IdentityRole<Guid>, IAudited
{
    public Guid TenantId { get; set; }

    public string? Description { get; set; }

    /// <summary>One of the roles that every installation has; it can be edited, not deleted.</summary>
    public bool BuiltIn { get; set; }

    /// <summary>With what its people begin who have not chosen for themselves; null: nothing of its own.</summary>
    public Theme? DefaultTheme { get; set; }

    /// <summary>Likewise.</summary>
    public Density? DefaultDensity { get; set; }

    /// <summary>Culture name, likewise.</summary>
    public string? DefaultLanguage { get; set; }

    /// <summary>IANA name, likewise.</summary>
    public string? DefaultTimeZone { get; set; }

    public List<RolePermission> Permissions { get; } = [];
}

/// <summary>One permission in a role.</summary>
public sealed class RolePermission : IAudited
{
    public Guid RoleId { get; set; }

    /// <summary>Registered by a slice, for instance <c>jobs.manage</c>.</summary>
    public required string Permission { get; set; }
}
