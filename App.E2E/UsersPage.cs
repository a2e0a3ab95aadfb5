namespace BlazorAdmin.E2E;

/// <summary>The Users tab as an administrator uses it.</summary>
public sealed class UsersPage(IPage page)
{
    public async Task CreateAsync(string email, string role, string password)
    {
        await page.GotoAsync("/admin/users/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(NameOf(email));
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Link or password to hand over").CheckAsync();
        await page.GetByLabel("First password (optional)").FillAsync(password);
        await page.GetByLabel(role, new() { Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create user" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "is created" })).ToBeVisibleAsync();
    }

    public static string NameOf(string email) => "Person " + email[..email.IndexOf('@')];

    public async Task OpenAsync(string email)
    {
        await page.GotoAsync("/admin/users");
        await page.GetByRole(AriaRole.Link, new() { Name = NameOf(email) }).ClickAsync();
    }
}
