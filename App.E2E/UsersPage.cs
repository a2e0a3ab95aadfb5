namespace BlazorAdmin.E2E;

/// <summary>The Users tab as an administrator uses it.</summary>
public sealed class UsersPage(IPage page)
{
    public async Task CreateAsync(string email, string role, string password)
    {
        await page.GotoAsync("/admin/users");
        await page.GetByRole(AriaRole.Button, new() { Name = "New user" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(role + " Person");
        await dialog.GetByLabel("E-mail").FillAsync(email);
        await dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await dialog.GetByLabel(role, new() { Exact = true }).CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create user" }).ClickAsync();
        await Assertions.Expect(page.GetByText(email).First).ToBeVisibleAsync();
    }
}
