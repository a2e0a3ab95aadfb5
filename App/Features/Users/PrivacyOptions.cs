using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Users;

/// <summary>Who of those who may open a view sees in it what concerns a single person. Everybody sees themselves.</summary>
public enum SeenBy
{
    Everybody,

    /// <summary>Who has a role in common with the person; administrators of accounts too.</summary>
    SameRole,

    /// <summary>Who administers accounts.</summary>
    Administrators,
    Nobody,
}

/// <summary>Section <c>Privacy</c>: who sees what people do and know.</summary>
public sealed class PrivacyOptions
{
    public const string Section = "Privacy";

    /// <summary>Who sees that somebody has the portal open, and where in it they are.</summary>
    public SeenBy Presence { get; set; } = SeenBy.Everybody;

    /// <summary>Who sees in which areas somebody was active in the last 90 days.</summary>
    public SeenBy Activity { get; set; } = SeenBy.Administrators;

    /// <summary>Who sees what somebody knows about.</summary>
    public SeenBy Expertise { get; set; } = SeenBy.Everybody;
}

public static class Privacy
{
    /// <summary>Those of <paramref name="people"/> of whom the caller sees it; the caller always sees themselves.</summary>
    public static async Task<IReadOnlySet<Guid>> SeenAsync(AppDbContext db, Caller caller, SeenBy rule, IReadOnlyCollection<Guid> people, CancellationToken cancellation)
    {
        if (rule == SeenBy.Everybody || (rule != SeenBy.Nobody && caller.May(UsersPermissions.Manage))) return people.ToHashSet();
        var seen = rule != SeenBy.SameRole
            ? []
            : (await db.UserRoles.Where(link => people.Contains(link.UserId) && db.UserRoles.Any(own => own.UserId == caller.UserId && own.RoleId == link.RoleId)).Select(link => link.UserId).Distinct().ToListAsync(cancellation)).ToHashSet();
        if (caller.UserId is { } self && people.Contains(self)) seen.Add(self);
        return seen;
    }
}
