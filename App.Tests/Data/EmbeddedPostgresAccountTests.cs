using BlazorAdmin.Data.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using static BlazorAdmin.Tests.Data.EmbeddedPostgresTests;

namespace BlazorAdmin.Tests.Data;

public sealed class EmbeddedPostgresAccountTests : IDisposable
{
    private static readonly string[] AsNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    private readonly TestFolder _folder = new();
    private readonly RecordingLogger _logger = new();

    public void Dispose() => _folder.Dispose();

    [RootFact]
    public async Task StartAsync_OrdinaryUser_RunsAsThatUser()
    {
        await ToolProcess.RunAsync(["chown", "65534:65534", _folder.Path]);

        using var owner = await PostgresOwner.StartAsync(_folder.Path, AsNobody);

        owner.Answer.ShouldStartWith("ready");
        (await ToolProcess.RunAsync(["stat", "-c", "%u", $"/proc/{owner.ServerProcessId}"])).Output.ShouldBe("65534");
        (await ReadAsync(owner.ConnectionString, "SELECT 'alive'")).ShouldBe("alive");
        await owner.StopAsync();
        ProcessExists(owner.ServerProcessId).ShouldBeFalse();
    }

    [RootFact]
    public async Task StartAsync_OrdinaryUserOnRootsDirectory_RefusesWithOneLine()
    {
        await (await StartAsync(_folder.Path, _logger)).DisposeAsync();

        using var owner = await PostgresOwner.StartAsync(_folder.Path, AsNobody);

        owner.Answer.ShouldStartWith($"refused The embedded PostgreSQL cannot use {_folder.Path}:");
    }

    [RootFact]
    public async Task Account_WithoutNamespaces_RunsServerAsOtherUser()
    {
        // What a container without user namespaces leaves: another user, who must own the cluster and reach the programs.
        var account = (await ServerAccount.AsOtherUserAsync(CancellationToken.None))!;
        var source = PostgresBinaries.Locate(Repository.Root);

        await using (var server = await EmbeddedPostgres.StartAsync(Options(source), _logger, account))
        {
            (await ReadAsync(server, "CREATE TABLE kept AS SELECT 42 AS value")).ShouldBeNull();
            (await ToolProcess.RunAsync(["stat", "-c", "%u", $"/proc/{server.ServerProcessId}"])).Output.ShouldBe($"{account.Owner}");
        }

        // And back again, where namespaces are allowed.
        await using var again = await StartAsync(_folder.Path, _logger);
        (await ReadAsync(again, "SELECT value::text FROM kept")).ShouldBe("42");
    }

    [RootFact]
    public async Task Binaries_ReadOnlyAndWithoutLinks_AreCopied()
    {
        var package = _folder[Path.Combine("install", PostgresBinaries.Platform)];
        Directory.CreateDirectory(Path.GetDirectoryName(package)!);
        (await ToolProcess.RunAsync(["cp", "-R", Path.GetDirectoryName(PostgresBinaries.Locate(Repository.Root))!, package])).Succeeded.ShouldBeTrue();
        (await ToolProcess.RunAsync(["find", package, "-type", "l", "-delete"])).Succeeded.ShouldBeTrue();
        (await ToolProcess.RunAsync(["chmod", "-R", "a-x,a+rX", Path.Combine(package, "native", "bin")])).Succeeded.ShouldBeTrue();
        (await ToolProcess.RunAsync(["chmod", "a-x", .. Directory.GetFiles(Path.Combine(package, "native", "bin"))])).Succeeded.ShouldBeTrue();
        Directory.CreateDirectory(_folder["data"]);
        await ToolProcess.RunAsync(["chown", "65534:65534", _folder["data"]]);
        await ToolProcess.RunAsync(["chmod", "755", _folder.Path]);

        using var owner = await PostgresOwner.StartAsync(_folder["data"], AsNobody, binaries: Path.Combine(package, "native"));

        owner.Answer.ShouldStartWith("ready");
        File.Exists(Path.Combine(_folder["data"], "postgres-bin", "native", "lib", "libpq.so.5")).ShouldBeTrue();
        (await ReadAsync(owner.ConnectionString, "SELECT 'alive'")).ShouldBe("alive");
        await owner.StopAsync();
    }

    [PostgresFact]
    public async Task Binaries_LinksAndRunPermissionsLost_AreRestoredInPlace()
    {
        var package = _folder[PostgresBinaries.Platform];
        (await ToolProcess.RunAsync(["cp", "-R", Path.GetDirectoryName(PostgresBinaries.Locate(Repository.Root))!, package])).Succeeded.ShouldBeTrue();
        (await ToolProcess.RunAsync(["find", package, "-type", "l", "-delete"])).Succeeded.ShouldBeTrue();
        var native = Path.Combine(package, "native");
        File.SetUnixFileMode(PostgresBinaries.Program(native, "postgres"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var account = await ServerAccount.ResolveAsync(CancellationToken.None);

        var used = await PostgresBinaries.PrepareAsync(native, _folder["data"], account, NullLogger.Instance, CancellationToken.None);

        used.ShouldBe(native);
        File.Exists(Path.Combine(native, "lib", "libpq.so.5")).ShouldBeTrue();
        File.GetUnixFileMode(PostgresBinaries.Program(native, "postgres")).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
    }

    [PostgresFact]
    public void Locate_NoPackage_NamesBothPlacesAndTheRemedy()
    {
        var missing = Should.Throw<EmbeddedPostgresException>(() => PostgresBinaries.Locate(_folder.Path));

        missing.Message.ShouldContain(Path.Combine(_folder.Path, "node_modules"));
        missing.Message.ShouldContain("npm ci");
    }

    private EmbeddedPostgresOptions Options(string binaries) =>
        new() { DataDirectory = _folder.Path, BinariesDirectory = binaries, FastButUnsafe = true };
}
