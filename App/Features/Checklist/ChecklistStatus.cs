using System.Collections.Concurrent;

namespace BlazorAdmin.Features.Checklist;

/// <summary>Whether anything was open when somebody last looked: says without asking the database if the card is wanted.</summary>
public sealed class ChecklistStatus
{
    private readonly ConcurrentDictionary<Guid, bool> _open = new();

    /// <summary>True as long as nobody has looked.</summary>
    public bool IsAnythingOpen => _open.IsEmpty || _open.Values.Any(open => open);

    internal void Set(Guid tenantId, bool isAnythingOpen) => _open[tenantId] = isAnythingOpen;
}
