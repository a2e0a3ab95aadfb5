using System.ComponentModel.DataAnnotations;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories.Ldap;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Directories;

/// <summary>Section <c>Directory</c>: the organisation's directory (LDAP, Active Directory), whose people sign in with their password there.</summary>
public sealed class DirectoryOptions : IValidatableObject
{
    public const string Section = "Directory";

    public bool Enabled { get; set; }

    /// <summary>Addresses with blanks between, tried in this order: <c>ldaps://dc1.example.org ldap://dc2.example.org</c>.</summary>
    [MaxLength(1000)]
    public string? Servers { get; set; }

    /// <summary>Whether a connection to an <c>ldap://</c> address becomes TLS before anything is said. Without TLS only this machine is called.</summary>
    public bool StartTls { get; set; } = true;

    /// <summary>PEM file with the certificates of the organisation's own authority; null: those that the system trusts.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>Distinguished name of the account with which the portal searches; null: as nobody in particular.</summary>
    [MaxLength(400)]
    public string? BindDn { get; set; }

    [Secret, SentTo(nameof(Servers), nameof(StartTls), nameof(AuthorityFile), nameof(BindDn)), MaxLength(500)]
    public string? BindPassword { get; set; }

    /// <summary>Below which entry people and groups are searched.</summary>
    [MaxLength(400)]
    public string? BaseDn { get; set; }

    /// <summary>Finds one person; <c>{login}</c> is what they typed. The sync puts <c>*</c> there and finds all.</summary>
    [Required, MaxLength(1000)]
    public string UserFilter { get; set; } = "(&(objectClass=person)(|(uid={login})(sAMAccountName={login})(userPrincipalName={login})(mail={login})))";

    /// <summary>The attribute that never changes and is never given to another; null: entryUUID or objectGUID.</summary>
    [MaxLength(100)]
    public string? IdAttribute { get; set; }

    [Required, MaxLength(100)]
    public string MailAttribute { get; set; } = "mail";

    /// <summary>If an entry has none, its <c>cn</c> is taken.</summary>
    [Required, MaxLength(100)]
    public string NameAttribute { get; set; } = "displayName";

    /// <summary>The attribute of a person that names their groups; null: it is not read.</summary>
    [MaxLength(100)]
    public string? MemberOfAttribute { get; set; } = "memberOf";

    /// <summary>Finds the groups of <c>{dn}</c>; null: they are not searched. AD finds nested ones with <c>(member:1.2.840.113556.1.4.1941:={dn})</c>.</summary>
    [MaxLength(1000)]
    public string? GroupFilter { get; set; }

    /// <summary>Whether groups of groups count; they are searched with <see cref="GroupFilter"/>.</summary>
    public bool NestedGroups { get; set; }

    /// <summary>Which group brings which role: <c>cn=operators,ou=groups,dc=example,dc=org => Operator</c>, or the group's cn alone before the arrow.</summary>
    [NamesRoles(After = RoleMap.Arrow)]
    public string[] GroupRoles { get; set; } = [];

    /// <summary>Whether somebody whom the portal does not know gets an account at their first sign-in.</summary>
    public bool CreateAccounts { get; set; } = true;

    /// <summary>The sync closes no account if more than this share of them (in percent) would go: that looks like a wrong filter.</summary>
    [Range(1, 100)]
    public int BrakePercent { get; set; } = 20;

    /// <summary>Entries in one answer of the directory.</summary>
    [Range(10, 1000)]
    public int PageSize { get; set; } = 500;

    /// <summary>Longest wait for the name to resolve and for the connection, in seconds each.</summary>
    [Range(1, 60)]
    public int ConnectSeconds { get; set; } = 5;

    /// <summary>Longest wait for one answer, in seconds.</summary>
    [Range(1, 300)]
    public int AnswerSeconds { get; set; } = 10;

    public bool IsConfigured => Enabled && ServerList.Count > 0 && BaseDn is { Length: > 0 };

    internal IReadOnlyList<LdapServer> ServerList => [.. Words(Servers).Select(LdapServer.Parse).OfType<LdapServer>()];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Enabled && Words(Servers).Length == 0) yield return Wrong(nameof(Servers), "Name a server, for instance ldaps://dc1.example.org.");
        if (Enabled && string.IsNullOrWhiteSpace(BaseDn)) yield return Wrong(nameof(BaseDn), "Name the entry below which people are, for instance dc=example,dc=org.");
        foreach (var word in Words(Servers))
        {
            if (LdapServer.Parse(word) is not { } server) yield return Wrong(nameof(Servers), $"{word} is no address of a directory. Write ldaps://dc1.example.org or ldap://dc1.example.org:389, with blanks between several.");
            else if (!server.Tls && !StartTls && !server.IsThisMachine) yield return Wrong(nameof(StartTls), "Passwords cross the network: write ldaps://, or turn Directory:StartTls on. Only a directory on this machine is called without TLS.");
        }

        if (AuthorityFile is { Length: > 0 } file && !File.Exists(file)) yield return Wrong(nameof(AuthorityFile), "There is no such file; write the full path of a PEM file.");
        if (!UserFilter.Contains("{login}", StringComparison.OrdinalIgnoreCase)) yield return Wrong(nameof(UserFilter), "Put {login} where the typed name belongs, for instance (uid={login}).");
        else if (LdapFilter.Problem(LdapFilter.Fill(UserFilter, ("login", "x"))) is { } problem) yield return Wrong(nameof(UserFilter), problem);
        if (GroupFilter is { Length: > 0 } groups)
        {
            if (!groups.Contains("{dn}", StringComparison.OrdinalIgnoreCase)) yield return Wrong(nameof(GroupFilter), "Put {dn} where the person's entry belongs, for instance (member={dn}).");
            else if (LdapFilter.Problem(LdapFilter.Fill(groups, ("dn", "x"))) is { } wrong) yield return Wrong(nameof(GroupFilter), wrong);
        }
        else if (NestedGroups) yield return Wrong(nameof(NestedGroups), "Groups of groups are searched: set Directory:GroupFilter, for instance (member={dn}).");

        for (var i = 0; i < GroupRoles.Length; i++)
            if (!RoleMap.CanRead(GroupRoles[i])) yield return Wrong($"{nameof(GroupRoles)}:{i}", "Write group => role, for instance cn=operators,dc=example,dc=org => Operator.");
    }

    private static string[] Words(string? text) => (text ?? "").Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static ValidationResult Wrong(string member, string text) => new(text, [member]);
}
