using System.Diagnostics;

namespace BlazorAdmin.Data.Embedded;

/// <summary>Runs one short program to its end, without a shell and without the portal's environment (it holds secrets).</summary>
internal static class ToolProcess
{
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "TZ", "SystemRoot", "TEMP", "TMP"];

    internal readonly record struct Outcome(int ExitCode, string Output, string Errors)
    {
        public bool Succeeded => ExitCode == 0;

        /// <summary>The last line that says something, for a message of one line.</summary>
        public string LastLine =>
            (Errors + "\n" + Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } lines
                ? Errors.Length > 0 ? Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1] : lines[^1]
                : $"exit code {ExitCode}";
    }

    public static ProcessStartInfo StartInfo(IEnumerable<string> command)
    {
        var parts = command.ToArray();
        var info = new ProcessStartInfo(parts[0], parts[1..])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var kept = Inherited.Select(name => (name, Environment.GetEnvironmentVariable(name))).Where(pair => pair.Item2 is not null).ToArray();
        info.Environment.Clear();
        foreach (var (name, value) in kept)
            info.Environment[name] = value;
        // The server's messages are matched by their English severities.
        info.Environment["LC_ALL"] = "C";
        return info;
    }

    /// <summary>Exit code 127 stands for a program that is not there.</summary>
    public static async Task<Outcome> RunAsync(IEnumerable<string> command, CancellationToken cancellation = default)
    {
        using var process = new Process { StartInfo = StartInfo(command) };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return new Outcome(127, "", exception.Message);
        }
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return new Outcome(process.ExitCode, (await output).Trim(), (await errors).Trim());
    }
}
