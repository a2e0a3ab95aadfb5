using BlazorAdmin.Features.Documents.Formats;
using BlazorAdmin.Features.Documents.Reading;
using OneConverter = BlazorAdmin.Features.Documents.Formats.Converter;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

public sealed class ConverterChainTests
{
    private static readonly OneConverter Broken = Ends("broken", StepResult<Conversion>.Ended(ReadOutcome.Damaged, "DocumentDamaged"));
    private static readonly OneConverter Missing = Ends("missing", StepResult<Conversion>.Ended(ReadOutcome.Failed, "ToolMissing", "x"));
    private static readonly OneConverter Trap = Ends("trap", StepResult<Conversion>.Ended(ReadOutcome.Suspicious, "ExternalEntities"));
    private static readonly OneConverter Silent = Ends("silent", StepResult<Conversion>.Ready(new Conversion([new PageText(1, "", null, TextOrigin.File, null)], [], "silent")));
    private static readonly OneConverter Good = Ends("good", StepResult<Conversion>.Ready(new Conversion([new PageText(1, "text", null, TextOrigin.File, null)], [], "good")));

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

    private static OneConverter Ends(string name, StepResult<Conversion> result) => new(name, (_, _, _) => Task.FromResult(result));

    private static async Task<(StepResult<Conversion> Result, List<string> Lines)> Run(params OneConverter[] chain)
    {
        using var bench = await ReadingBench.Create();
        using var folder = bench.NewFolder();
        var input = new ConvertInput(new DocumentSource("/none", "a.docx"), new Inspection(ContentType.Docx, 1, null));
        return (await ConverterChain.Run(chain, input, bench.Context(folder), CancellationToken.None), bench.Lines);
    }
}
