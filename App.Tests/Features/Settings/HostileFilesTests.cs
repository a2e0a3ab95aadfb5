using System.Text;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Settings;

/// <summary>Broken and hostile files, each put in the place of a good one, leave the running configuration as it is and say why.</summary>
public sealed class HostileFilesTests : IDisposable
{
    private const int Seeds = 20;
    private const string Good = "Probe:\n  Size: 5\n  Color: good\n";

    private readonly TestFolder _root = new();
    private readonly FakeTime _time = new();
    private WebApplication? _app;

    public static TheoryData<string> Families => [.. Makers.Keys];

    private static Dictionary<string, Func<Random, (string Name, byte[] Content)>> Makers { get; } = new()
    {
        ["half-written JSON"] = random => Text("x.json", Whole(random)[..random.Next(1, Whole(random).Length - 2)]),
        ["JSON that is something else"] = random => Text("x.json", Pick(random, "[1]", "null", "true", "\"words\"", "12", "{]", "{ Probe: 1 }", "<Probe/>", "{ \"Probe\": { \"Size\": 1e }", "'a'")),
        ["JSON with a key twice"] = random => Text("x.json", $$"""{ "Probe": { "Size": {{random.Next(1, 50)}}, "{{Pick(random, "Size", "size", "SIZE")}}": {{random.Next(50, 99)}} } }"""),
        ["deep JSON"] = random => Deep("x.json", random.Next(65, 10_001), Pick(random, "{\"a\":", "["), random),
        ["deep YAML"] = random => Deep("x.yaml", random.Next(40, 10_001), Pick(random, "[", "{a: ", "- ", "? "), random),
        ["YAML bomb"] = random => Text("x.yaml", Bomb(random)),
        ["YAML that is something else"] = random => Text("x.yaml", Pick(random, "just words", "- 1\n--- \n- 2", "a: [1", "a: 'b", "a: b: c", "a: 1\na: 2", "? [x, y]\n: 1", "{{}: 1}", "a: &x 1\nb: *x", "@a: 1", "a: !!binary [", "\"\\x\"")),
        ["lines that are none"] = random => Text("x.env", $"Probe__Size=5\n{Pick(random, "what is this", "=1", "A B=1", "1A=2", "A='x", "A=\"x", "export", "Probe__Size=6", "PROBE__SIZE=7", "-A=1")}\n"),
        ["other encodings"] = random => ($"x{Pick(random, ".json", ".yaml", ".env")}", Encoded(random)),
        ["noise"] = random => Noise(random),
        ["too large"] = random => ($"x{Pick(random, ".json", ".yaml", ".env")}", new byte[SettingsFileParser.MaxBytes + 1 + random.Next(1 << 20)]),
        ["too many values"] = random => Text("x.yaml", string.Concat(Enumerable.Range(0, 10_001 + random.Next(30_000)).Select(i => $"k{i}: 1\n"))),
        ["values of the wrong type"] = random => Text("x.json", $$"""{ "Probe": { {{Pick(random, "\"Size\": \"many\"", "\"Size\": 1.5", "\"Size\": 101", "\"Size\": -1", "\"Size\": 99999999999999", "\"Size\": true", "\"Pause\": \"soon\"", "\"Deep\": { \"Word\": \"\" }", "\"Pause\": \"25:61:00\"")}} } }"""),
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void File_BrokenOrHostile_ChangesNothingAndSaysWhy(string family)
    {
        var options = Start(out var status);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var (name, content) = Makers[family](new Random(seed));
            var path = _root[Path.Combine("conf.d", name)];
            File.WriteAllBytes(path, content);
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            Settle();
            var took = System.Diagnostics.Stopwatch.GetElapsedTime(started);
            var what = $"{family}, seed {seed}: {Encoding.Latin1.GetString(content.AsSpan(0, Math.Min(60, content.Length)))}";
            var problem = status.Problems.ShouldHaveSingleItem(what);
            problem.Message.ShouldNotBeNullOrWhiteSpace(what);
            problem.Message.ShouldNotContain("\n", Case.Sensitive, what);
            (options.CurrentValue.Size, options.CurrentValue.Color, options.CurrentValue.Pause, options.CurrentValue.Deep.Word).ShouldBe((5, "good", TimeSpan.FromSeconds(5), "word"), what);
            // A hang would be minutes; the bound only has to tell it from a busy machine.
            took.ShouldBeLessThan(TimeSpan.FromSeconds(20), what);
            File.Delete(path);
            Settle();
            status.Problems.ShouldBeEmpty(what);
        }
    }

    [Fact]
    public void Families_Together_AreTwoHundredFilesAndMore() => (Makers.Count * Seeds).ShouldBeGreaterThanOrEqualTo(200);

    [Fact]
    public void File_WithByteOrderMark_IsRead()
    {
        var options = Start(out var status);
        File.WriteAllBytes(_root["conf.d/x.json"], [0xEF, 0xBB, 0xBF, .. "{ \"Probe\": { \"Size\": 9 } }"u8]);
        Settle();
        status.Problems.ShouldBeEmpty();
        options.CurrentValue.Size.ShouldBe(9);
    }

    [Fact]
    public void File_LinkTurnedToAnother_IsReadAgain()
    {
        var options = Start(out _);
        foreach (var size in new[] { 7, 8 })
        {
            Directory.CreateDirectory(_root[$"v{size}"]);
            File.WriteAllText(_root[$"v{size}/x.yaml"], $"Probe:\n  Size: {size}\n");
        }

        // The way a map is mounted: the file is a link through a link to a folder, and only the folder's link changes.
        Directory.CreateSymbolicLink(_root["current"], _root["v7"]);
        File.CreateSymbolicLink(_root["conf.d/x.yaml"], Path.Combine("..", "current", "x.yaml"));
        Settle();
        options.CurrentValue.Size.ShouldBe(7);
        Directory.Delete(_root["current"]);
        Directory.CreateSymbolicLink(_root["current"], _root["v8"]);
        Settle();
        options.CurrentValue.Size.ShouldBe(8);
    }

    public void Dispose()
    {
        (_app as IDisposable)?.Dispose();
        _root.Dispose();
    }

    private IOptionsMonitor<ProbeOptions> Start(out SettingsStatus status)
    {
        Directory.CreateDirectory(_root["conf.d"]);
        File.WriteAllText(_root["conf.d/a.yaml"], Good);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = ["--urls=http://127.0.0.1:0"], ContentRootPath = _root.Path });
        builder.AddSettingsSources(_root.Path, _time);
        new Portal(builder).Settings<ProbeOptions>("Probe");
        _app = builder.Build();
        status = _app.Services.GetRequiredService<SettingsStatus>();
        var options = _app.Services.GetRequiredService<IOptionsMonitor<ProbeOptions>>();
        options.CurrentValue.Size.ShouldBe(5);
        return options;
    }

    // Two looks: a file is read once it rests.
    private void Settle() => _time.Advance(TimeSpan.FromSeconds(2));

    private static (string, byte[]) Text(string name, string content) => (name, Encoding.UTF8.GetBytes(content));

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];

    private static string Whole(Random random) => $$"""{ "Probe": { "Size": {{random.Next(1, 9)}}, "Color": "other", "Names": ["a", "b"] } }""";

    private static (string, byte[]) Deep(string name, int depth, string opening, Random random) =>
        Text(name, string.Concat(Enumerable.Repeat(opening, depth)) + "1" + (random.Next(2) == 0 ? "" : string.Concat(Enumerable.Repeat(opening[0] == '{' ? "}" : "]", depth))));

    private static string Bomb(Random random)
    {
        var bomb = new StringBuilder($"a0: &a0 [{Pick(random, "x", "~", "''", "[]")}{string.Concat(Enumerable.Repeat(", ~", random.Next(5, 12)))}]\n");
        for (var i = 1; i < random.Next(6, 40); i++) bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        return bomb.Append(Pick(random, "", "? *a0\n: 1\n", "<<: *a0\n")).ToString();
    }

    private static byte[] Encoded(Random random)
    {
        var text = Whole(random);
        return random.Next(5) switch
        {
            0 => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
            1 => [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(text)],
            2 => Encoding.Unicode.GetBytes(text),
            3 => Encoding.Latin1.GetBytes(text.Replace("other", "größer", StringComparison.Ordinal)),
            _ => [.. Encoding.UTF8.GetBytes(text[..^1]), 0, .. "}"u8],
        };
    }

    // Random bytes with one that no UTF-8 has, so that chance never makes a good file.
    private static (string, byte[]) Noise(Random random)
    {
        var content = new byte[random.Next(1, 4096)];
        random.NextBytes(content);
        content[random.Next(content.Length)] = 0xFF;
        return ($"x{Pick(random, ".json", ".yaml", ".yml", ".env")}", content);
    }
}
