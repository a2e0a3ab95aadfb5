using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Directories;

/// <summary>Somebody as the directory or a trusted proxy describes them.</summary>
/// <param name="Key">What never changes about them and is never given to another.</param>
/// <param name="Entry">Distinguished name; null from a proxy.</param>
/// <param name="Name">For people to read; may be empty.</param>
/// <param name="Mail">Null: there is none that can be used.</param>
/// <param name="Groups">Null: nothing is known about groups, so roles stay as they are.</param>
/// <param name="Closed">The directory has closed the account.</param>
public sealed record ExternalPerson(string Key, string? Entry, string Name, string? Mail, IReadOnlyList<string>? Groups, bool Closed = false);

/// <summary>Who vouches for people; also the provider in the table of linked sign-ins.</summary>
public static class ExternalSource
{
    public const string Directory = "directory";
    public const string Proxy = "proxy";

    /// <summary>True if somebody else signs the person in: their account gets no password of the portal.</summary>
    public static Task<bool> VouchesForAsync(AppDbContext db, Guid userId, CancellationToken cancellation) => db.UserLogins.AnyAsync(l => l.UserId == userId, cancellation);

    /// <summary>The name under which wrong passwords of the directory's person with this id are counted; no normalised name is written so.</summary>
    internal static string CountedAs(string key) => $"id:{key}";
}
