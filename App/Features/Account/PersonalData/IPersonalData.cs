using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <summary>
/// One slice's part of what the portal holds about people: it says what there is, gives it out, and forgets it. A convention test
/// demands that every column that leads to a person belongs to one, or stands in a list with the reason.
/// </summary>
public interface IPersonalData
{
    /// <summary>Name of the file in an export, and with <c>Part.</c> before it the key of the part's title in <see cref="AccountTexts"/>.</summary>
    string Name { get; }

    /// <summary>The entities that it answers for.</summary>
    IReadOnlyCollection<Type> Entities { get; }

    /// <summary>Parts are forgotten in this order; the account itself is 1,000.</summary>
    int Order => 0;

    /// <summary>True if somebody else can take over what there is; else it is deleted, or stays without the person.</summary>
    bool CanHandOver => false;

    /// <summary>How many things of the person's own there are, for whoever decides what becomes of them.</summary>
    Task<int> CountAsync(AppDbContext db, Guid userId, CancellationToken cancellation);

    /// <summary>Writes everything about the person.</summary>
    Task ExportAsync(AppDbContext db, Guid userId, PersonalArchive archive, CancellationToken cancellation);

    /// <summary>Forgets the person, or hands over. Runs in a transaction of its own and may run again after a crash.</summary>
    Task EraseAsync(AppDbContext db, PersonalErasure erasure, CancellationToken cancellation);
}

/// <param name="Caller">Who ordered it.</param>
/// <param name="HeirId">Who takes over what this part has; null: it is deleted.</param>
public sealed record PersonalErasure(Caller Caller, Guid UserId, Guid? HeirId, DateTimeOffset Now);
