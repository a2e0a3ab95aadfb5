using System.Globalization;

namespace BlazorAdmin.Data.Embedded;

/// <summary>
/// The account under which the server's programs run. PostgreSQL refuses root: root then appears as another user inside a
/// user namespace (files stay root's), or, where namespaces are forbidden as in many containers, becomes another user by setpriv.
/// </summary>
internal sealed class ServerAccount
{
    private readonly string[] _prefix;

    private ServerAccount(string[] prefix, int? owner = null, int? group = null)
    {
        _prefix = prefix;
        Owner = owner;
        Group = group;
    }

    /// <summary>Who must own the cluster's files; null when it is whoever runs the portal.</summary>
    public int? Owner { get; }

    public int? Group { get; }

    /// <summary>True when the server's account has fewer rights to files than the portal's.</summary>
    public bool IsOtherUser => Owner is > 0;

    public string[] Command(params IEnumerable<string> command) => [.. _prefix, .. command];

    public static async Task<ServerAccount> ResolveAsync(CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new ServerAccount([]);
        if (!OperatingSystem.IsLinux())
            throw new EmbeddedPostgresException("The embedded PostgreSQL does not run as root. Start the portal as an ordinary user, or set ConnectionStrings__Postgres.");

        return await InNamespaceAsync(cancellation)
            ?? await AsOtherUserAsync(cancellation)
            ?? throw new EmbeddedPostgresException("PostgreSQL refuses to run as root, and neither unshare (user namespaces) nor setpriv works here. Start the portal as an ordinary user, or set ConnectionStrings__Postgres.");
    }

    internal static async Task<ServerAccount?> InNamespaceAsync(CancellationToken cancellation)
    {
        // initdb looks its user up by number, so the number must be one that the machine knows.
        var (user, _) = KnownUser();
        string[] prefix = ["unshare", "--user", $"--map-user={user}", $"--map-group={user}"];
        return (await ToolProcess.RunAsync([.. prefix, "true"], cancellation)).Succeeded ? new ServerAccount(prefix, owner: 0, group: 0) : null;
    }

    internal static async Task<ServerAccount?> AsOtherUserAsync(CancellationToken cancellation)
    {
        var (user, group) = KnownUser();
        string[] prefix = ["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups"];
        return (await ToolProcess.RunAsync([.. prefix, "true"], cancellation)).Succeeded ? new ServerAccount(prefix, user, group) : null;
    }

    /// <summary>Gives a folder and all in it to the server's account, when it belongs to another one.</summary>
    public async Task TakeOverAsync(string folder, ILogger logger, CancellationToken cancellation)
    {
        if (Owner is not { } owner)
            return;
        var current = await ToolProcess.RunAsync(["stat", "-c", "%u", folder], cancellation);
        if (current.Output == owner.ToString(CultureInfo.InvariantCulture))
            return;
        logger.ChangingOwner(folder, owner);
        var change = await ToolProcess.RunAsync(["chown", "-R", "-h", $"{owner}:{Group}", folder], cancellation);
        if (!change.Succeeded)
            throw new EmbeddedPostgresException($"Cannot give {folder} to the account that runs PostgreSQL: {change.LastLine}");
    }

    /// <summary>Lets the server's account pass through the data directory, and nobody else.</summary>
    public async Task AllowPassageAsync(string dataDirectory, CancellationToken cancellation)
    {
        if (!IsOtherUser || OperatingSystem.IsWindows())
            return;
        if ((await ToolProcess.RunAsync(Command("test", "-x", dataDirectory), cancellation)).Succeeded)
            return;
        if ((await ToolProcess.RunAsync(["chgrp", $"{Group}", dataDirectory], cancellation)).Succeeded)
            File.SetUnixFileMode(dataDirectory, File.GetUnixFileMode(dataDirectory) | UnixFileMode.GroupExecute);
        if (!(await ToolProcess.RunAsync(Command("test", "-x", dataDirectory), cancellation)).Succeeded)
            throw new EmbeddedPostgresException($"PostgreSQL cannot run as root here, and user {Owner} cannot enter {dataDirectory}. Choose a DataDirectory whose parent folders everybody may pass, for example below /var/lib, or set ConnectionStrings__Postgres.");
    }

    private static (int User, int Group) KnownUser()
    {
        var entries = File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(parts => parts.Length > 3)
            .Select(parts => (Name: parts[0], User: int.Parse(parts[2], CultureInfo.InvariantCulture), Group: int.Parse(parts[3], CultureInfo.InvariantCulture)))
            .Where(entry => entry.User > 0)
            .ToArray();
        foreach (var name in new[] { "postgres", "nobody" })
            if (entries.FirstOrDefault(entry => entry.Name == name) is { Name: not null } known)
                return (known.User, known.Group);
        return entries.Length > 0
            ? (entries[^1].User, entries[^1].Group)
            : throw new EmbeddedPostgresException("PostgreSQL refuses to run as root, and /etc/passwd knows no other user. Create one, or set ConnectionStrings__Postgres.");
    }
}
