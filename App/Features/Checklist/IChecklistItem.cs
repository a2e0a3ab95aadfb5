using BlazorAdmin.Shell;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorAdmin.Features.Checklist;

/// <summary>
/// A point of the first-run checklist, from the slice that knows it. Measures live what there is; a point that nobody can
/// measure may be confirmed by a person instead. Register it with <see cref="ChecklistItems.ChecklistItem{TItem}"/>.
/// </summary>
public interface IChecklistItem
{
    /// <summary>Stable, at most 60 letters, for instance <c>recovery-key</c>: marks of people refer to it.</summary>
    string Key { get; }

    /// <summary>Place in the list; what matters most comes first.</summary>
    int Order { get; }

    /// <summary>Marker class of the texts, which have <see cref="TitleKey"/> and the keys of the findings.</summary>
    Type Texts { get; }

    string TitleKey { get; }

    /// <summary>Must end within seconds; what it throws is logged and shown as not known.</summary>
    Task<ChecklistFinding> MeasureAsync(ChecklistLook look, CancellationToken cancellation);
}

/// <summary>For whom, and from where, a point is measured.</summary>
/// <param name="Address">Of the page that asks; null where no page does.</param>
/// <param name="ConfirmedAt">When somebody confirmed the point; null if nobody has.</param>
public sealed record ChecklistLook(Guid TenantId, Uri? Address, DateTimeOffset? ConfirmedAt);

public enum ChecklistState
{
    /// <summary>Somebody should do something.</summary>
    Open,
    Done,

    /// <summary>It cannot be told at the moment; the words say why.</summary>
    Unknown,
}

/// <summary>How a point stands.</summary>
/// <param name="TextKey">What is found and, where something is to be done, what.</param>
/// <param name="Arguments">A <see cref="DateTimeOffset"/> is written in the person's words and zone.</param>
public sealed record ChecklistFinding(ChecklistState State, string TextKey, params object[] Arguments)
{
    /// <summary>Where it is done; null if there is no page for it.</summary>
    public string? Link { get; init; }

    /// <summary>A person may say that it is done.</summary>
    public bool CanBeConfirmed { get; init; }
}

public static class ChecklistItems
{
    /// <summary>Adds a point; one instance serves the whole process.</summary>
    public static Portal ChecklistItem<TItem>(this Portal portal) where TItem : class, IChecklistItem
    {
        portal.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IChecklistItem, TItem>());
        return portal;
    }
}
