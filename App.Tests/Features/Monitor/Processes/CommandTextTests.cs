using System.Text;
using BlazorAdmin.Features.Monitor.Processes;

namespace BlazorAdmin.Tests.Features.Monitor.Processes;

public sealed class CommandTextTests
{
    [Theory]
    [InlineData("psql --password hunter2 -h db", "psql --password *** -h db")]
    [InlineData("app --api-key=abc123 --port 80", "app --api-key=*** --port 80")]
    [InlineData("app --key abc123", "app --key ***")]
    [InlineData("app --ssl-key-file /etc/x.pem", "app --ssl-key-file ***")]
    [InlineData("app -token abc", "app -token ***")]
    [InlineData("app --token --verbose", "app --token --verbose")]
    [InlineData("sh -c PGPASSWORD=hunter2 psql", "sh -c PGPASSWORD=*** psql")]
    [InlineData("app Host=db;Username=me;Password=hunter2;Port=1", "app Host=db;Username=me;Password=***;Port=1")]
    [InlineData("app Password=\"two words\" x", "app Password=*** x")]
    [InlineData("git clone https://me:hunter2@host/x.git", "git clone https://me:***@host/x.git")]
    [InlineData("curl -H Authorization: Bearer abc.def.ghi https://host", "curl -H Authorization: Bearer *** https://host")]
    [InlineData("app ConnectionStrings__Default=Host=db;Password=hunter2", "app ConnectionStrings__Default=***;Password=***")]
    [InlineData("curl https://host/?access_token=abc&x=1", "curl https://host/?access_token=***&x=1")]
    [InlineData("AccountKey=abcd==;Endpoint=x", "AccountKey=***;Endpoint=x")]
    [InlineData("dotnet run --project App -c Release", "dotnet run --project App -c Release")]
    [InlineData("/usr/lib/postgresql/bin/postgres -D /data -k /tmp", "/usr/lib/postgresql/bin/postgres -D /data -k /tmp")]
    public void MaskSecrets_Line_HidesOnlySecrets(string line, string expected) => CommandText.MaskSecrets(line).ShouldBe(expected);

    [Fact]
    public void Of_Arguments_AreOneBoundedLine()
    {
        CommandText.Of("app\0--name\0a\nb\0"u8).ShouldBe("app --name a b");
        CommandText.Of([]).ShouldBe("");
        var cut = CommandText.Of(Encoding.UTF8.GetBytes("java " + new string('x', 5000)));
        cut.Length.ShouldBe(CommandText.Longest);
        cut.ShouldEndWith("…");
    }

    [Fact]
    public void Of_SecretBehindTheCut_IsMaskedBeforeItIsCut() =>
        CommandText.Of(Encoding.UTF8.GetBytes($"app {new string('x', 280)}\0--password\0hunter2hunter2")).ShouldNotContain("hunter");

    [Fact]
    public void Of_LongWords_TakeNoLongTime()
    {
        var bytes = Encoding.UTF8.GetBytes(new string('a', 20_000));
        CommandText.Of(bytes);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 10; i++) CommandText.Of(bytes);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }
}
