using System.Net;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Security;
using BlazorAdmin.Security.Http;
using Microsoft.AspNetCore.Http;

namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>What is read of a believed proxy's headers.</summary>
public sealed class ProxyHeadersTests
{
    private const string Secret = "sixteen letters!";

    private static readonly SingleSignOnOptions Named = new() { Enabled = true, Secret = Secret, MailHeader = "X-Remote-Email", NameHeader = "X-Remote-Name", GroupsHeader = "X-Remote-Groups" };

    [Fact]
    public async Task Read_HeadersThatNobodyNamed_AreTheVisitorsAndNotRead()
    {
        var identity = await ReadAsync(new SingleSignOnOptions { Enabled = true, Secret = Secret }, ("X-Remote-Email", "chief@example.org"), ("X-Remote-Name", "Somebody else"), ("X-Remote-Groups", "root"));

        identity.ShouldBe(new ProxyIdentity("grace", null, "", null));
    }

    [Fact]
    public async Task Read_NamedHeaders_AreRead()
    {
        var identity = await ReadAsync(Named, ("X-Remote-Email", "grace@example.org"), ("X-Remote-Name", "Grace"), ("X-Remote-Groups", "ops, staff"));

        (identity.Mail, identity.DisplayName).ShouldBe(("grace@example.org", "Grace"));
        identity.Groups.ShouldBe(["ops", "staff"]);
    }

    [Fact]
    public async Task Read_HeaderThatComesTwice_IsNotBelieved()
    {
        var identity = await ReadAsync(Named, ("X-Remote-Email", "grace@example.org"), ("X-Remote-Email", "chief@example.org"), ("X-Remote-Groups", "staff"), ("X-Remote-Groups", "root"));

        identity.ShouldBe(new ProxyIdentity("grace", null, "", null));
    }

    private static async Task<ProxyIdentity> ReadAsync(SingleSignOnOptions options, params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
        http.Request.Headers["X-Remote-User"] = "Grace";
        http.Request.Headers[options.SecretHeader] = Secret;
        foreach (var (name, value) in headers) http.Request.Headers.Append(name, value);

        await new ProxyHeaders(_ => Task.CompletedTask, new SetOptions<SingleSignOnOptions>(options), new SetOptions<SecurityOptions>(new SecurityOptions { KnownProxies = ["192.0.2.7"] })).InvokeAsync(http);

        return http.Features.Get<ProxyIdentity>().ShouldNotBeNull();
    }
}
