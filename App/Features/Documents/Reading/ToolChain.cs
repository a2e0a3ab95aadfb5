using System.Globalization;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>
/// Builds the command line in front of a tool: own session, low priority, limits, namespaces.
/// What is missing on the machine is left out; <see cref="Level"/> says what is in force.
/// </summary>
public sealed class ToolChain
{
    private static readonly string[] ProgramFolders = ["/usr/bin", "/usr/local/bin", "/bin", "/usr/sbin", "/sbin"];
    private static readonly string[] Namespaces = ["--user", "--map-current-user", "--net", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc", "--"];
    private readonly string? _session = Find("setsid");
    private readonly string? _priority = Find("nice");
    private readonly string? _limits = Find("prlimit");
    private readonly string? _unshare = Find("unshare");
    private readonly string? _sandbox = Find("bwrap");

    private ToolChain(IsolationLevel level) => Level = level;

    public IsolationLevel Level { get; private init; }

    /// <summary>Whether memory, processor and file limits are in force.</summary>
    public bool HasLimits => _limits is not null;

    /// <summary>The tool is started alone as the leader of its session, so that its group can be ended as one.</summary>
    public bool HasSession => _session is not null;

    /// <summary>Absolute path of a program in the system's folders, or null.</summary>
    public static string? Find(string program) => Path.IsPathRooted(program)
        ? (File.Exists(program) ? program : null)
        : ProgramFolders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>A chain at a level that is not tried first: for tests and for machines where the owner wants less.</summary>
    public static ToolChain At(IsolationLevel level) => new(level);

    /// <summary>Tries the levels from the strictest down, each with a real run of a trivial program.</summary>
    public static async Task<ToolChain> Detect(Func<ToolChain, Task<bool>> works)
    {
        foreach (var level in new[] { IsolationLevel.Sandbox, IsolationLevel.Namespaces })
        {
            var chain = new ToolChain(level);
            var present = level == IsolationLevel.Sandbox ? chain._sandbox : chain._unshare;
            if (present is not null && await works(chain)) return chain;
        }
        return new ToolChain(IsolationLevel.None);
    }

    /// <summary>Program and arguments to start for <paramref name="command"/>.</summary>
    public IReadOnlyList<string> Build(ToolCommand command, string program)
    {
        var line = new List<string>();
        if (_session is not null) line.Add(_session);
        if (_priority is not null) line.AddRange([_priority, "-n", "10"]);
        if (_limits is not null) AddLimits(line, command.Limits);
        if (Level == IsolationLevel.Sandbox) AddSandbox(line, command);
        else if (Level == IsolationLevel.Namespaces) line.AddRange([_unshare!, .. Namespaces]);
        line.Add(program);
        line.AddRange(command.Arguments);
        return line;
    }

    private void AddLimits(List<string> line, ToolLimits limits)
    {
        var seconds = (long)Math.Ceiling(limits.Processor.TotalSeconds);
        line.Add(_limits!);
        line.Add(string.Create(CultureInfo.InvariantCulture, $"--as={limits.MemoryBytes}"));
        line.Add(string.Create(CultureInfo.InvariantCulture, $"--cpu={seconds}:{seconds + 2}"));
        line.Add(string.Create(CultureInfo.InvariantCulture, $"--fsize={limits.FileBytes}"));
        line.AddRange(["--core=0", "--nofile=256", "--"]);
    }

    private void AddSandbox(List<string> line, ToolCommand command)
    {
        line.AddRange([_sandbox!, "--unshare-all", "--ro-bind", "/usr", "/usr"]);
        foreach (var folder in new[] { "/bin", "/lib", "/lib64", "/sbin" })
        {
            // Merged-/usr systems have links here; bubblewrap must recreate them as links.
            if (new DirectoryInfo(folder) is { LinkTarget: { } target }) line.AddRange(["--symlink", target, folder]);
            else line.AddRange(["--ro-bind-try", folder, folder]);
        }
        foreach (var path in new[] { "/etc/fonts", "/etc/libreoffice", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/var/cache/fontconfig", "/opt" })
            line.AddRange(["--ro-bind-try", path, path]);
        line.AddRange(["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]);
        foreach (var path in command.Reads) line.AddRange(["--ro-bind", path, path]);
        line.AddRange(["--bind", command.Folder.Path, command.Folder.Path, "--chdir", command.Folder.Path, "--"]);
    }
}
