using BlazorAdmin.Features.Documents.Reading;
using Xunit.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class HostileFilesTests(ITestOutputHelper output) : SharedFilesTests(output)
{
    public static TheoryData<string> Files => SharedData.Files("hostile", "ingest");

    [SharedDataTheory]
    [MemberData(nameof(Files), DisableDiscoveryEnumeration = false)]
    public async Task Read_HostileFile_EndsInNamedOutcome(string file) => await EndsInNamedOutcome(file);
}
