using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>What an auditor does with the audit: sees that it is sealed, verifies it, takes it away as a file.</summary>
[Collection(PortalCollection.Name)]
public sealed class AuditTests(Portal portal) : Journey(portal)
{
    [Fact]
    public async Task Audit_Verified_ShowsTheResultAndTheSealedRows()
    {
        var page = await OpenAsync("Auditor", "/admin/audit");
        var chain = page.Locator("section.chain");
        await Assertions.Expect(chain).ToContainTextAsync(new Regex("Sealed up to #\\d"));
        await Assertions.Expect(page.Locator("tr[data-row]").Last).ToContainTextAsync(new Regex("#\\d"));

        await chain.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
        await Assertions.Expect(chain).ToContainTextAsync(new Regex("\\d rows? verified"));
        await Assertions.Expect(chain.Locator(".chip.ok").Filter(new() { HasText = "as written" })).ToBeVisibleAsync();
        await Assertions.Expect(chain).ToContainTextAsync(new Regex("Head #\\d"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "audit.png") });

        await page.Locator("tr[data-row] a").First.ClickAsync();
        await Assertions.Expect(page.Locator(".drawer")).ToContainTextAsync(new Regex("Place in the chain\\s*#\\d"));
    }

    [Fact]
    public async Task Audit_NarrowAndDark_ShowsHowFarItIsSealed()
    {
        var page = await OpenAsync("Auditor", "/admin/audit", ColorScheme.Dark, 360);
        await Assertions.Expect(page.Locator("section.chain")).ToContainTextAsync(new Regex("Sealed up to #\\d"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "audit-narrow.png") });
    }

    [Fact]
    public async Task Export_AsCsv_HoldsRowsWithTheirPlaceInTheChain()
    {
        var page = await OpenAsync("Auditor", "/admin/audit?action=setup.administrator");
        await Assertions.Expect(page.Locator("section.chain")).ToContainTextAsync(new Regex("Sealed up to #\\d"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("CSV") }).ClickAsync());

        var csv = await File.ReadAllTextAsync(await download.PathAsync());
        csv.ShouldContain("Place in the chain");
        csv.ShouldContain("setup.administrator");
    }

    [Fact]
    public async Task Audit_OpenedByAMember_IsForbidden()
    {
        var page = await OpenAsync("Member", "/admin/audit");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("You may not open this");
    }

    [Fact]
    public async Task CommandLine_BesideTheRunningPortal_SaysWhetherTheAuditIsAsItWasWritten()
    {
        var data = Places.NewDataDirectory();
        try
        {
            await using var portal = await PortalProcess.StartAsync(data, new Dictionary<string, string?> { ["Bootstrap__AdminEmail"] = E2E.Portal.AdminEmail, ["Bootstrap__AdminPassword"] = E2E.Portal.Password });
            var anchor = Path.Combine(data, "audit.anchor");
            await Eventually.Holds(() => Task.FromResult(File.Exists(anchor)), what: "the first rows are sealed");
            await VerifyAsync(data, 0, "The audit is as it was written.");

            await File.WriteAllTextAsync(anchor, "v1 99 " + new string('0', 64) + " 1 " + new string('0', 64));
            await VerifyAsync(data, 1, "an anchor was not signed by this installation");
        }
        finally
        {
            Places.DeleteDataDirectory(data);
        }
    }

    private static async Task VerifyAsync(string data, int code, string says)
    {
        await using var verb = PortalProcess.Launch(data, null, "http://127.0.0.1:0", "audit", "verify");
        await Eventually.Holds(() => Task.FromResult(verb.HasExited && verb.Output.Contains(says, StringComparison.Ordinal)), TimeSpan.FromMinutes(3), $"it says '{says}'");
        verb.ExitCode.ShouldBe(code, verb.Output);
    }

    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);
}
