using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Security;

namespace BlazorAdmin.Tests.Features.Documents.Intake;

/// <summary>The upload protocol over HTTP: headers, tokens, status codes.</summary>
public sealed class UploadProtocolTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Upload_StepByStep_AnswersAsTheProtocolSays()
    {
        using var person = await Sender("steps@example.org");
        var location = await person.Create("Übersicht.txt", 6);

        using (var head = await person.Head(location)) (Offset(head), Header(head, "Upload-Length"), Header(head, "Tus-Resumable"), Header(head, "Cache-Control")).ShouldBe(("0", "6", "1.0.0", "no-store"));
        using (var first = await person.Patch(location, 0, "abc"u8.ToArray())) (first.StatusCode, Offset(first)).ShouldBe((HttpStatusCode.NoContent, "3"));
        using (var list = await person.Send(HttpMethod.Get, UploadEndpoints.Route)) (await list.Content.ReadAsStringAsync()).ShouldContain("\"offset\":3");
        using (var wrong = await person.Patch(location, 0, "abc"u8.ToArray())) (wrong.StatusCode, Offset(wrong)).ShouldBe((HttpStatusCode.Conflict, "3"));
        using (var tooLong = await person.Patch(location, 3, "defg"u8.ToArray())) tooLong.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using (var empty = await person.Patch(location, 3, [])) (empty.StatusCode, Offset(empty)).ShouldBe((HttpStatusCode.NoContent, "3"));
        using var last = await person.Patch(location, 3, "def"u8.ToArray());
        last.StatusCode.ShouldBe(HttpStatusCode.OK);
        var id = Id(await last.Content.ReadAsStringAsync());
        using (var again = await person.Patch(location, 3, "def"u8.ToArray())) Id(await again.Content.ReadAsStringAsync()).ShouldBe(id);
        using (var head = await person.Head(location)) Offset(head).ShouldBe("6");
        using var original = await person.Send(HttpMethod.Get, $"/documents/{id}/original");
        (await original.Content.ReadAsStringAsync()).ShouldBe("abcdef");
    }

    [Fact]
    public async Task Upload_LiesAboutItsLength_IsCutAtTheAnnouncedSize()
    {
        using var person = await Sender("lies@example.org");
        var location = await person.Create("a.txt", 3);

        // Without a length: only counting finds it out.
        using (var answer = await person.Patch(location, 0, new ChunkedContent("abcdef"u8.ToArray()))) answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

        using var head = await person.Head(location);
        Offset(head).ShouldBe("0");
    }

    [Fact]
    public async Task Upload_ZeroBytes_IsDoneWithItsAnnouncement()
    {
        using var person = await Sender("zero@example.org");
        using var made = await person.Announce("nothing.txt", "0");
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await made.Content.ReadAsStringAsync()).ShouldContain("nothing.txt");
        Id(await made.Content.ReadAsStringAsync()).ShouldNotBe(Guid.Empty);
    }

    [Theory]
    [InlineData("x", null, HttpStatusCode.BadRequest)]
    [InlineData("-5", null, HttpStatusCode.BadRequest)]
    [InlineData("99999999999999999999", null, HttpStatusCode.BadRequest)]
    [InlineData("999999999999", null, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("5", "filename not-base64!", HttpStatusCode.BadRequest)]
    [InlineData("5", "filename YQ==,filename Yg==", HttpStatusCode.BadRequest)]
    [InlineData("5", "collection YWJj", HttpStatusCode.BadRequest)]
    [InlineData("5", "collection MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAx", HttpStatusCode.Forbidden)]
    public async Task Announce_Malformed_IsRefusedInWords(string length, string? metadata, HttpStatusCode expected)
    {
        using var person = await Sender($"malformed-{Guid.NewGuid():n}@example.org");
        using var answer = await person.Send(HttpMethod.Post, UploadEndpoints.Route, null, ("Upload-Length", length), ("Upload-Metadata", metadata ?? ""));
        answer.StatusCode.ShouldBe(expected);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task EveryChange_WithoutToken_IsRefused()
    {
        using var person = await Sender("token@example.org");
        var location = await person.Create("a.txt", 3);
        using var browser = await fixture.SignedInAsync("token@example.org");
        foreach (var (method, path) in new[] { (HttpMethod.Post, UploadEndpoints.Route), (HttpMethod.Patch, location), (HttpMethod.Delete, location), (HttpMethod.Post, $"{location}/choice?choice=Bin&of={Guid.NewGuid()}") })
        {
            using var content = new ByteArrayContent([1, 2, 3]);
            content.Headers.ContentType = new MediaTypeHeaderValue(UploadEndpoints.PieceType);
            using var answer = await browser.SendAsync(method, path, content, ("Accept", "application/json"), ("Upload-Offset", "0"), ("Upload-Length", "3"));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{method} {path}");
        }
        using var head = await person.Head(location);
        Offset(head).ShouldBe("0");
    }

    [Fact]
    public async Task EveryRequest_OfSomebodyElse_IsNotFound()
    {
        using var owner = await Sender("owner-u@example.org");
        using var stranger = await Sender("stranger-u@example.org", Roles.Editor);
        var location = await owner.Create("a.txt", 3);

        using (var head = await stranger.Head(location)) head.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using (var patch = await stranger.Patch(location, 0, [1])) patch.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using (var delete = await stranger.Send(HttpMethod.Delete, location)) delete.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using (var choice = await stranger.Send(HttpMethod.Post, $"{location}/choice?choice=Bin&of={Guid.NewGuid()}")) choice.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using (var own = await owner.Send(HttpMethod.Delete, location)) own.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await owner.Head(location);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Pieces_OtherTypeOrVersion_AreRefused()
    {
        using var person = await Sender("versions@example.org");
        var location = await person.Create("a.txt", 3);
        using var content = new ByteArrayContent([1]);
        using (var type = await person.Send(HttpMethod.Patch, location, content, ("Upload-Offset", "0"))) type.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using (var offset = await person.Patch(location, null, [1])) offset.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var version = await person.Send(HttpMethod.Get, UploadEndpoints.Route, null, ("Tus-Resumable", "0.2"));
        version.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    private async Task<TusSender> Sender(string mail, params string[] roles)
    {
        await fixture.AddUserAsync(mail, roles.Length == 0 ? [Roles.Member] : roles);
        return await TusSender.For(await fixture.SignedInAsync(mail));
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    private static string? Offset(HttpResponseMessage answer) => Header(answer, "Upload-Offset");

    private static Guid Id(string json) => JsonDocument.Parse(json).RootElement.GetProperty("document").GetProperty("id").GetGuid();

    /// <summary>A body that does not say how long it is.</summary>
    private sealed class ChunkedContent(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

/// <summary>Somebody who uploads by the protocol, with their antiforgery token.</summary>
internal sealed class TusSender(PortalClient browser, string header, string token) : IDisposable
{
    public static async Task<TusSender> For(PortalClient browser)
    {
        using var answer = await browser.GetAsync("/documents/upload-token");
        var ticket = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return new TusSender(browser, ticket.GetProperty("header").GetString()!, ticket.GetProperty("token").GetString()!);
    }

    public Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? content = null, params (string, string)[] headers) =>
        browser.SendAsync(method, path, content, [("Accept", "application/json"), (header, token), .. headers]);

    public Task<HttpResponseMessage> Announce(string name, string size) =>
        Send(HttpMethod.Post, UploadEndpoints.Route, null, ("Upload-Length", size), ("Upload-Metadata", $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes(name))}"));

    public async Task<string> Create(string name, long size)
    {
        using var made = await Announce(name, $"{size}");
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return made.Headers.Location!.ToString();
    }

    public Task<HttpResponseMessage> Head(string location) => Send(HttpMethod.Head, location);

    public Task<HttpResponseMessage> Patch(string location, long? offset, byte[] bytes) => Patch(location, offset, new ByteArrayContent(bytes));

    public async Task<HttpResponseMessage> Patch(string location, long? offset, HttpContent content)
    {
        using (content)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue(UploadEndpoints.PieceType);
            return await Send(HttpMethod.Patch, location, content, offset is null ? [] : [("Upload-Offset", $"{offset}")]);
        }
    }

    public void Dispose() => browser.Dispose();
}
