using System.Globalization;
using System.Text;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>The program fasttext (P. Bojanowski et al., "Bag of tricks for efficient text classification", 2017), run like every other tool.</summary>
/// <param name="log">Technical lines for operators.</param>
public sealed class FastText(IProcessRunner runner, WorkFolder folder, Action<string> log)
{
    public const string Program = "fasttext";
    public const string Package = "fasttext";

    private const string Label = "__label__";
    private const string Packages = "/var/lib/dpkg/status";
    private static readonly ToolLimits Training = new()
    {
        WallClock = TimeSpan.FromMinutes(30), Processor = TimeSpan.FromMinutes(30), MemoryBytes = 2L << 30, FileBytes = 1L << 30, FolderBytes = 4L << 30, OutputBytes = 1 << 20,
    };

    private static readonly ToolLimits Asking = new()
    {
        WallClock = TimeSpan.FromMinutes(2), Processor = TimeSpan.FromMinutes(2), MemoryBytes = 2L << 30, FolderBytes = 4L << 30,
    };

    /// <summary>The program does not say its version; Debian's package does. Null: fastText is not installed.</summary>
    public static string? InstalledVersion()
    {
        if (ToolChain.Find(Program) is null) return null;
        if (!File.Exists(Packages)) return "fastText";
        var version = File.ReadLines(Packages).SkipWhile(line => line != $"Package: {Package}").TakeWhile(line => line.Length > 0).FirstOrDefault(line => line.StartsWith("Version: ", StringComparison.Ordinal));
        return version is null ? "fastText" : $"fastText {version[9..]}";
    }

    /// <summary>Trains on lines with the index of their label.</summary>
    /// <param name="name">Of the files in the working folder.</param>
    /// <returns>Path of the model in the working folder.</returns>
    /// <exception cref="ClassifierFaultException"/>
    public async Task<string> Train(string name, IEnumerable<(int Label, string Line)> lines, IReadOnlyList<string> settings, CancellationToken cancel)
    {
        var input = folder.File(name + ".txt");
        await File.WriteAllLinesAsync(input, lines.Select(one => string.Create(CultureInfo.InvariantCulture, $"{Label}{one.Label} {one.Line}")), cancel);
        var output = folder.File(name);
        Check(await Run(["supervised", "-input", input, "-output", output, .. settings], [], Training, cancel));
        File.Delete(input);
        // Word vectors as text: nobody reads them.
        File.Delete(output + ".vec");
        return output + ".bin";
    }

    /// <summary>Probabilities of all labels for each line, in one run.</summary>
    /// <param name="model">Absolute path.</param>
    /// <exception cref="ClassifierFaultException"/>
    public async Task<IReadOnlyList<double[]>> Predict(string model, IReadOnlyList<string> lines, int labels, CancellationToken cancel)
    {
        if (lines.Count == 0) return [];
        var input = folder.File($"ask-{Guid.NewGuid():n}.txt");
        await File.WriteAllTextAsync(input, string.Join('\n', lines) + "\n", new UTF8Encoding(false), cancel);
        string[] reads = model.StartsWith(folder.Path, StringComparison.Ordinal) ? [] : [model];
        var result = await Run(["predict-prob", model, input, "-1"], reads, Asking, cancel);
        File.Delete(input);
        Check(result);
        var answers = result.Text.TrimEnd('\n').Split('\n');
        if (answers.Length != lines.Count) throw new ClassifierFaultException(new ReadReason("ToolFailed", Program), isOfTheMachine: true);
        return [.. answers.Select(answer => Parse(answer, labels))];
    }

    private static double[] Parse(string answer, int labels)
    {
        var probabilities = new double[labels];
        var parts = answer.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < parts.Length; i += 2)
            if (int.TryParse(parts[i].AsSpan(Math.Min(Label.Length, parts[i].Length)), CultureInfo.InvariantCulture, out var label) && label >= 0 && label < labels && double.TryParse(parts[i + 1], CultureInfo.InvariantCulture, out var probability))
                probabilities[label] = Math.Clamp(probability, 0, 1);
        return probabilities;
    }

    private async Task<ToolResult> Run(IReadOnlyList<string> arguments, IReadOnlyList<string> reads, ToolLimits limits, CancellationToken cancel)
    {
        var result = await runner.Run(new ToolCommand(Program, arguments, folder) { Reads = reads, Limits = limits }, cancel);
        if (!result.Succeeded) log($"{Program} {arguments[0]}: {result.End}, code {result.ExitCode}, {result.Errors.Trim().Split('\n', 2)[0]}");
        return result;
    }

    private static void Check(ToolResult result)
    {
        if (result.Succeeded) return;
        throw new ClassifierFaultException(result.End == ToolEnd.NotStarted ? new ReadReason("ToolMissing", Program, Package) : new ReadReason("ToolFailed", Program), isOfTheMachine: true);
    }
}
