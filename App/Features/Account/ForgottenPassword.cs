using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Account;

/// <summary>Somebody asked for a link to a new password. Looked up in a job and not in the request, so that neither answer nor time tells whether there is such an account.</summary>
/// <param name="Account">The address that was typed, normalised; it may belong to nobody.</param>
/// <param name="From">From where it was asked for.</param>
[JobType("account.forgotten", Queue = "mail", MaxAttempts = 5, ByHand = false)]
public sealed record ForgottenPassword(string Account, string? From);
