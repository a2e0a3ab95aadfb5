using BlazorAdmin.Shell;

namespace BlazorAdmin.Data;

/// <summary><c>BlazorAdmin migrate</c>: brings the schema up to date and ends; for upgrades where the portal's login may not change the schema.</summary>
public sealed class MigrateVerb(DatabaseMigrator migrator, DatabaseChoice choice) : ICommandLineVerb
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var applied = await migrator.MigrateAsync(cancellation);
        Console.WriteLine(applied == 0 ? $"{choice.Description} is up to date." : $"{choice.Description}: {applied} migrations applied.");
        return 0;
    }
}
