using BlazorAdmin.Features.Documents.Reading;
using Xunit.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>The outcome a person would expect, for the files whose trouble is known.</summary>
public sealed class HostileOutcomesTests(ITestOutputHelper output) : SharedFilesTests(output)
{
    [SharedDataTheory]
    [InlineData("hostile/protected_normal_case.docx", ReadOutcome.NeedsPassword)]
    [InlineData("hostile/protect.xlsx", ReadOutcome.NeedsPassword)]
    [InlineData("hostile/testODTEncrypted.odt", ReadOutcome.NeedsPassword)]
    [InlineData("hostile/testZipEncrypted.zip", ReadOutcome.NeedsPassword)]
    [InlineData("ingest/password-is-test.pdf", ReadOutcome.NeedsPassword)]
    [InlineData("hostile/testWORD_truncated.docx", ReadOutcome.Damaged)]
    [InlineData("hostile/testZIP_corrupted_oom.zip", ReadOutcome.Suspicious)]
    [InlineData("hostile/quine.gz", ReadOutcome.Unsupported)]
    [InlineData("hostile/testXXE.xml", ReadOutcome.NoText)]
    [InlineData("hostile/testPDF_protected.pdf", ReadOutcome.Ready)]
    [InlineData("hostile/testOCR.png", ReadOutcome.Ready)]
    [InlineData("hostile/testTIFF_multipage.tif", ReadOutcome.Ready)]
    [InlineData("ingest/invalid_pdf.pdf", ReadOutcome.Ready)]
    [InlineData("ingest/tagged-but-no-text.pdf", ReadOutcome.Ready)]
    public async Task Read_KnownTrouble_IsNamed(string file, ReadOutcome expected) => (await EndsInNamedOutcome(file)).Outcome.ShouldBe(expected);
}
