using BlazorAdmin.Features.Directories.Ldap;

namespace BlazorAdmin.Features.Directories;

/// <summary>
/// While the directory does not answer, sign-ins do not wait for it one after the other: for half a minute after a failure nobody asks.
/// </summary>
public sealed class DirectoryOutage(TimeProvider time)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private (DateTimeOffset At, LdapFault Why)? _failure;

    public bool IsDown => Failure is { } failure && time.GetUtcNow() - failure.At < Rest;

    /// <summary>The last failure of a sign-in, until one succeeds again.</summary>
    public (DateTimeOffset At, LdapFault Why)? Failure
    {
        get
        {
            lock (_lock) return _failure;
        }
    }

    public void Failed(LdapFault why)
    {
        lock (_lock) _failure = (time.GetUtcNow(), why);
    }

    public void Answered()
    {
        lock (_lock) _failure = null;
    }
}
