namespace BlazorAdmin.Features.Account;

/// <summary>Texts of the sign-in, set-up and account pages.</summary>
public sealed class AccountTexts;
