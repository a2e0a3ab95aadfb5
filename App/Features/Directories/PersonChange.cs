namespace BlazorAdmin.Features.Directories;

/// <summary>An account that a directory or proxy vouches for, as it is.</summary>
/// <param name="Closed">Nobody can sign in to it.</param>
/// <param name="GoneAt">Since when the directory does not have the person; always null for a proxy, which opens nothing that the directory closed.</param>
/// <param name="Given">Those of <paramref name="Roles"/> that the same source gave.</param>
/// <param name="Kept">Roles that another source gave too.</param>
internal sealed record LinkedAccount(Guid Id, string Key, string Name, string Mail, string? Entry, bool Closed, DateTimeOffset? GoneAt, IReadOnlyList<Guid> Roles, IReadOnlyList<Guid> Given, IReadOnlyList<Guid> Kept);

/// <summary>What the source's description of a person would change in their account.</summary>
/// <param name="Name">The new name; null: it stays.</param>
/// <param name="Mail">The new address; null: it stays.</param>
/// <param name="Entry">The new distinguished name; null: it stays.</param>
/// <param name="Give">Roles that the person does not hold yet.</param>
/// <param name="Note">Roles to note as given by the source, held already or not.</param>
/// <param name="Forget">Roles that the source gave and does not give any more.</param>
/// <param name="Take">Those of <paramref name="Forget"/> that the person loses.</param>
/// <param name="Close">The person is gone from the source.</param>
/// <param name="Reopen">The person is back.</param>
internal sealed record PersonChange(
    LinkedAccount Account, string? Name, string? Mail, string? Entry, IReadOnlyList<Guid> Give, IReadOnlyList<Guid> Note, IReadOnlyList<Guid> Forget, IReadOnlyList<Guid> Take, bool Close, bool Reopen)
{
    public bool IsEmpty => Name is null && Mail is null && Entry is null && Give.Count + Note.Count + Forget.Count == 0 && !Close && !Reopen;

    /// <summary>Compares an account with what its source says; null for <paramref name="person"/>: the source does not have them.</summary>
    /// <param name="wanted">Ids of the roles that the person's groups bring; null: nothing is known about groups.</param>
    /// <param name="source">Who says so: only the directory, which closes accounts, opens them again.</param>
    public static PersonChange Between(LinkedAccount account, ExternalPerson? person, IReadOnlyCollection<Guid>? wanted, string source)
    {
        if (person is null or { Closed: true })
        {
            // Somebody whom an administrator opened again although they are gone stays open.
            return new PersonChange(account, null, null, null, [], [], [], [], Close: account is { Closed: false, GoneAt: null }, Reopen: false);
        }

        var give = wanted?.Except(account.Roles).ToList() ?? [];
        var forget = wanted is null ? [] : account.Given.Except(wanted).ToList();
        return new PersonChange(
            account,
            person.Name.Length > 0 && person.Name != account.Name ? person.Name : null,
            person.Mail is { } mail && !IsName(person, mail, source) && !mail.Equals(account.Mail, StringComparison.OrdinalIgnoreCase) ? mail : null,
            person.Entry is { } entry && entry != account.Entry ? entry : null,
            give,
            [.. give.Except(account.Given)],
            forget,
            [.. forget.Intersect(account.Roles).Except(account.Kept)],
            Close: false,
            Reopen: source == ExternalSource.Directory && account.GoneAt is not null);
    }

    // A proxy that sends no address of its own: its name may look like one, and says nothing about the account's.
    private static bool IsName(ExternalPerson person, string mail, string source) => source == ExternalSource.Proxy && mail.Equals(person.Key, StringComparison.OrdinalIgnoreCase);
}
