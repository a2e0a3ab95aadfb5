using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Directories.Ldap;

namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>The portal's LDAP against a real server.</summary>
public sealed class LdapConversationTests
{
    [SlapdFact]
    public async Task Open_EachWayToTls_IsSecured()
    {
        await using var slapd = await TestSlapd.StartAsync(["grace"]);
        foreach (var servers in new[] { $"ldaps://localhost:{slapd.TlsPort}", $"ldap://localhost:{slapd.Port}", $"ldaps://localhost:1 ldap://localhost:{slapd.Port}" })
        {
            var steps = new List<LdapStep>();

            await using var conversation = await Client(slapd.Options(o => o.Servers = servers)).OpenAsync(steps.Add, default);

            steps.Where(s => s is { Took: not null, Failure: null }).Select(s => s.Stage).TakeLast(4).ShouldBe([LdapStage.Resolve, LdapStage.Connect, LdapStage.Encrypt, LdapStage.SignIn], servers);
            steps.Single(s => s is { Stage: LdapStage.Encrypt, Took: not null }).Answer.ShouldNotBeNull().ShouldContain("Tls");
        }
    }

    [SlapdTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_CertificateThatIsNotToBeTrusted_SaysWhy(bool startTls)
    {
        await using var slapd = await TestSlapd.StartAsync(["grace"]);
        string At(string host) => startTls ? $"ldap://{host}:{slapd.Port}" : $"ldaps://{host}:{slapd.TlsPort}";

        (await FailureAsync(slapd.Options(o => (o.Servers, o.AuthorityFile) = (At("localhost"), slapd.StrangerFile)))).ShouldBe(LdapFault.Certificate, "authority", "Authority of the tests");
        (await FailureAsync(slapd.Options(o => (o.Servers, o.AuthorityFile) = (At("localhost"), null)))).ShouldBe(LdapFault.Certificate, "system", "not trusted");
        (await FailureAsync(slapd.Options(o => o.Servers = At("127.0.0.1")))).ShouldBe(LdapFault.Certificate, "name", "not for 127.0.0.1");
    }

    [SlapdFact]
    public async Task Open_ExpiredCertificate_SaysWhen()
    {
        await using var slapd = await TestSlapd.StartAsync(["grace"], expired: true);

        (await FailureAsync(slapd.Options())).ShouldBe(LdapFault.Certificate, "expired", "valid from");
    }

    [SlapdFact]
    public async Task SignIn_WrongPasswordOfThePortal_IsTold()
    {
        await using var slapd = await TestSlapd.StartAsync(["grace"]);

        var failure = await FailureAsync(slapd.Options(o => o.BindPassword = "wrong"));

        failure.ShouldBe(LdapFault.SignInRefused, "bind", "Directory:BindDn");
        failure.Detail.ShouldNotBeNull().ShouldStartWith("49");
    }

    [Fact]
    public async Task Open_NobodyThereOrSilentOrNoLdap_EndsWithItsName()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var talking = Task.Run(async () =>
        {
            using var client = await other.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("220 mail.example.org ESMTP\r\n"u8.ToArray());
            _ = await client.GetStream().ReadAsync(new byte[1000]);
        });
        DirectoryOptions Options(int port) => new() { Enabled = true, Servers = $"ldap://127.0.0.1:{port}", StartTls = false, BindDn = "cn=x", BindPassword = "y", BaseDn = "dc=x", AnswerSeconds = 1 };

        (await FailureAsync(Options(1))).ShouldBe(LdapFault.Unreachable, "closed", "takes no connection");
        (await FailureAsync(Options(((IPEndPoint)silent.LocalEndpoint).Port))).ShouldBe(LdapFault.NoAnswer, "silent", "1 s");
        (await FailureAsync(new DirectoryOptions { Enabled = true, Servers = $"ldap://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}", StartTls = false, BindDn = "cn=x", BindPassword = "y", BaseDn = "dc=x" })).ShouldBe(LdapFault.NotLdap, "mail", "does not speak LDAP");
        (await FailureAsync(new DirectoryOptions { Enabled = true, Servers = "ldaps://169.254.169.254", BaseDn = "dc=x" })).ShouldBe(LdapFault.AddressNotAllowed, "metadata", "169.254");
        await talking;
    }

    [SlapdFact]
    public async Task FindAll_MoreThanOnePage_IsComplete()
    {
        await using var slapd = await TestSlapd.StartAsync(Enumerable.Range(0, 60).Select(i => $"person{i}"));
        var client = Client(slapd.Options(o => o.PageSize = 10));
        await using var conversation = await client.OpenAsync(null, default);
        var found = new HashSet<string>();

        await foreach (var person in client.AllAsync(conversation, _ => false, default)) found.Add(person.Key);

        found.Count.ShouldBe(60);
    }

