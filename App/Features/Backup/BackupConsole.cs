using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace BlazorAdmin.Features.Backup;

/// <summary>
/// Shows on the console how far it is: a line that changes where somebody looks on, a line for each tenth where the output goes into
/// a file. Ctrl+C stops what runs in order.
/// </summary>
internal sealed class BackupConsole : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop;
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly TextWriter _output;
    private readonly bool _live;
    private readonly bool _quiet;
    private BackupStage? _stage;
    private long _stageStart;
    private long _shown;
    private int _tenth;
    private int _width;

    public BackupConsole(bool quiet, CancellationToken cancellation)
        : this(quiet, Console.Error, !Console.IsErrorRedirected, cancellation)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }) _signals.Add(PosixSignalRegistration.Create(signal, Stop));
    }

    internal BackupConsole(bool quiet, TextWriter output, bool live, CancellationToken cancellation)
    {
        (_quiet, _output, _live) = (quiet, output, live);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    public CancellationToken Stopping => _stop.Token;

    public void Show(BackupStep step)
    {
        if (_quiet) return;
        if (step.Stage != _stage)
        {
            EndLine();
            (_stage, _stageStart, _tenth) = (step.Stage, Stopwatch.GetTimestamp(), -1);
            _shown = _live ? 0 : _stageStart;
        }

        var share = step.Total > 0 ? Math.Min(1, (double)step.Done / step.Total) : 0;
        if (_live)
        {
            if (Stopwatch.GetElapsedTime(_shown) < Interval && step.Done < step.Total) return;
            var line = Line(step, share);
            _output.Write("\r" + line.PadRight(_width));
            (_width, _shown) = (line.Length, Stopwatch.GetTimestamp());
        }
        else if ((int)(10 * share) is var tenth && tenth > _tenth && (tenth == 10 || Stopwatch.GetElapsedTime(_shown) > LineInterval))
        {
            (_tenth, _shown) = (tenth, Stopwatch.GetTimestamp());
            _output.WriteLine(Line(step, share));
        }
    }

    /// <summary>Goes to the next line, if one is being changed.</summary>
    public void EndLine()
    {
        if (_live && _width > 0) _output.WriteLine();
        _width = 0;
    }

    public void Dispose()
    {
        EndLine();
        foreach (var signal in _signals) signal.Dispose();
        _stop.Dispose();
    }

    private string Line(BackupStep step, double share)
    {
        var elapsed = Stopwatch.GetElapsedTime(_stageStart).TotalSeconds;
        var rate = elapsed > 0.5 ? step.Done / elapsed : 0;
        var left = rate > 0 && share is >= 0.01 and < 1 ? $", {Duration((step.Total - step.Done) / rate)} left" : "";
        var unit = step.Stage is BackupStage.Tables or BackupStage.Loading or BackupStage.Comparing
            ? string.Create(CultureInfo.InvariantCulture, $" {step.Done:n0} of {step.Total:n0} rows{(rate > 0 ? $", {rate:n0} rows/s" : "")}")
            : step.Stage is BackupStage.Files or BackupStage.Verifying or BackupStage.Restoring
                ? string.Create(CultureInfo.InvariantCulture, $" {step.Done / 1e6:0.0} of {step.Total / 1e6:0.0} MB{(rate > 0 ? $", {rate / 1e6:0.0} MB/s" : "")}")
                : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Name(step.Stage),-26} {100 * share,3:0} %{unit}{left}  {Shorten(step.Item)}").TrimEnd();
    }

    private static string Name(BackupStage stage) => stage switch
    {
        BackupStage.Tables => "Reading the database",
        BackupStage.Files => "Reading the files",
        BackupStage.Verifying => "Verifying the archive",
        BackupStage.Loading => "Filling the new database",
        BackupStage.Comparing => "Comparing the rows",
        BackupStage.Preparing => "Preparing the new database",
        BackupStage.Restoring => "Restoring the files",
        _ => "Swapping the databases",
    };

    private static string Duration(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, 360_000)) is var left && left.TotalMinutes < 1 ? $"{left.TotalSeconds:0} s" : $"{Math.Ceiling(left.TotalMinutes):0} min";

    private static string Shorten(string item) => item.Length > 24 ? item[..12] + "…" + item[^8..] : item;

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.Cancel();
    }
}
