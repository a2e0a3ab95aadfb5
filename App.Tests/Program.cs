using BlazorAdmin.Data.Embedded;
using BlazorAdmin.Tests;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging.Abstractions;

// Beside being a test library this is a small program, so that tests can start an owner of a server in a process of its own and kill it:
// dotnet App.Tests.dll embedded-postgres <data directory> [<binaries>]
// dotnet App.Tests.dll job-worker <connection string> <node name>
// dotnet App.Tests.dll torture-worker <settings>
// dotnet App.Tests.dll backup-worker <settings>
// dotnet App.Tests.dll upload-worker <connection string> <files> <person> <upload>
// And it says before a run whether the server that the run was given can be used: dotnet App.Tests.dll server
if (args is [BlazorAdmin.Tests.Features.Jobs.JobWorkerProcess.Verb, var connection, var node])
    return await BlazorAdmin.Tests.Features.Jobs.JobWorkerProcess.RunAsync(connection, node);
if (args is [BlazorAdmin.Tests.Features.Jobs.Torture.TortureWorker.Verb, var settings])
    return await BlazorAdmin.Tests.Features.Jobs.Torture.TortureWorker.RunAsync(settings);
if (args is [BlazorAdmin.Tests.Features.Backup.BackupWorker.Verb, var backup])
    return await BlazorAdmin.Tests.Features.Backup.BackupWorker.RunAsync(backup);
if (args is [BlazorAdmin.Tests.Features.Documents.Intake.UploadWorker.Verb, var database, var files, var person, var upload])
    return await BlazorAdmin.Tests.Features.Documents.Intake.UploadWorker.RunAsync(database, files, Guid.Parse(person), Guid.Parse(upload));
if (args is ["server"])
    return await CheckServerAsync();
if (args is not ["embedded-postgres", var dataDirectory, .. var rest])
    return 2;
try
{
    await using var server = await EmbeddedPostgres.StartAsync(
        new EmbeddedPostgresOptions { DataDirectory = dataDirectory, BinariesDirectory = rest is [var binaries] ? binaries : PostgresBinaries.Locate(Repository.Root), FastButUnsafe = true },
        NullLogger.Instance);
    Console.Error.WriteLine($"after {server.StartupTime.TotalMilliseconds:0} ms");
    Console.WriteLine($"ready {server.ServerProcessId} {server.ConnectionString}");
    await Console.In.ReadLineAsync();
    return 0;
}
catch (EmbeddedPostgresException exception)
{
    Console.WriteLine($"refused {exception.Message}");
    return 1;
}

static async Task<int> CheckServerAsync()
{
    try
    {
        Console.WriteLine(TestServer.FromEnvironment() is { } server ? await server.CheckAsync() : "embedded PostgreSQL");
        return 0;
    }
    catch (TestServerException exception)
    {
        Console.WriteLine(exception.Message);
        return 1;
    }
}
