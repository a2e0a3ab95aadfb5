using System.Text;
using BlazorAdmin.Features.Monitor.Processes;

namespace BlazorAdmin.Tests.Features.Monitor.Processes;

/// <summary>The parser on lines of several kernels.</summary>
public sealed class ProcessStatTests
{
    [Theory]
    // Linux 6.18
    [InlineData("25135 (dotnet) S 1 25135 25135 0 -1 4194304 9000 0 5 0 123 45 6 7 20 0 33 0 987654 5000000 1234 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n", "dotnet", 'S', 1, 168ul, 33, 987654ul, 1234ul)]
    // A name with spaces and brackets, a real-time priority
    [InlineData("7 (a) b (c) R 2 0 0 0 -1 69238880 0 0 0 0 0 9 0 0 -51 0 1 0 33 0 0 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 0 0 0 17 0 50 1 0 0 0\n", "a) b (c", 'R', 2, 9ul, 1, 33ul, 0ul)]
    // Linux 2.6, which ends sooner
    [InlineData("1 (init) S 0 1 1 0 -1 4194560 5 6 7 8 9 10 11 12 15 0 1 0 5 2000000 150 4294967295 1 2 3 4 5 6 7 8 9 10 11 12 0 0\n", "init", 'S', 0, 19ul, 1, 5ul, 150ul)]
    public void TryParse_RecordedLine_GivesFields(string line, string name, char state, int parent, ulong ticks, int threads, ulong started, ulong pages)
    {
        ProcessStat.TryParse(Encoding.UTF8.GetBytes(line), out var stat).ShouldBeTrue();
        Encoding.UTF8.GetString(stat.Name).ShouldBe(name);
        (stat.State, stat.Parent, stat.Ticks, stat.Threads, stat.Started, stat.Pages).ShouldBe((state, parent, ticks, threads, started, pages));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12 (x")]
    [InlineData("12 (x) S 1 2")]
    public void TryParse_CutLine_IsRefused(string line) => ProcessStat.TryParse(Encoding.UTF8.GetBytes(line), out _).ShouldBeFalse();
}
