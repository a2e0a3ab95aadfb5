using System.Net;
using System.Text.RegularExpressions;

namespace BlazorAdmin.Tests;

/// <summary>A browser without scripts: keeps cookies, follows no redirect, fills forms with their antiforgery token.</summary>
public sealed partial class PortalClient : IDisposable
{
    private readonly HttpClient _http;

    public PortalClient(Uri address) : this(address, new SocketsHttpHandler())
    {
    }

    /// <summary>A browser that reaches the portal by a way of its own.</summary>
    public PortalClient(Uri address, SocketsHttpHandler way)
    {
        Cookies = new CookieContainer();
        (way.CookieContainer, way.AllowAutoRedirect) = (Cookies, false);
        _http = new HttpClient(way) { BaseAddress = address };
    }

    public CookieContainer Cookies { get; }

    public string? SessionCookie => Cookies.GetCookies(_http.BaseAddress!)is var cookies ? (cookies["__Host-BlazorAdmin"] ?? cookies["BlazorAdmin"])?.Value : null;

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    /// <summary>Sends a header with every request from now on, as a proxy in between would.</summary>
    public void Always(string name, string value) => _http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (!headers.Any(h => h.Name == "Accept")) request.Headers.Add("Accept", "text/html");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await _http.SendAsync(request);
    }

    /// <summary>Opens a page and posts its form, or posts to <paramref name="action"/> with the page's token.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, string? handler, IEnumerable<(string Name, string Value)> fields, string? action = null)
    {
        using var page = await GetAsync(path);
        var token = Token().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;
        var form = fields.Append(("__RequestVerificationToken", token));
        if (handler is not null) form = form.Append(("_handler", handler));
        return await SendAsync(HttpMethod.Post, action ?? path, new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Item1, f.Item2))));
    }

    public Task<HttpResponseMessage> TrySignInAsync(string email, string password, string path = "/account/login") =>
        SubmitAsync(path, "login", [("Email", email), ("Password", password)]);

    public async Task SignInAsync(string email, string password)
    {
        using var answer = await TrySignInAsync(email, password);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
        SessionCookie.ShouldNotBeNull();
    }

    public Task<HttpResponseMessage> SignOutAsync() => SubmitAsync("/account", null, [], "/account/logout");

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
