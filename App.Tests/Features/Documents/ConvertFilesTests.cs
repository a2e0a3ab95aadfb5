using Xunit.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class ConvertFilesTests(ITestOutputHelper output) : SharedFilesTests(output)
{
    public static TheoryData<string> Files => SharedData.Files("convert");

    [SharedDataTheory]
    [MemberData(nameof(Files))]
    public async Task Read_OrdinaryFile_EndsInNamedOutcome(string file) => await EndsInNamedOutcome(file);
}
