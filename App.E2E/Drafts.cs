namespace BlazorAdmin.E2E;

/// <summary>What a page says to the server about typed input that is not sent.</summary>
public static class Drafts
{
    /// <summary>The page has asked for drafts, and nothing is under way any more: a page that is left now takes no word with it.</summary>
    public static async Task QuietAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
        await page.WaitForFunctionAsync("() => performance.getEntriesByType('resource').some(one => one.name.includes('/drafts?') || one.name.includes('/drafts/form'))");
        await page.WaitForFunctionAsync("async () => { await customElements.whenDefined('portal-draft'); await portal.keepDrafts(); return true; }");
    }
}
