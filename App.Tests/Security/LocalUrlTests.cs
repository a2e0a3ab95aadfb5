using BlazorAdmin.Security;

namespace BlazorAdmin.Tests.Security;

public sealed class LocalUrlTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("////evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\/evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/%2fevil.example")]
    [InlineData("/%2Fevil.example")]
    [InlineData("%2f%2fevil.example")]
    [InlineData("/%5cevil.example")]
    [InlineData("/%255cevil.example")]
    [InlineData("/%252fevil.example")]
    [InlineData("http://evil.example")]
    [InlineData("https:evil.example")]
    [InlineData("HTTPS://evil.example/path")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("evil.example")]
    [InlineData("?q=1")]
    [InlineData("/\tevil")]
    [InlineData("/\r\nSet-Cookie: a=b")]
    [InlineData("/%0d%0aSet-Cookie:%20a=b")]
    [InlineData("/%00")]
    [InlineData(" //evil.example")]
    [InlineData("/account/login")]
    [InlineData("/account/logout?x=1")]
    public void Clean_ForeignOrLooping_IsTheStartPage(string? url) => LocalUrl.Clean(url).ShouldBe("/");

    [Theory]
    [InlineData("/")]
    [InlineData("/admin/jobs?state=failed&q=a%20b")]
    [InlineData("/documents?item=1#text")]
    [InlineData("/admin/audit?subject=user%2F1")]
    public void Clean_Local_Stays(string url) => LocalUrl.Clean(url).ShouldBe(url);
}
