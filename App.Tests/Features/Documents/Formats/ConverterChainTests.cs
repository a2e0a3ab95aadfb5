using BlazorAdmin.Features.Documents.Formats;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

public sealed class ConverterChainTests
{
    private static readonly Converter Broken = Ends("broken", StepResult<Conversion>.Ended(ReadOutcome.Damaged, "DocumentDamaged"));
    private static readonly Converter Missing = Ends("missing", StepResult<Conversion>.Ended(ReadOutcome.Failed, "ToolMissing", "x"));
    private static readonly Converter Trap = Ends("trap", StepResult<Conversion>.Ended(ReadOutcome.Suspicious, "ExternalEntities"));
    private static readonly Converter Silent = Ends("silent", StepResult<Conversion>.Ready(new Conversion([new PageText(1, "", null, TextOrigin.File, null)], [], "silent")));
    private static readonly Converter Good = Ends("good", StepResult<Conversion>.Ready(new Conversion([new PageText(1, "text", null, TextOrigin.File, null)], [], "good")));

    [Fact]
    public async Task Run_FirstFails_TakesTheNextAndLogsWhy()
    {
        var (result, lines) = await Run(Broken, Missing, Silent, Good);
        result.Output!.Engine.ShouldBe("good");
        lines.ShouldBe(["broken: Damaged (DocumentDamaged)", "missing: Failed (ToolMissing(x))", "silent: no text"]);
    }

    [Fact]
    public async Task Run_AllFail_SaysWhatIsWrongWithTheFile()
    {
        (await Run(Missing, Broken)).Result.Outcome.ShouldBe(ReadOutcome.Damaged);
        (await Run(Broken, Missing)).Result.Outcome.ShouldBe(ReadOutcome.Damaged);
        (await Run(Missing)).Result.Outcome.ShouldBe(ReadOutcome.Failed);
        (await Run(Broken, Silent, Missing)).Result.Output!.Engine.ShouldBe("silent");
    }

    [Fact]
    public async Task Run_MadeToHarm_IsOpenedByNoOther() => (await Run(Trap, Good)).Result.Outcome.ShouldBe(ReadOutcome.Suspicious);

    private static Converter Ends(string name, StepResult<Conversion> result) => new(name, (_, _, _) => Task.FromResult(result));

    private static async Task<(StepResult<Conversion> Result, List<string> Lines)> Run(params Converter[] chain)
    {
        using var bench = await ReadingBench.Create();
        using var folder = bench.NewFolder();
        var input = new ConvertInput(new DocumentSource("/none", "a.docx"), new Inspection(ContentType.Docx, 1, null));
        return (await ConverterChain.Run(chain, input, bench.Context(folder), CancellationToken.None), bench.Lines);
    }
}
