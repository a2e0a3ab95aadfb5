using System.Data.Common;
using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary><c>BlazorAdmin audit verify</c>: 0 if the audit is as it was written, 1 if not, 2 if that cannot be found out.</summary>
public sealed class AuditVerifyVerb(Verifications verifications, RootKey rootKey, RootKeyFile keyFile, IDbContextFactory<AppDbContext> databases) : ICommandLineVerb
{
    private const int Unknown = 2;

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        try
        {
            if (await LoadKeyAsync(cancellation) is not { } problem) return await VerifyAsync(cancellation);
            await Console.Error.WriteLineAsync($"The audit cannot be verified: {problem}");
        }
        catch (DbException exception)
        {
            await Console.Error.WriteLineAsync($"The audit cannot be read: {exception.Message.ReplaceLineEndings(" ")} Start the portal once, or correct its connection string.");
        }

        return Unknown;
    }

    /// <summary>A verb runs without the start of the portal, which loads the key; nothing is made or changed here.</summary>
    /// <returns>What is wrong with the key; null if nothing is.</returns>
    private async Task<string?> LoadKeyAsync(CancellationToken cancellation)
    {
        if (rootKey.IsLoaded) return null;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var expected = await db.Set<SystemValue>().AsNoTracking().Where(v => v.Key == RootKeySeed.FingerprintKey).Select(v => v.Value).SingleOrDefaultAsync(cancellation);
        if (expected is null) return "this database was never set up. Start the portal first.";
        if (keyFile.TryRead() is not { } key) return $"the root key is not here. Copy it to {keyFile.FilePath} or set RootKey.";
        if (RootKey.FingerprintOf(key) != expected) return $"the root key here is not the one of this database ({expected[..8]}). Restore {keyFile.FilePath} or the setting RootKey.";
        rootKey.Load(key);
        return null;
    }

    private async Task<int> VerifyAsync(CancellationToken cancellation)
    {
        var report = await verifications.RunAsync(null, Show, cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Rows} rows up to #{report.Head} ({report.HeadHash}), {report.Unsealed} not sealed yet."));
        if (!report.Protected) Console.WriteLine("The database does not refuse changes of the audit: the triggers are missing or switched off. Let the owner of the schema run 'migrate'.");
        if (report.IsSound)
        {
            Console.WriteLine("The audit is as it was written.");
            return 0;
        }

        foreach (var problem in report.Problems) await Console.Error.WriteLineAsync(problem.Describe());
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The audit is NOT as it was written: {report.ProblemCount} problems."));
        return 1;
    }

    private static void Show(double percent)
    {
        if (!Console.IsErrorRedirected) Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{percent:0} %  {(percent >= 100 ? "\n" : "")}"));
    }
}
