namespace BlazorAdmin.E2E;

/// <summary>axe-core finds nothing serious on any page, in both themes, wide and narrow, and no page scrolls sideways.</summary>
[Collection(PortalCollection.Name)]
public sealed class AccessibilityTests(Portal portal) : Journey(portal)
{
    internal static readonly string[] Pages =
    [
        "/", "/documents", "/notifications", "/about",
        "/account", "/account/password", "/account/security", "/account/security/authenticator", "/account/confirm", "/account/sessions", "/account/email", "/account/activity", "/account/forgot", "/account/notifications", "/account/data",
        "/admin/documents", "/admin/documents/folders", "/admin/documents/converter", "/admin/jobs", "/admin/jobs/queues", "/admin/jobs/queues?type=documents.read", "/admin/jobs/workers", "/admin/jobs/statistics", "/admin/schedules",
        "/documents/duplicates", "/admin/documents/types", "/admin/documents/types?tab=model", "/admin/documents/types?tab=unsure",
        "/documents/shared", "/documents/bin", "/admin/documents/collections", "/admin/documents/tags", "/admin/documents/retention", "/admin/documents/trash",
        "/admin/documents/rules", "/admin/documents/rules?tab=validation", "/admin/documents/rules?tab=quality",
        "/admin/monitor", "/admin/monitor?range=1h", "/admin/monitor/processes", "/admin/monitor/application", "/admin/logs", "/admin/health",
        "/admin/users", "/admin/users/new", "/admin/users/import", "/admin/users/directory", "/admin/roles", "/admin/audit", "/admin/tokens",
        "/admin/mail", "/admin/mail/templates", "/admin/mail/templates/reports.report?lang=de&compare=0", "/admin/mail/connection", "/admin/mail/suppressed",
        "/admin/system", "/admin/system?section=Security", "/admin/system?section=Maintenance", "/admin/system/history", "/admin/system/files", "/admin/system/checklist",
        "/admin/flags", "/admin/flags?q=documents.upload", "/admin/flags/new", "/admin/flags/documents.upload", "/admin/flags/documents.upload/given", "/admin/flags/documents.upload/history",
    ];

    // The script that looks for violations comes from outside and would itself be refused.
    // The preview of a mail lets no script run, not even the one with which the test's driver looks into it.
    protected override bool IsExpected(string problem) =>
        problem.Contains("404", StringComparison.Ordinal) || problem.Contains("403", StringComparison.Ordinal) || problem.Contains("Blocked script execution in 'about:srcdoc'", StringComparison.Ordinal);

    [Theory]
    [InlineData(ColorScheme.Light, 1366)]
    [InlineData(ColorScheme.Dark, 1366)]
    [InlineData(ColorScheme.Light, 360)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Pages_CheckedWithAxe_HaveNothingSerious(ColorScheme scheme, int width)
    {
        var found = new List<string>();
        var page = await OpenAsync("Administrator", "/documents", scheme, width);
        await new DocumentsView(page).UploadAsync($"axe-{scheme}-{width}.pdf", SamplePdf.WithText("to be looked at"));
        foreach (var path in Pages.Append("/no-such-page"))
        {
            await page.GotoAsync(path);
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
            found.AddRange((await Axe.ViolationsAsync(page)).Select(problem => $"{path}: {problem}"));
            if (await Axe.SidewaysAsync(page) is > 0 and var pixels) found.Add($"{path}: scrolls sideways by {pixels} px");
        }

        found.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task SignIn_CheckedWithAxe_HasNothingSerious(ColorScheme scheme)
    {
        var page = await OpenAsync(null, "/account/login", scheme);
        foreach (var path in new[] { "/account/login", "/account/forgot", "/account/link", "/account/email/confirm" })
        {
            await page.GotoAsync(path);
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
            (await Axe.ViolationsAsync(page)).ShouldBeEmpty(path);
        }
    }
}
