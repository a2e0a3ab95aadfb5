using System.Diagnostics;

namespace BlazorAdmin.Tests.Data;

/// <summary>A process of its own that owns an embedded server, to be killed as a portal can be killed.</summary>
internal sealed class PostgresOwner : IDisposable
{
    private readonly Process _process;

    private PostgresOwner(Process process) => _process = process;

    public int ServerProcessId { get; private set; }

    public string ConnectionString { get; private set; } = "";

    /// <summary>Its only line: "ready ..." or "refused" with the reason.</summary>
    public string Answer { get; private set; } = "";

    public static async Task<PostgresOwner> StartAsync(string dataDirectory, string[]? prefix = null, string? program = null, string? binaries = null)
    {
        string[] command =
        [
            .. prefix ?? [], Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            program ?? typeof(PostgresOwner).Assembly.Location, "embedded-postgres", dataDirectory, .. binaries is null ? Array.Empty<string>() : [binaries],
        ];
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var owner = new PostgresOwner(process) { Answer = await process.StandardOutput.ReadLineAsync() ?? "" };
        if (owner.Answer.Split(' ', 3) is ["ready", var server, var connection])
            (owner.ServerProcessId, owner.ConnectionString) = (int.Parse(server), connection);
        return owner;
    }

    /// <summary>kill -9, of the owner alone.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
    }

    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
