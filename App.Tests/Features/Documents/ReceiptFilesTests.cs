using Xunit.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class ReceiptFilesTests(ITestOutputHelper output) : SharedFilesTests(output)
{
    public static TheoryData<string> Files => SharedData.Files("receipts");

    [SharedDataTheory]
    [MemberData(nameof(Files))]
    public async Task Read_Receipt_EndsInNamedOutcome(string file) => await EndsInNamedOutcome(file);
}
