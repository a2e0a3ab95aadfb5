namespace BlazorAdmin.E2E;

/// <summary>
/// Lighthouse finds nothing to say about accessibility and little about good practice. A twelfth of the pages, for the time it
/// takes; all of them, and how fast they are, which depends on the machine, stand in the benchmarks (group <c>portal</c>, row
/// <c>lighthouse</c>).
/// </summary>
[Collection(PortalCollection.Name)]
public sealed class LighthouseTests(Portal portal)
{
    [Fact]
    public async Task Pages_CheckedWithLighthouse_AreAccessibleAndSound()
    {
        var state = await portal.SignedInAs("Administrator");

        string[] pages = [.. AccessibilityTests.Pages.Where((_, index) => index % 12 == 0)];

        var reports = await Lighthouse.RunAsync(portal.Address, state, pages, "accessibility", "best-practices");

        reports.Count.ShouldBe(pages.Length);
        // A page that led to the sign-in would score well and say nothing.
        reports.Where(report => report.Page.Contains("/account/login", StringComparison.Ordinal) || report.Error is not null).ShouldBeEmpty();
        reports.Where(report => report.Scores["accessibility"] < 100 || report.Scores["best-practices"] < 95)
            .Select(report => $"{report.Page}: accessibility {report.Scores["accessibility"]}, best practices {report.Scores["best-practices"]}: {string.Join("; ", report.Failed)}")
            .ShouldBeEmpty();
    }
}
