using System.Runtime.CompilerServices;
using System.Text;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Directories.Ldap;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Directories;

/// <summary>Asks the configured directory about people. It changes nothing there.</summary>
public sealed class DirectoryClient(IOptionsMonitor<DirectoryOptions> options, TimeProvider time)
{
    private const int DeepestGroups = 10;
    private const int MostGroups = 1000;
    private const int AccountDisabled = 2; // userAccountControl of Active Directory

    private static readonly string[] GuidAttributes = ["entryUUID", "objectGUID"];
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    // The first server that answered is asked first until it does not.
    private volatile string? _good;

    public DirectoryOptions Settings => options.CurrentValue;

    /// <summary>A connection, signed in with the portal's own account, to the first server that gives one.</summary>
    /// <exception cref="LdapException">None does; the exception is that of the last.</exception>
    public async Task<LdapConversation> OpenAsync(Action<LdapStep>? told, CancellationToken cancellation)
    {
        var settings = options.CurrentValue;
        var servers = settings.ServerList.OrderByDescending(s => s.ToString() == _good).ToList();
        if (!settings.IsConfigured) throw new LdapException(LdapStage.Resolve, LdapFault.UnknownHost, "No directory is configured: set Directory:Enabled, Directory:Servers and Directory:BaseDn.");
        for (var i = 0; ; i++)
        {
            var conversation = new LdapConversation(servers[i], settings, time, told);
            try
            {
                await conversation.OpenAsync(cancellation);
                await conversation.SignInAsync(cancellation);
                _good = servers[i].ToString();
                return conversation;
            }
            catch (Exception exception)
            {
                await conversation.DisposeAsync();
                if (exception is not LdapException || i == servers.Count - 1) throw;
            }
        }
    }

    /// <summary>The person who signs in as <paramref name="login"/>, with their groups; null if there is none.</summary>
    /// <exception cref="LdapException">The directory does not say, or several fit.</exception>
    public async Task<ExternalPerson?> FindAsync(LdapConversation conversation, string login, CancellationToken cancellation) =>
        await FindEntryAsync(conversation, login, cancellation) is { } found ? await WithGroupsAsync(conversation, found, cancellation) : null;

    /// <summary>The same without the groups, which nobody need wait for before the password is checked.</summary>
    /// <exception cref="LdapException">The directory does not say, or several fit.</exception>
    public async Task<(ExternalPerson Person, LdapEntry Entry)?> FindEntryAsync(LdapConversation conversation, string login, CancellationToken cancellation)
    {
        var settings = options.CurrentValue;
        IReadOnlyList<LdapEntry> found;
        try
        {
            found = await conversation.FindAsync(settings.BaseDn!, LdapScope.Subtree, LdapFilter.Fill(settings.UserFilter, ("login", login)), Attributes(settings), 2, cancellation);
        }
        catch (LdapException exception) when (exception.Fault == LdapFault.Incomplete)
        {
            throw new LdapException(LdapStage.Person, LdapFault.Ambiguous, "More than two entries fit this name. Narrow Directory:UserFilter.", exception.Code, inner: exception);
        }

        if (found.Count > 1)
        {
            var names = string.Join("; ", found.Select(e => e.Name));
            throw new LdapException(LdapStage.Person, LdapFault.Ambiguous, $"Several entries fit this name: {names}. Narrow Directory:UserFilter.", detail: names);
        }

        return found is [var entry] && Describe(settings, entry) is { } person ? (person, entry) : null;
    }

    /// <summary>Reads the groups of somebody whom <see cref="FindEntryAsync"/> found.</summary>
    public async Task<ExternalPerson> WithGroupsAsync(LdapConversation conversation, (ExternalPerson Person, LdapEntry Entry) found, CancellationToken cancellation) =>
        found.Person with { Groups = await GroupsAsync(conversation, options.CurrentValue, found.Entry, cancellation) };

