namespace BlazorAdmin.Features.Users;

/// <summary>Texts of the Users and Roles tabs.</summary>
public sealed class UsersTexts;
