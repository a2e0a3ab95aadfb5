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

    [Theory]
    [InlineData("app|--password=two words; and \"quotes\"|-v", "app --password=*** -v")]
    [InlineData("app|--password|two words|-v", "app --password *** -v")]
    [InlineData("app|--password|-starts-with-a-dash|x", "app --password *** x")]
    [InlineData("env|PGPASSWORD=two words|psql", "env PGPASSWORD=*** psql")]
    [InlineData("/usr/bin/mysql|-u|root|-phunter2|db", "/usr/bin/mysql -u root -p*** db")]
    [InlineData("mysqldump|-P|3306|-phunter2", "mysqldump -P 3306 -p***")]
    [InlineData("sshpass|-p|hunter2|ssh|host", "sshpass -p *** ssh host")]
    [InlineData("sudo|sshpass|-phunter2|ssh|-p|22|host", "sudo sshpass -p*** ssh -p *** host")]
    [InlineData("curl|-u|me:hunter2|https://host", "curl -u *** https://host")]
    [InlineData("curl|--user=me:hunter2|https://host", "curl --user=*** https://host")]
    [InlineData("redis-cli|-a|hunter2|ping", "redis-cli -a *** ping")]
    [InlineData("ldapsearch|-x|-w|hunter2|-b|dc=x", "ldapsearch -x -w *** -b dc=x")]
    [InlineData("sh|-c|mysql -phunter2 db && curl -u me:pw host", "sh -c mysql -p*** db && curl -u *** host")]
    [InlineData("app|ba_0123456789abcdef", "app ba_***")]
    [InlineData("app|ghp_0123456789abcdef|glpat-0123456789|xoxb-12345-67890|AKIAIOSFODNN7EXAMPLE", "app ghp_*** glpat-*** xoxb-*** AKIA***")]
    [InlineData("app|eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "app eyJ***")]
    [InlineData("git|clone|https://me:a/b@c@host/x.git", "git clone https://me:***@host/x.git")]
    [InlineData("ssh|-p|22|me@host", "ssh -p 22 me@host")]
    [InlineData("postgres: writer process", "postgres: writer process")]
    public void Of_ArgumentsWithSecrets_HidesThemToTheEndOfTheArgument(string arguments, string expected) =>
        CommandText.Of(Encoding.UTF8.GetBytes(arguments.Replace('|', '\0') + "\0")).ShouldBe(expected);

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
    public async Task Of_LongWords_TakeNoLongTime()
    {
        var bytes = Encoding.UTF8.GetBytes(new string('a', 20_000));
        CommandText.Of(bytes);
        // Backtracking would take hours.
        await Task.Run(() => CommandText.Of(bytes)).WaitAsync(TimeSpan.FromSeconds(60));
    }
}
