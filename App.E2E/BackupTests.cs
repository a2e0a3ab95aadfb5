namespace BlazorAdmin.E2E;

/// <summary>Backup and restore with the real program, on the embedded database; no browser.</summary>
public sealed class BackupTests : IDisposable
{
    private const string Passphrase = "five words are long enough";

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Database__Provider"] = "Postgres",
        ["Bootstrap__AdminEmail"] = Portal.AdminEmail,
        ["Bootstrap__AdminPassword"] = Portal.Password,
    };

    private readonly string _data = Places.NewDataDirectory();
    private readonly string _elsewhere = Places.NewDataDirectory();
    private readonly string _archives = Places.NewDataDirectory();

    private string PassphraseFile => Path.Combine(_archives, "passphrase");

    [Fact]
    public async Task BackupAndRestore_BesideAServingPortalAndOntoAnotherMachine_DoWhatTheySay()
    {
        await File.WriteAllTextAsync(PassphraseFile, Passphrase);
        await using (var portal = await PortalProcess.StartAsync(_data, Settings))
        {
            (await RunAsync(_data, "backup", "--to", _archives, "--passphrase-file", PassphraseFile)).ExitCode.ShouldBe(0);
            var check = await RunAsync(_data, "restore", Archive(), "--check");
            (check.ExitCode, check.Output.Contains("every table has the rows of the archive", StringComparison.Ordinal)).ShouldBe((0, true), check.Output);
            var refused = await RunAsync(_data, "restore", Archive(), "--yes");
            refused.ExitCode.ShouldBe(1);
            refused.Output.ShouldContain("Stop every portal on it");
            refused.Output.ShouldNotContain("   at ");
            await portal.StopAsync();
        }

        var other = await RunAsync(_elsewhere, "restore", Archive(), "--yes");
        other.ExitCode.ShouldBe(1);
        other.Output.ShouldContain("--passphrase-file");
        Directory.GetFiles(Path.Combine(_elsewhere, "keys")).ShouldBeEmpty();

        var restored = await RunAsync(_elsewhere, "restore", Archive(), "--yes", "--passphrase-file", PassphraseFile);
        restored.ExitCode.ShouldBe(0, restored.Output);
        await using (var moved = await PortalProcess.StartAsync(_elsewhere, new Dictionary<string, string?> { ["Database__Provider"] = "Postgres" }))
        {
            // It knows its administrator: no page leads to the set-up.
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
            using var page = await client.GetAsync(new Uri(moved.Address, "/admin/jobs"));
            page.Headers.Location?.ToString().ShouldContain("/account/login");
            await moved.StopAsync();
        }

        var audit = await RunAsync(_elsewhere, "audit", "verify");
        audit.ExitCode.ShouldBe(0, audit.Output);
    }

    public void Dispose()
    {
        foreach (var folder in new[] { _data, _elsewhere, _archives }) Places.DeleteDataDirectory(folder);
    }

    private string Archive() => Directory.GetFiles(_archives, "*.backup").Single();

    private static async Task<(int ExitCode, string Output)> RunAsync(string data, params string[] words)
    {
        await using var verb = PortalProcess.Launch(data, new Dictionary<string, string?> { ["Database__Provider"] = "Postgres" }, "http://127.0.0.1:0", words);
        var code = await verb.WaitForExitAsync();
        return (code, verb.Output);
    }
}
