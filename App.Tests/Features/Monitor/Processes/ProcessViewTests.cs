using BlazorAdmin.Features.Monitor.Processes;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Tests.Features.Monitor.Processes;

public sealed class ProcessViewTests
{
    private static readonly ProcessRow[] Some =
    [
        Row(1, 0, "init", cpu: 0, memory: 10),
        Row(10, 1, "portal", cpu: 0.5, memory: 500),
        Row(11, 10, "tesseract", cpu: 0.9, memory: 200, user: "ocr"),
        Row(12, 10, "pandoc", cpu: null, memory: 300),
        Row(20, 1, "postgres", cpu: 0.2, memory: 400, traffic: 9),
    ];

    private static ProcessRow Row(int pid, int parent, string name, double? cpu, long memory, string user = "root", double? traffic = null) =>
        new(pid, parent, name, $"/bin/{name} --x", user, 'S', cpu, memory, pid, traffic, null, DateTimeOffset.UnixEpoch.AddSeconds(pid));

    private static int[] Pids(string query) => [.. ProcessView.Of(Some, Parse(query)).Lines.Select(line => line.Process.Pid)];

    private static ListQuery Parse(string query) => ListQuery.Parse(query, ProcessView.Defaults);

    [Theory]
    [InlineData("", new[] { 11, 10, 20, 1, 12 })]
    [InlineData("sort=cpu", new[] { 12, 1, 20, 10, 11 })]
    [InlineData("sort=-memory", new[] { 10, 20, 12, 11, 1 })]
    [InlineData("sort=-io", new[] { 20, 10, 12, 11, 1 })]
    [InlineData("sort=name", new[] { 1, 12, 10, 20, 11 })]
    [InlineData("sort=-threads", new[] { 20, 12, 11, 10, 1 })]
    [InlineData("sort=started", new[] { 1, 10, 11, 12, 20 })]
    [InlineData("sort=nonsense", new[] { 12, 1, 20, 10, 11 })]
    [InlineData("q=ocr", new[] { 11 })]
    [InlineData("q=20", new[] { 20 })]
    [InlineData("q=BIN%20pan", new[] { 12 })]
    public void Of_Query_FindsAndSorts(string query, int[] expected) => Pids(query).ShouldBe(expected);

    [Fact]
    public void Of_Tree_NestsBelowParents()
    {
        var (lines, matching) = ProcessView.Of(Some, Parse("view=tree"));
        lines.Select(line => (line.Process.Pid, line.Depth)).ShouldBe([(1, 0), (10, 1), (11, 2), (12, 2), (20, 1)]);
        matching.ShouldBe(5);
    }

    [Fact]
    public void Of_TreeWithSearch_KeepsTheWayToTheRoot()
    {
        var (lines, matching) = ProcessView.Of(Some, Parse("view=tree&q=pandoc"));
        lines.Select(line => (line.Process.Pid, line.Depth)).ShouldBe([(1, 0), (10, 1), (12, 2)]);
        matching.ShouldBe(1);
    }

    [Fact]
    public void Of_CircleOfParents_Ends() =>
        ProcessView.Of([Row(5, 6, "a", 1, 1), Row(6, 5, "b", 1, 1), Row(7, 7, "c", 1, 1)], Parse("view=tree")).Lines.ShouldBeEmpty();

    [Fact]
    public void Of_ManyProcesses_ShowsTheTopOrAll()
    {
        ProcessRow[] many = [.. Enumerable.Range(1, 500).Select(pid => Row(pid, 0, "x", pid, pid))];
        ProcessView.Of(many, Parse("")).Lines.Count.ShouldBe(ProcessView.Top);
        var (lines, matching) = ProcessView.Of(many, Parse("show=all"));
        (lines.Count, matching).ShouldBe((500, 500));
    }

    [Fact]
    public void Query_RoundTrip_IsTheSame()
    {
        var query = ProcessView.Defaults.WithSearch("a b").WithSort("memory", false).WithFilter(ProcessView.Shape, ProcessView.Tree).WithFilter(ProcessView.Extent, ProcessView.All);
        Parse(query.ToQueryString(ProcessView.Defaults)).ShouldBe(query);
        ProcessView.Defaults.ToQueryString(ProcessView.Defaults).ShouldBe("");
    }
}
