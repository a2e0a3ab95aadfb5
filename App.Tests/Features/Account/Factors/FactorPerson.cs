using System.Net;
using System.Text.RegularExpressions;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Security;

namespace BlazorAdmin.Tests.Features.Account.Factors;

/// <summary>Somebody who sets up an authenticator app through the pages.</summary>
internal sealed partial class FactorPerson(PortalFixture fixture, string email, PortalClient browser, byte[] seed, IReadOnlyList<string> codes) : IDisposable
{
    public string Email => email;

    /// <summary>Signed in, with a fresh proof.</summary>
    public PortalClient Browser => browser;

    public byte[] Seed => seed;

    public IReadOnlyList<string> RecoveryCodes => codes;

    /// <summary>A code that was not used yet; what was used before is forgotten, so that no test waits for the next one.</summary>
    public async Task<string> NextCodeAsync()
    {
        await fixture.QueryAsync(db => db.Users.Where(u => u.Email == email).ExecuteUpdateAsync(set => set.SetProperty(u => u.AuthenticatorStep, (long?)null)));
        return Totp.CodeAt(seed, Totp.StepOf(DateTimeOffset.UtcNow));
    }

    /// <summary>Six digits that are no code of now.</summary>
    public string WrongCode()
    {
        var now = Totp.StepOf(DateTimeOffset.UtcNow);
        var near = Enumerable.Range(-3, 8).Select(offset => Totp.CodeAt(seed, now + offset)).ToHashSet();
        return Enumerable.Range(0, 20).Select(i => $"{i:000000}").First(code => !near.Contains(code));
    }

    public static async Task<FactorPerson> CreateAsync(PortalFixture fixture, string email, params string[] roles)
    {
        await fixture.AddUserAsync(email, roles.Length == 0 ? [Roles.Member] : roles);
        return await SetUpAsync(fixture, email, await fixture.SignedInAsync(email));
    }

    public static async Task<FactorPerson> SetUpAsync(PortalFixture fixture, string email, PortalClient browser)
    {
        var page = await TextAsync(await browser.GetAsync("/account/security/authenticator"));
        var ticket = Ticket().Match(page).Groups[1].Value;
        var seed = Base32.Decode(SeedText().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal));
        var answer = await TextAsync(await browser.SubmitAsync("/account/security/authenticator", "authenticator",
            [("Ticket", ticket), ("Code", Totp.CodeAt(seed, Totp.StepOf(DateTimeOffset.UtcNow)))]));
        answer.ShouldContain("The authenticator app is on");
        return new FactorPerson(fixture, email, browser, seed, CodesOf(answer));
    }

    public static IReadOnlyList<string> CodesOf(string page) => [.. CodeText().Matches(page).Select(m => m.Groups[1].Value)];

    public static async Task<string> TextAsync(HttpResponseMessage response)
    {
        using (response) return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => browser.Dispose();

    [GeneratedRegex("name=\"Ticket\" value=\"([^\"]+)\"")]
    private static partial Regex Ticket();

    [GeneratedRegex("<code class=\"mono seed\"[^>]*>([^<]+)</code>")]
    private static partial Regex SeedText();

    [GeneratedRegex("<code class=\"mono\"[^>]*>([A-Z2-9]{5}-[A-Z2-9]{5})</code>")]
    private static partial Regex CodeText();
}
