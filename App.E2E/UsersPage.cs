namespace BlazorAdmin.E2E;

/// <summary>The Users tab as an administrator uses it.</summary>
public sealed class UsersPage(IPage page)
{
    public async Task CreateAsync(string email, string role, string password)
    {
        await page.GotoAsync("/admin/users/new");
        await Drafts.QuietAsync(page);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(NameOf(email));
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Link or password to hand over").CheckAsync();
        await page.GetByLabel("First password (optional)").FillAsync(password);
        await page.GetByLabel(role, new() { Exact = true }).CheckAsync();
        // A draft of somebody else must not give this one more than was asked for; members are all.
        var roles = page.GetByRole(AriaRole.Group, new() { Name = "Roles" }).GetByRole(AriaRole.Checkbox);
        foreach (var other in await roles.AllAsync())
            if (await other.IsCheckedAsync() && await other.EvaluateAsync<string>("box => box.labels[0].textContent.trim()") is var name && name != role && name != "Member") await other.UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create user" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "is created" })).ToBeVisibleAsync();
        // The form that went takes its draft away; who closes the window before would leave it to the next.
        await Drafts.QuietAsync(page);
    }

    public static string NameOf(string email) => "Person " + email[..email.IndexOf('@')];

    public async Task OpenAsync(string email)
    {
        await page.GotoAsync("/admin/users");
        await page.GetByRole(AriaRole.Link, new() { Name = NameOf(email) }).ClickAsync();
    }
}
