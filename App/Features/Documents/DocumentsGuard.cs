using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents;

/// <summary>Who may look at documents at all; which of them, <see cref="DocumentAccess"/> says.</summary>
internal static class DocumentsGuard
{
    /// <summary>Whoever reads everybody's or has their own: auditors read everybody's without having any.</summary>
    /// <exception cref="ForbiddenException">Neither permission is there.</exception>
    public static async ValueTask<Caller> RequireDocuments(this Guard guard, CancellationToken cancel) =>
        await guard.Require(await guard.Allows(DocumentsPermissions.Read, cancel) ? DocumentsPermissions.Read : DocumentsPermissions.Own, cancel);
}