    [SlapdFact]
    public async Task FindAll_ServerGivesOnlyAPart_IsAnErrorNotAShorterList()
    {
        await using var slapd = await TestSlapd.StartAsync(Enumerable.Range(0, 40).Select(i => $"person{i}"), mostInAll: 15);
        var client = Client(slapd.Options(o => o.PageSize = 10));
        await using var conversation = await client.OpenAsync(null, default);

        var failure = await Should.ThrowAsync<LdapException>(async () =>
        {
            await foreach (var person in client.AllAsync(conversation, _ => false, default)) person.Key.ShouldNotBeEmpty();
        });

        failure.Fault.ShouldBe(LdapFault.Incomplete);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Find_ServerThatNeverStops_IsLeft(bool paged)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var entry = Answer(4, writer =>
        {
            writer.WriteOctetString("uid=again,dc=x"u8);
            using (writer.PushSequence())
            {
            }
        });
        var talking = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            try
            {
                while (true) await client.GetStream().WriteAsync(entry);
            }
            catch (IOException)
            {
                // Left.
            }
        });
        var options = new DirectoryOptions { Enabled = true, Servers = $"ldap://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", StartTls = false, BaseDn = "dc=x", PageSize = 10, AnswerSeconds = 300 };
        await using (var conversation = await Client(options).OpenAsync(null, default))
        {
            var failure = await Should.ThrowAsync<LdapException>(async () =>
            {
                if (paged) await conversation.FindAllAsync("dc=x", "(uid=*)", ["uid"], default).GetAsyncEnumerator().MoveNextAsync();
                else await conversation.FindAsync("dc=x", LdapScope.Subtree, "(uid=*)", ["uid"], 2, default);
            });

            failure.Fault.ShouldBe(LdapFault.Incomplete);
        }

        await talking;
    }

    private static byte[] Answer(int kind, Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            using (writer.PushSequence(new Asn1Tag(TagClass.Application, kind))) write(writer);
        }

        return writer.Encode();
    }

    [SlapdFact]
    public async Task Find_HostileNames_FindNobody()
    {
        await using var slapd = await TestSlapd.StartAsync(["grace", "ada"]);
        var client = Client(slapd.Options());
        await using var conversation = await client.OpenAsync(null, default);

        foreach (var login in new[] { "*", "*)(uid=*", "g*", "grace)(objectClass=*", "grace\0", "\0", ")(", "\\67race", "grace))(|(uid=*" })
            (await client.FindAsync(conversation, login, default)).ShouldBeNull(login);
        (await client.FindAsync(conversation, "GRACE@example.org", default)).ShouldNotBeNull().Entry.ShouldBe(TestSlapd.EntryOf("grace"));
    }

    [SlapdFact]
    public async Task CheckPassword_EmptyWrongAndRight_OnlyTheRightOneIs()
    {
        await using var slapd = await TestSlapd.StartAsync(["grace"]);
        var client = Client(slapd.Options());
        var server = new LdapServer("localhost", slapd.TlsPort, true);

        await Should.ThrowAsync<ArgumentException>(() => client.CheckPasswordAsync(server, TestSlapd.EntryOf("grace"), "", default));
        (await client.CheckPasswordAsync(server, TestSlapd.EntryOf("grace"), "wrong", default)).ShouldNotBeNull().ShouldStartWith("49");
        (await client.CheckPasswordAsync(server, TestSlapd.EntryOf("grace"), TestSlapd.Password + "\0", default)).ShouldNotBeNull();
        (await client.CheckPasswordAsync(server, TestSlapd.EntryOf("nobody"), TestSlapd.Password, default)).ShouldNotBeNull();
        (await client.CheckPasswordAsync(server, TestSlapd.EntryOf("grace"), TestSlapd.Password, default)).ShouldBeNull();
    }

    [SlapdFact]
    public async Task Groups_NestedAndSearched_AreFound()
    {
        await using var slapd = await TestSlapd.StartAsync(["grace"]);
        await slapd.AddGroupAsync("ops", "grace");
        await slapd.AddGroupAsync("everyone", $"cn=ops,{TestSlapd.Base}");
        // A circle of groups has an end too.
        await slapd.ChangeAsync($"dn: cn=ops,{TestSlapd.Base}\nchangetype: modify\nadd: member\nmember: cn=everyone,{TestSlapd.Base}");

        (await GroupsAsync(slapd.Options())).ShouldBe(["ops"]);
        (await GroupsAsync(slapd.Options(o => (o.MemberOfAttribute, o.GroupFilter) = (null, "(member={dn})")))).ShouldBe(["ops"]);
        (await GroupsAsync(slapd.Options(o => (o.GroupFilter, o.NestedGroups) = ("(member={dn})", true)))).ShouldBe(["ops", "everyone"], ignoreOrder: true);
    }

    private static async Task<List<string>> GroupsAsync(DirectoryOptions options)
    {
        var client = Client(options);
        await using var conversation = await client.OpenAsync(null, default);
        var person = (await client.FindAsync(conversation, "grace", default)).ShouldNotBeNull();
        return [.. person.Groups.ShouldNotBeNull().Select(g => g[3..].Split(',')[0])];
    }

    private static DirectoryClient Client(DirectoryOptions options) => new(new SetOptions<DirectoryOptions>(options), TimeProvider.System);

    private static Task<LdapException> FailureAsync(DirectoryOptions options) => Should.ThrowAsync<LdapException>(async () => await (await Client(options).OpenAsync(null, default)).DisposeAsync());
}

internal static class LdapFailures
{
    public static void ShouldBe(this LdapException failure, LdapFault fault, string what, string words)
    {
        failure.Fault.ShouldBe(fault, $"{what}: {failure.Message} {failure.Detail}");
        failure.Message.ShouldContain(words);
    }
}
