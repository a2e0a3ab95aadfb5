namespace BlazorAdmin.Features.Flags;

/// <summary>A flag was made, changed or deleted, or who was given what is newly written; null: several.</summary>
/// <param name="OnlyUse">Only figures of use are new: nobody is given anything else than before.</param>
public sealed record FlagsChanged(Guid? Id, bool OnlyUse = false);

/// <summary>
/// What this node evaluates is new: it has read changed flags, or a time window began or ended. Only ever published here,
/// after the new state is in force, so that whoever asks again gets it.
/// </summary>
public sealed record FlagsRenewed(long Number);
