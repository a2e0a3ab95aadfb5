using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Searching;

namespace BlazorAdmin.Features.Mail;

/// <summary>
/// Sends one mail. Tried for about a day, as RFC 5321 (4.5.4.1) asks of a sender at least; how many leave in a minute is the type's
/// rule, which operators change on the Jobs tab and which holds on all nodes together.
/// </summary>
[JobType(Name, Queue = "mail", MaxAttempts = 12, MaxConcurrency = 4, StartsPerMinute = 60, ByHand = false, Upkeep = true, Retry = "table 30s 1m 5m 15m 30m 1h 2h 4h 4h 4h 8h")]
public sealed record SendMail([property: Searchable] Guid MessageId)
{
    public const string Name = "mail.send";
}
