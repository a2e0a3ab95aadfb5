using System.Diagnostics;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Backup;

namespace BlazorAdmin.Tests.Features.Backup;

/// <param name="Restores">Restores the archive; else makes it.</param>
/// <param name="Fault">The stage whose first step kills the process.</param>
internal sealed record BackupWorkerSettings(string Connection, string Folder, string Data, bool Restores, BackupStage Fault);

/// <summary>A backup or a restore in a process of its own, which kills itself (as kill -9 does) in the middle of it.</summary>
internal static class BackupWorker
{
    public const string Verb = "backup-worker";

    private const int Survived = 7;

    /// <summary>Runs it until it is dead.</summary>
    public static async Task DieAsync(BackupSite site, bool restores, BackupStage fault)
    {
        var settings = JsonSerializer.Serialize(new BackupWorkerSettings(site.ConnectionString, site.Folder, site.Data.Path, restores, fault));
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BackupWorker).Assembly.Location, Verb, settings]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }

        // 128 + 9: ended by the signal.
        process.ExitCode.ShouldBe(137, $"{fault}: {await output}{await errors}");
    }

    public static async Task<int> RunAsync(string json)
    {
        var settings = JsonSerializer.Deserialize<BackupWorkerSettings>(json)!;
        var site = BackupSite.On(settings.Connection, new DataDirectory(settings.Data), settings.Folder);
        if (settings.Restores) await site.RestoreAsync(progress: Step);
        else await site.BackUpAsync(progress: Step);
        return Survived;

        void Step(BackupStep step)
        {
            if (step.Stage == settings.Fault) Process.GetCurrentProcess().Kill();
        }
    }
}
