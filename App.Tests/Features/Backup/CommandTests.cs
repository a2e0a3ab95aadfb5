using BlazorAdmin.Features.Backup;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Tests.Features.Backup;

/// <summary>The words of the command line, and what the console shows.</summary>
public sealed class CommandTests
{
    private static readonly string[] Valued = ["--to", "--passphrase-file"];
    private static readonly string[] Switches = ["--check", "--yes"];

    [Theory]
    [InlineData("/b/x.backup --check", "/b/x.backup", "--check")]
    [InlineData("--to /b/x --yes", null, "--to=/b/x,--yes")]
    [InlineData("--to=/b/x x.backup", "x.backup", "--to=/b/x")]
    [InlineData("--DataDirectory /var/x --urls http://127.0.0.1:0 x.backup --ConnectionStrings:Postgres=Host=a --yes", "x.backup", "--yes")]
    public void Read_WordsInAnyOrder_AreFound(string line, string? free, string options)
    {
        var (read, problem) = BackupArguments.Read(line.Split(' '), Valued, Switches, takesFree: true);

        problem.ShouldBeNull();
        read!.Free.ShouldBe(free);
        string.Join(',', read.Options.Select(o => o.Value.Length > 0 ? $"{o.Key}={o.Value}" : o.Key).Order()).ShouldBe(options);
    }

    [Theory]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("--to", "--to wants a value")]
    [InlineData("--to --yes", "--to wants a value")]
    [InlineData("a b", "'b' is one word too many")]
    public void Read_WrongWords_AreNamed(string line, string problem) => BackupArguments.Read(line.Split(' '), Valued, Switches, takesFree: true).Problem.ShouldNotBeNull().ShouldContain(problem);

    [Fact]
    public void SettingsOf_Verb_KeepsSettingsAndNoPathSwallowsOne()
    {
        CommandLine.SettingsOf(["restore", "/b/x.backup", "--check", "--DataDirectory=/d", "--quiet", "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning"])
            .ShouldBe(["--DataDirectory=/d", "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning"]);
        CommandLine.SettingsOf(["--urls", "x", "/y", "z"]).ShouldBe(["--urls", "x", "/y", "z"]);
    }

    [Fact]
    public void Show_OutputIntoAFile_IsALineForEachStageAndQuietIsNothing()
    {
        var (output, nothing) = (new StringWriter(), new StringWriter());
        using (var console = new BackupConsole(quiet: false, output, live: false, default))
        using (var quiet = new BackupConsole(quiet: true, nothing, live: false, default))
            foreach (var (stage, done) in new[] { (BackupStage.Tables, 0), (BackupStage.Tables, 500), (BackupStage.Tables, 1000), (BackupStage.Files, 1000) })
            {
                console.Show(new BackupStep(stage, "Jobs", done, 1000));
                quiet.Show(new BackupStep(stage, "Jobs", done, 1000));
            }

        output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(l => l[..34]).ShouldBe(["Reading the database       100 % 1", "Reading the files          100 % 0"]);
        nothing.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void Show_SomebodyLooks_ChangesOneLine()
    {
        var output = new StringWriter();
        using (var console = new BackupConsole(quiet: false, output, live: true, default))
        {
            console.Show(new BackupStep(BackupStage.Loading, "Jobs", 10, 1000));
            console.Show(new BackupStep(BackupStage.Loading, "Jobs", 1000, 1000));
        }

        output.ToString().ShouldStartWith("\rFilling the new database     1 % 10 of 1,000 rows  Jobs");
        output.ToString().Split('\n').Length.ShouldBe(2);
    }
}
