using BlazorAdmin.Benchmarks;
using BlazorAdmin.Benchmarks.Backup;
using BlazorAdmin.Benchmarks.Documents;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Flags;
using BlazorAdmin.Benchmarks.Jobs;
using BlazorAdmin.Benchmarks.Monitor;
using BlazorAdmin.Benchmarks.Peer;
using BlazorAdmin.Benchmarks.People;
using BlazorAdmin.Benchmarks.Portal;

if (args is [CounterApp.Verb, .. var rest]) return await CounterApp.RunAsync(rest);

var options = BenchmarkOptions.Parse(args);
IFigureGroup[] groups = [new PortalGroup(), new JobsGroup(options.Rows), new MonitorGroup(), new PeopleGroup(options.Rows), new FlagsGroup(), new BackupGroup(options.Rows), new DocumentsGroup(options.Rows)];
if (groups.FirstOrDefault(g => g.Name == options.Group) is not { } group || options.Problem is not null)
{
    if (options.Problem is not null) Console.Error.WriteLine(options.Problem);
    Console.Error.WriteLine("Usage: dotnet run -c Release --project App.Benchmarks -- <group> [--json FILE] [--only NAME] [--rows N]");
    Console.Error.WriteLine("Groups: " + string.Join(", ", groups.Select(g => g.Name)));
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
var machine = Machine.Read();
Console.WriteLine($"{group.Name} on {machine.Description}");
await using var file = options.JsonFile is null ? null : new StreamWriter(options.JsonFile);
var sink = new FigureSink(Console.Out, file, machine, options.Only);
try
{
    await group.RunAsync(sink, stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
catch (Exception exception)
{
    Console.Error.WriteLine(exception);
    return 1;
}
finally
{
    Console.WriteLine();
    Console.Write(FigureTable.Render(sink.Figures));
}
