using System.Net;
using System.Net.Sockets;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Every hostile input ends in a named outcome, brings in nothing from outside, asks no server and leaves nothing behind.</summary>
public sealed class AttackTests
{
    public static TheoryData<string> Names => [.. AttackInputs.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_Attack_EndsInNamedOutcome(string name)
    {
        var attack = AttackInputs.All[name];
        using var bench = await ReadingBench.Create();
        attack.Options?.Invoke(bench.Options);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();

        var reading = await bench.Read(attack.File, attack.Make($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/x"));

        attack.Outcomes.ShouldContain(reading.Outcome, $"{reading.Outcome} {reading.Reason}");
        if (attack.Reason is { } reason) reading.Reason!.Key.ShouldBe(reason);
        if (reading.Outcome != ReadOutcome.Ready) reading.Reason.ShouldNotBeNull();
        var text = string.Concat(reading.Pages.Select(page => page.Text + page.Markdown));
        text.ShouldNotContain("root:");
        text.ShouldNotContain("/bin/bash");
        if (attack.Contains is { } expected) text.ShouldContain(expected);
        server.Pending().ShouldBeFalse("something asked the server");
        bench.FilesLeft().ShouldBeEmpty();
        bench.ProcessesLeft().ShouldBeEmpty();
    }

    [IsolatedFact(IsolationLevel.Namespaces, "bash")]
    public async Task Run_Isolated_ReachesNoServerOfTheMachine()
    {
        using var bench = await ReadingBench.Create();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var folder = bench.NewFolder();

        var result = await bench.Runner.Run(new ToolCommand("bash", ["-c", $"exec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)server.LocalEndpoint).Port}"], folder), CancellationToken.None);

        result.Succeeded.ShouldBeFalse();
        server.Pending().ShouldBeFalse();
    }

    [Theory]
    [InlineData("../a.pdf", "a.pdf")]
    [InlineData("a%2f..", "a%2f..")]
    [InlineData("a\0.pdf", "a.pdf")]
    [InlineData("CON", "CON")]
    [InlineData("..\\..\\CON.pdf", "CON.pdf")]
    [InlineData("annex\u202Efdp.exe", "annexfdp.exe")]
    [InlineData("x.pdf.html", "x.pdf.html")]
    [InlineData("a\r\nContent-Type: text/html.pdf", "html.pdf")]
    [InlineData("\u2028\u200Fa.pdf", "a.pdf")]
    public void Clean_HostileName_IsOnlyAName(string given, string expected) => DocumentName.Clean(given).ShouldBe(expected);

    [Fact]
    public async Task Run_CancelledWhileForksIgnoreTheirEnd_LeavesNoneOfThem()
    {
        using var bench = await ReadingBench.Create();
        using var folder = bench.NewFolder();
        using var cancel = new CancellationTokenSource();
        const string script = "trap '' TERM INT HUP; i=0; while [ $i -lt 8 ]; do (trap '' TERM INT HUP; setsid sh -c \"trap '' TERM; while :; do sleep 1; done\") & i=$((i+1)); done; echo ready > ready; while :; do sleep 1; done";
        var run = bench.Runner.Run(new ToolCommand("sh", ["-c", script], folder), cancel.Token);
        await Eventually.Holds(() => File.Exists(folder.File("ready")) && bench.ProcessesLeft().Count > 8);

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run);

        bench.ProcessesLeft().ShouldBeEmpty();
    }
}
