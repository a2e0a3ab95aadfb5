using System.Text.Json.Serialization;

namespace BlazorAdmin.Features.Directories.Ldap;

/// <summary>The steps of a conversation with a directory, in their order.</summary>
public enum LdapStage
{
    Resolve,
    Connect,
    Encrypt,
    SignIn,
    Search,
    Person,
}

/// <summary>How far a step came.</summary>
/// <param name="Server">The server that is asked.</param>
/// <param name="Took">Null while it runs.</param>
/// <param name="Answer">What was found out.</param>
/// <param name="Failure">Null unless it failed.</param>
public sealed record LdapStep(LdapStage Stage, string Server, TimeSpan? Took = null, string? Answer = null, LdapException? Failure = null);

/// <summary>Why a directory did not do what was asked.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LdapFault>))]
public enum LdapFault
{
    /// <summary>The name does not resolve.</summary>
    UnknownHost,

    /// <summary>The address is one that no directory lives at: link-local (a cloud's metadata service), unspecified, multicast.</summary>
    AddressNotAllowed,

    /// <summary>Nobody takes the connection.</summary>
    Unreachable,

    /// <summary>No answer within the time that the settings allow.</summary>
    NoAnswer,

    /// <summary>The connection ended in the middle.</summary>
    Dropped,

    /// <summary>What answers does not speak LDAP.</summary>
    NotLdap,

    /// <summary>STARTTLS is wanted and not offered.</summary>
    NoTls,

    /// <summary>The certificate is not trusted, or of another name.</summary>
    Certificate,

    /// <summary>TLS did not come about for another reason.</summary>
    TlsFailed,

    /// <summary>The portal's own account was refused.</summary>
    SignInRefused,

    /// <summary>The directory said no, with a code.</summary>
    Refused,

    /// <summary>The directory gave only a part of what was asked for: nothing may be concluded from what is missing.</summary>
    Incomplete,

    /// <summary>A filter of the settings cannot be read.</summary>
    BadFilter,

    /// <summary>Several entries fit one sign-in name.</summary>
    Ambiguous,
}

/// <summary>A step failed. The message is for people.</summary>
/// <param name="code">The directory's result code (RFC 4511, appendix A), if it said one.</param>
/// <param name="detail">Its words, or what the system said.</param>
public sealed class LdapException(LdapStage stage, LdapFault fault, string message, int? code = null, string? detail = null, Exception? inner = null) : Exception(message, inner)
{
    private const int Busy = 51;
    private const int Unavailable = 52;

    public LdapStage Stage => stage;

    public LdapFault Fault => fault;

    public int? Code => code;

    public string? Detail => detail;

    /// <summary>
    /// Another server, or the same one later, may do better. Nothing else counts: whoever can bring an answer about by the name that they
    /// type would otherwise close the directory to everybody.
    /// </summary>
    public bool IsOutage => stage < LdapStage.Search || fault is LdapFault.Unreachable or LdapFault.NoAnswer or LdapFault.Dropped || code is Busy or Unavailable;
}