    /// <summary>Everybody whom the filter finds, with their groups where <paramref name="withGroups"/> asks for them.</summary>
    /// <exception cref="LdapException">The list is not complete.</exception>
    public async IAsyncEnumerable<ExternalPerson> AllAsync(LdapConversation conversation, Func<ExternalPerson, bool> withGroups, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var settings = options.CurrentValue;
        var filter = settings.UserFilter.Replace("{login}", "*", StringComparison.OrdinalIgnoreCase);
        var kept = new List<(LdapEntry Entry, ExternalPerson Person)>();
        // Groups are asked for after the pages: one connection has one operation at a time.
        await foreach (var entry in conversation.FindAllAsync(settings.BaseDn!, filter, Attributes(settings), cancellation))
            if (Describe(settings, entry) is { } person) kept.Add((entry, person));
        foreach (var (entry, person) in kept)
            yield return withGroups(person) ? person with { Groups = await GroupsAsync(conversation, settings, entry, cancellation) } : person;
    }

    /// <summary>Whether the directory takes the password, asked on a connection of its own.</summary>
    /// <returns>Null if it is right, otherwise what the directory said.</returns>
    /// <exception cref="LdapException">There was no answer.</exception>
    public async Task<string?> CheckPasswordAsync(LdapServer server, string entry, string password, CancellationToken cancellation)
    {
        await using var conversation = new LdapConversation(server, options.CurrentValue, time);
        await conversation.OpenAsync(cancellation);
        return await conversation.BindAsync(LdapStage.Person, entry, password, cancellation);
    }

    private static async Task<IReadOnlyList<string>> GroupsAsync(LdapConversation conversation, DirectoryOptions settings, LdapEntry entry, CancellationToken cancellation)
    {
        var groups = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (settings.MemberOfAttribute is { Length: > 0 } attribute) groups.UnionWith(entry.Texts(attribute));
        if (settings.GroupFilter is not { Length: > 0 } filter) return [.. groups];
        var (waiting, depth) = (new List<string> { entry.Name }, 0);
        if (settings.NestedGroups) waiting.AddRange(groups);
        while (waiting.Count > 0 && depth++ < (settings.NestedGroups ? DeepestGroups : 1))
        {
            var next = new List<string>();
            foreach (var member in waiting)
                foreach (var group in await conversation.FindAsync(settings.BaseDn!, LdapScope.Subtree, LdapFilter.Fill(filter, ("dn", member)), ["cn"], MostGroups, cancellation))
                    if (groups.Add(group.Name)) next.Add(group.Name);
            waiting = next;
        }

        return [.. groups];
    }

    private static string[] Attributes(DirectoryOptions settings) =>
    [
        .. new[] { settings.IdAttribute ?? "entryUUID", settings.IdAttribute ?? "objectGUID", settings.MailAttribute, settings.NameAttribute, "cn", "userAccountControl", settings.MemberOfAttribute }
            .OfType<string>().Where(a => a.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    // An entry without its lasting id cannot be told from a later one with the same name.
    private static ExternalPerson? Describe(DirectoryOptions settings, LdapEntry entry)
    {
        if (KeyOf(settings, entry) is not { Length: <= 200 } key) return null;
        var mail = entry.Text(settings.MailAttribute) is { } address && EmailRule.IsValid(address) ? address : null;
        var closed = int.TryParse(entry.Text("userAccountControl"), System.Globalization.CultureInfo.InvariantCulture, out var control) && (control & AccountDisabled) != 0;
        return new ExternalPerson(key, entry.Name, Cut(entry.Text(settings.NameAttribute) ?? entry.Text("cn") ?? "", 200), mail, null, closed);
    }

    internal static string? KeyOf(DirectoryOptions settings, LdapEntry entry) =>
        settings.IdAttribute is { Length: > 0 } own && !GuidAttributes.Contains(own, StringComparer.OrdinalIgnoreCase)
            ? entry.Bytes(own) is { Length: > 0 } id ? TextOf(id) ?? Convert.ToHexStringLower(id) : null
            : (entry.Text("entryUUID") ?? (entry.Bytes("objectGUID") is { Length: 16 } guid ? new Guid(guid).ToString() : null))?.ToLowerInvariant();

    // Two ids must never become the same text: nothing is replaced, trimmed or put into another case.
    private static string? TextOf(byte[] id)
    {
        try
        {
            return Strict.GetString(id) is var text && text.Any(char.IsControl) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Cut(string text, int length) => text.Length > length ? text[..length] : text;
}
