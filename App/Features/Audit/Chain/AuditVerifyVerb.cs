using System.Globalization;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary><c>BlazorAdmin audit verify</c>: 0 if the audit is as it was written, 1 if not.</summary>
public sealed class AuditVerifyVerb(Verifications verifications) : ICommandLineVerb
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
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
